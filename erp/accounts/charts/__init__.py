"""Charts of accounts that a new company may start with: one data file each, and the command that lays one out."""
