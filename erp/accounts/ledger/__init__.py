"""The ledger: append-only entries, their order of knowledge, and the one place that writes them."""
