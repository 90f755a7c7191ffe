"""A sales invoice, and the credit note that takes (part of) one back."""
