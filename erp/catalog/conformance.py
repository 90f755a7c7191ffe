"""Conversions between units as the acceptance cases ask for them."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from erp.catalog.unit import Measure, OtherDimension, convert
from erp.kernel.conformance.registry import plan
from erp.kernel.conformance.run import Run
from erp.kernel.errors import Problem, Problems

Rows = list[dict[str, Any]]
MODES = ("half_up", "up", "down")


def measure(run: Run, code: str) -> Measure:
    """Return a unit of the case."""
    about = run.given.get("units", {})[code]
    return Measure(code, about["dimension"], Fraction(about["factor"]))


def converted(amount: str, source: Measure, target: Measure) -> Decimal:
    """Return an amount in another unit; another dimension is refused."""
    try:
        return convert(Decimal(amount), source, target)
    except OtherDimension as refused:
        raise Problems([Problem("unit", "other_dimension", str(refused))]) from None


@plan("unit_conversion")
def unit_conversion(run: Run, about: dict[str, Any]) -> Rows:
    """Return quantities in another unit, and rounded to the precision asked for."""
    rows = []
    for row in about["rows"]:
        quantity = converted(row["qty"], measure(run, row["from"]), measure(run, row["to"]))
        rounded = quantity if "precision" not in about else run.facts["round"](quantity, Decimal(about["precision"]))
        rows.append({"qty": quantity, "rounded": rounded})
    return rows


@plan("unit_price_conversion")
def unit_price_conversion(run: Run, about: dict[str, Any]) -> Rows:
    """Return prices for another unit: a price converts the other way round than a quantity."""
    return [
        {"price": converted(row["price"], measure(run, row["to"]), measure(run, row["from"]))} for row in about["rows"]
    ]


@plan("unit_rounding")
def unit_rounding(run: Run, about: dict[str, Any]) -> Rows:
    """Return quantities as multiples of a precision in each mode."""
    rounded = run.facts["round"]
    return [
        {mode: rounded(Decimal(row["qty"]), Decimal(row["precision"]), mode) for mode in MODES} for row in about["rows"]
    ]
