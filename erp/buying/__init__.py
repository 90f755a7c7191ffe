"""Request to payment: suppliers' invoices and what suppliers credit.

Start with ``purchase_invoice/model.py``: a new document is one short declaration.
"""
