"""Processes, not work: each starts one part of the product and imports ``erp``; nothing imports these."""
