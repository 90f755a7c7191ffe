"""Computing a checked condition from facts; nothing here can fail but by a fact of the wrong type."""

from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

from erp.kernel.expressions.functions import FUNCTIONS
from erp.kernel.expressions.syntax import Node

Find = Callable[[str], Any]


class Lines(list[Any]):
    """One value for each line."""


def evaluate(node: Node, find: Find) -> Any:
    """Return the value of a condition; ``find`` gives the value of a name, a list where it has one for each line.

    What is empty makes a calculation empty and a comparison false, but for ``= empty`` and ``!= empty``. A division by
    zero is empty.
    """
    if node.what == "value":
        return node.value
    if node.what == "name":
        return _fact(find(node.word))
    if node.what == "call":
        return _call(node, find)
    if node.what in {"and", "or"}:
        return _joined(node, find)
    if node.what == "in":
        return _inside(node, find)
    parts = [evaluate(part, find) for part in node.parts]
    return _spread(OPERATIONS[node.what], parts)


def _fact(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return Lines(_fact(one) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _spread(act: Callable[..., Any], parts: list[Any]) -> Any:
    """Apply an operation to single values, or to the values of each line."""
    lengths = [len(part) for part in parts if isinstance(part, Lines)]
    if not lengths:
        return act(*parts)
    rows = min(lengths)
    return Lines(act(*(part[row] if isinstance(part, Lines) else part for part in parts)) for row in range(rows))


def _joined(node: Node, find: Find) -> Any:
    left = evaluate(node.parts[0], find)
    stop = node.what == "or"
    if not isinstance(left, Lines) and bool(left) is stop:
        return stop
    right = evaluate(node.parts[1], find)
    act = (lambda a, b: bool(a) or bool(b)) if stop else (lambda a, b: bool(a) and bool(b))
    return _spread(act, [left, right])


def _inside(node: Node, find: Find) -> Any:
    wanted, places = evaluate(node.parts[0], find), node.parts[1]
    known = [evaluate(part, find) for part in places.parts] if places.what == "list" else evaluate(places, find)
    return _spread(lambda value: value is not None and any(_equal(value, one) for one in known), [wanted])


def _call(node: Node, find: Find) -> Any:
    function = FUNCTIONS[node.word]
    parts = [evaluate(part, find) for part in node.parts]
    if any(kind.of for kind in function.takes):
        return function.act(parts[0])
    return _spread(lambda *values: None if None in values else function.act(*values), parts)


def _number(act: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Any, Any], Any]:
    def compute(left: Any, right: Any) -> Any:
        if left is None or right is None:
            return None
        try:
            return act(left, right)
        except (DivisionByZero, InvalidOperation):
            return None

    return compute


def _order(act: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: left is not None and right is not None and act(left, right)


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return bool(left == right)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "not": lambda value: not value,
    "negative": lambda value: None if value is None else -value,
    "+": _number(lambda a, b: a + b), "-": _number(lambda a, b: a - b),
    "*": _number(lambda a, b: a * b), "/": _number(lambda a, b: a / b),
    "=": _equal, "!=": lambda a, b: not _equal(a, b),
    "<": _order(lambda a, b: a < b), "<=": _order(lambda a, b: a <= b),
    ">": _order(lambda a, b: a > b), ">=": _order(lambda a, b: a >= b),
}  # fmt: skip
