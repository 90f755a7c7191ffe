"""A small safe language for conditions: typed names, decimal arithmetic, lists of lines; nothing else can be said in it.

``parse`` reads a text, ``check`` finds its type against known names, ``evaluate`` computes it from facts.
"""

from erp.kernel.expressions.checking import check
from erp.kernel.expressions.computing import evaluate
from erp.kernel.expressions.syntax import Broken, Node, names_in, parse
from erp.kernel.expressions.types import DATE, NUMBER, TEXT, TRUTH, Kind, many

__all__ = [
    "DATE", "NUMBER", "TEXT", "TRUTH", "Broken", "Kind", "Node", "check", "evaluate", "many", "names_in", "parse",
]  # fmt: skip
