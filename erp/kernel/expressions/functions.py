"""What a condition may call. Each names the types it takes and gives; an empty value in gives an empty one out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from erp.kernel.expressions.types import DATE, NUMBER, TEXT, TRUTH, Kind

LINES = "lines"
"""Marks a parameter that takes one value for each line."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: parameter types ("lines number" takes a list), the type of its result, and how it is computed."""

    takes: tuple[Kind, ...]
    gives: Kind
    act: Callable[..., Any]
    help: str


def _over(base: Kind) -> Kind:
    return Kind(base.base, LINES)


def _filled(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not None]


def _round(value: Decimal, places: Decimal) -> Decimal | None:
    try:
        return value.quantize(
            Decimal(1).scaleb(-int(str(max(Decimal(-6), min(Decimal(9), places)).to_integral_value()))),
            rounding=ROUND_HALF_UP,
        )
    except InvalidOperation:
        return None


def _days(start: date, end: date) -> Decimal:
    return Decimal((end - start).days)


FUNCTIONS: dict[str, Function] = {
    "sum": Function((_over(NUMBER),), NUMBER, lambda values: sum(_filled(values), Decimal(0)), "sum(lines.amount)"),
    "min": Function((_over(NUMBER),), NUMBER, lambda values: min(_filled(values), default=None), "min(lines.price)"),
    "max": Function((_over(NUMBER),), NUMBER, lambda values: max(_filled(values), default=None), "max(lines.price)"),
    "count": Function(
        (_over(TRUTH),), NUMBER, lambda values: Decimal(sum(map(bool, values))), "count(lines.amount > 5)"
    ),
    "any": Function((_over(TRUTH),), TRUTH, any, "any(lines.discount_percent > 10)"),
    "all": Function((_over(TRUTH),), TRUTH, all, "all(lines.quantity <= 100)"),
    "abs": Function((NUMBER,), NUMBER, abs, "abs(total)"),
    "round": Function((NUMBER, NUMBER), NUMBER, _round, "round(total, 0)"),
    "days": Function((DATE, DATE), NUMBER, _days, "days(order_date, delivery_date)"),
    "contains": Function(
        (TEXT, TEXT), TRUTH, lambda text, part: part.casefold() in text.casefold(), 'contains(notes, "urgent")'
    ),
    "starts": Function(
        (TEXT, TEXT), TRUTH, lambda text, part: text.casefold().startswith(part.casefold()), 'starts(code, "A")'
    ),
}
"""Comparisons with something empty are false; only ``= empty`` and ``!= empty`` ask for it."""
