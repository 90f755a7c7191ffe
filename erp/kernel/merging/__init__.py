"""Two people's changes of one document brought together: plain form data, no database, no request."""

from erp.kernel.merging.threeway import Line, Merged, Paper, Question, merge

__all__ = ["Line", "Merged", "Paper", "Question", "merge"]
