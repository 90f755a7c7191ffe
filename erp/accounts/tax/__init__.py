"""Taxes with dated rates."""
