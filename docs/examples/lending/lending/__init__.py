"""A lending desk: tools that customers take away for some days, and pay for. Start reading in ``loan/model.py``."""
