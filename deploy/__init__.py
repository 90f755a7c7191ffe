"""How the product comes onto a machine and runs there; nothing here is imported by the product itself."""
