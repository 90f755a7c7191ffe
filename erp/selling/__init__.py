"""Order to cash: sales orders, sales invoices and credit notes.

Start with ``sales_order/model.py``; what every line of a sale has in common is in ``lines.py`` and ``fills.py``.
"""
