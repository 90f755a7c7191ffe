"""Machinery that knows no business noun: records, changes, rights, pages, live updates, work and paper."""
