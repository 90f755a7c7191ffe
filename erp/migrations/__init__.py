"""Changes of the schema, one a file, each repeatable."""
