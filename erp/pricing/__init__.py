"""What things cost: price lists, and prices with the days on which they hold.

Start with ``item_price.py``; ``price_on`` is the rule.
"""
