"""What the business sells, buys and keeps: items, their groups, and the units they are counted in.

Start with ``item.py``; ``unit.py`` holds the exact conversion between units.
"""
