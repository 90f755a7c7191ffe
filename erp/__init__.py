"""Daifuku, the ledger of a trading house. One department a line, in reading order.

company     companies, branches, currencies and their rates
people      employees
parties     customers, suppliers, contacts
catalog     items, groups, units
pricing     price lists
accounts    chart, ledger, taxes, payments, journals, statements
selling     orders, invoices, credit notes
buying      suppliers' invoices
start       the first run and the first steps
"""

DEPARTMENTS = ("company", "people", "parties", "catalog", "pricing", "accounts", "selling", "buying", "start")
