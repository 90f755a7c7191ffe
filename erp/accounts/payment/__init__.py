"""Payments: money received or paid, and the open items it settles."""
