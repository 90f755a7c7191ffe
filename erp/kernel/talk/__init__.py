"""Conversation about records: comments, signs, who is asked to do something, who follows, and what each is told.

Begin with ``comments.py``; ``centre.py`` is what one has to read, ``timeline.py`` joins everything at the record.
"""
