"""The companies themselves: who they are, their branches, the currencies they know and at which rates they convert.

Start with ``company.py``. Its books (chart, closing date, conventions) are an aspect that ``accounts`` adds.
"""
