"""Reconciliations: open items matched with each other, with what is written off and what exchange made of it."""
