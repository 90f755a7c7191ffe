"""The realtime process: sockets and rooms. It imports no department, no database and no business code."""
