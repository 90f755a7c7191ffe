"""Acceptance cases run through the product's own commands: this package reads, drives and compares; departments act.

Nothing here computes an expected figure: events become commands, answers are read back from documents and ledgers.
"""
