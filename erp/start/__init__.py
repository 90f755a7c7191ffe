"""The first run: from an empty installation to a company with books and an administrator, and the first steps after it.

It drives departments from above; nothing depends on it.
"""
