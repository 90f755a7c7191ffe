"""Paper: what leaves or enters the house - files, prints, mail, imports, exports, notifications, search."""
