"""The statements of accounts: each reads the ledger on one snapshot, as of a day and as known at a moment."""
