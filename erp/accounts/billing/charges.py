"""Charge rows after the lines of a document: each is rounded, later rows build on the rounded amounts."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from erp.accounts.billing.figures import HUNDRED, ZERO, Charge, ChargeTotal
from erp.accounts.conventions import Conventions
from erp.accounts.rounding import round_to

Rows = list[ChargeTotal]


def charge_rows(
    charges: Sequence[Charge], lines: Sequence[Decimal], net: Decimal, running: Decimal, ways: Conventions
) -> Rows:
    """Return the charge rows; ``running`` is the total of the document before them."""
    rows: Rows = []
    for charge in charges:
        exact = _BASES[charge.basis](charge, lines, net, rows)
        amount = round_to(exact, ways.rounding_unit, ways.rounding_mode)
        running += amount
        rows.append(ChargeTotal(charge.name, amount, running))
    return rows


def _by_lines(charge: Charge, lines: Sequence[Decimal], _net: Decimal, _rows: Rows) -> Decimal:
    return sum((line * rate / HUNDRED for line, rate in zip(lines, charge.line_rates, strict=False)), ZERO)


Base = Callable[[Charge, Sequence[Decimal], Decimal, Rows], Decimal]
_BASES: dict[str, Base] = {
    "actual": lambda charge, _lines, _net, _rows: charge.amount,
    "net": lambda charge, _lines, net, _rows: net * charge.rate / HUNDRED,
    "lines": _by_lines,
    "row_amount": lambda charge, _lines, _net, rows: rows[charge.row - 1].amount * charge.rate / HUNDRED,
    "row_total": lambda charge, _lines, _net, rows: rows[charge.row - 1].running_total * charge.rate / HUNDRED,
}


def without_included(charges: Sequence[Charge], lines: Sequence[Decimal]) -> list[Decimal]:
    """Return the line amounts less the charges that their prices already hold; unrounded.

    A fixed charge is taken off in proportion; rates are divided out, row upon row.
    """
    fixed = sum((charge.amount for charge in charges if charge.included and charge.basis == "actual"), ZERO)
    whole = sum(lines, ZERO)
    result = []
    for place, line in enumerate(lines):
        part = line * fixed / whole if whole else ZERO
        result.append((line - part) / (1 + _included_fraction(charges, place)))
    return result


def _included_fraction(charges: Sequence[Charge], place: int) -> Decimal:
    """Return how much of one unit of net the included rate charges add to a line."""
    fractions: list[Decimal] = []
    totals: list[Decimal] = []
    running, included = Decimal(1), ZERO
    for charge in charges:
        fraction = _fraction(charge, place, fractions, totals)
        running += fraction
        fractions.append(fraction)
        totals.append(running)
        included += fraction if charge.included else ZERO
    return included


def _fraction(charge: Charge, place: int, fractions: list[Decimal], totals: list[Decimal]) -> Decimal:
    if charge.basis == "actual":
        return ZERO
    if charge.basis == "net":
        return charge.rate / HUNDRED
    if charge.basis == "lines":
        return charge.line_rates[place] / HUNDRED if place < len(charge.line_rates) else ZERO
    before = fractions if charge.basis == "row_amount" else totals
    return before[charge.row - 1] * charge.rate / HUNDRED
