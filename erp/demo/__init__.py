"""The demo: users, Northwind with two years of orders, a German and a Japanese company; it drives all others.

Start with ``load.py``. Nothing here runs in production unless an operator types ``erp demo load``.
"""
