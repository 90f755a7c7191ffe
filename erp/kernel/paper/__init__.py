"""Paper: what leaves or enters the house - files, prints, mail, imports, exports, comments, notifications, search."""
