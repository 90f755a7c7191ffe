"""What every billable document shares: orders, invoices and credit notes of both sides.

``totals.py`` adds a document up, ``taxes.py`` taxes it, ``terms.py`` says when it is due, ``entries.py`` books it.
"""
