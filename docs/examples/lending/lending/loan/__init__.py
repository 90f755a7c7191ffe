"""A loan: who took which tools, until when, and what that costs. Start in ``model.py``."""
