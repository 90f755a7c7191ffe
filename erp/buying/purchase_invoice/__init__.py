"""A supplier's invoice, and the credit note by which he takes (part of) one back."""
