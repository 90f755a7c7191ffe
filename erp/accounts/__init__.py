"""Accounts: the chart, the ledger, taxes, terms, journals, payments, open items and what they report.

Start with ``ledger/entry.py`` (what a booking is) and ``billing/totals.py`` (what a billable document adds up to).
"""

MODULES: tuple[str, ...] = ()
