"""The database as an installation has it: its schema, its migrations, its two users' rights."""
