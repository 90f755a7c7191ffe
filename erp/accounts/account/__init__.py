"""The chart of accounts: a tree of accounts for each company, and which account plays which role."""
