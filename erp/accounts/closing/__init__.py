"""Closing: income and expense of a year carried to retained earnings, and open foreign items valued anew."""
