"""Reconciliations: open items matched with each other, with what is written off and what the exchange rate made of it."""
