"""Whom the business deals with: customers, suppliers, and the people there.

Start with ``party.py`` (what both sides have in common). Terms and accounts of a party are aspects of ``accounts``.
"""
