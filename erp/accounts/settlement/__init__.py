"""Settlement: what is open, who pays what, and what a discount or an exchange rate makes of it."""
