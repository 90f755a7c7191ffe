"""Terms of payment: parts, days and discounts."""
