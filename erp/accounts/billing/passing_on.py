"""What goes over from one document to another in parts: lines by quantity, fixed amounts in proportion. Pure.

The last part takes what is left, so that the parts add up to the whole to the cent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from erp.accounts.billing.compute import figures_of
from erp.accounts.billing.crediting import Part
from erp.accounts.billing.figures import HUNDRED, ONE, Allowance
from erp.accounts.billing.shapes import number
from erp.accounts.billing.totals import line_amount
from erp.accounts.conventions import Conventions
from erp.accounts.rounding import ZERO, round_to
from erp.kernel.change import decimal_text

COPIED = (
    "item_id", "description", "unit_id", "price", "base_quantity", "discount_percent", "tax_codes", "account_id",
    "deductible_percent", "dimensions",
)  # fmt: skip
ROWS = (("allowances", ("amount", "base")), ("charges", ("amount",)), ("manual_taxes", ("amount", "base")))


@dataclass(frozen=True, slots=True)
class Passing:
    """How a document goes over into another: ``sign`` is -1 where it is given back.

    ``upto`` is the share that has gone over once this part has, ``earlier`` are the documents before it, and
    ``earlier_lines`` their lines by the line of the source.
    """

    sign: int
    ways: Conventions
    upto: Decimal = Decimal(1)
    earlier: Sequence[Any] = ()
    earlier_lines: Mapping[int, Sequence[Any]] | None = None
    side: str = "sale"

    @property
    def is_whole(self) -> bool:
        """Return whether all of the source goes over at once."""
        return self.upto == 1 and not self.earlier

    def part_of(self, whole: Decimal, before: Iterable[Decimal]) -> Decimal:
        """Return what of a fixed amount goes over now: its share by now less what went before, never beyond it."""
        gone = self.sign * sum(before, ZERO)
        now, rest = round_to(whole * self.upto, self.ways.rounding_unit) - gone, whole - gone
        least, most = sorted((ZERO, rest)) if rest * whole > 0 else (ZERO, ZERO)
        return self.sign * min(max(now, least), most)


def taken_by(lines: Iterable[Any], source: Any, sign: int, cent: Decimal) -> Decimal:
    """Return the quantity that lines of other documents took of a line, or gave back of it; signed as the line.

    What is given back at less than its price is a reduction: it takes money back, no goods.
    """
    counted = [line for line in lines if sign > 0 or not is_reduction(line, source, cent)]
    return sign * sum((line.quantity for line in counted), ZERO)


def is_reduction(line: Any, source: Any, cent: Decimal) -> bool:
    """Return whether a line of a credit note lowers the price of goods that stay, by more than a rounding."""
    quantity = ONE if line.quantity is None else line.quantity
    return bool(abs(quantity) * (abs(_unit_price(source)) - abs(_unit_price(line))) > cent)


def fits(line: Any, source: Any, left: Decimal, cent: Decimal) -> bool:
    """Return whether a line of a credit note can be about a line of the invoice: not dearer, and enough is left."""
    quantity = ONE if line.quantity is None else line.quantity
    dearer = line.price is not None and abs(quantity) * (abs(_unit_price(line)) - abs(_unit_price(source))) > cent
    return not dearer and (is_reduction(line, source, cent) or abs(quantity) <= abs(left))


def _unit_price(line: Any) -> Decimal:
    """Return what one unit comes to: by hand where there is no price."""
    if not line.price and line.amount_given is not None and line.quantity:
        return Decimal(line.amount_given / line.quantity)
    price, base = line.price or ZERO, line.base_quantity or ONE
    return Decimal(price / base * (HUNDRED - (line.discount_percent or ZERO)) / HUNDRED)


def share_of(taken: Mapping[int, Decimal], lines: Iterable[Any]) -> Decimal:
    """Return which share of a document's line amounts the quantities taken of its lines are: 1 for all of it."""
    whole, part = ZERO, ZERO
    for line in lines:
        whole += line.amount
        part += line.amount * taken.get(line.id, ZERO) / line.quantity if line.quantity else ZERO
    return part / whole if whole else Decimal(1)


def booked_amount(line: Any, side: str, ways: Conventions) -> Decimal:
    """Return the amount of a line as it is rounded when made, before any discount on the whole document."""
    return round_to(line_amount(figures_of(line, side)), ways.rounding_unit, ways.rounding_mode)


def line_payload(part: Part, passing: Passing) -> dict[str, Any]:
    """Return a line of a new document that takes ``part``; names as the API has them."""
    line, payload = part.line, {}
    for name in COPIED:
        value = getattr(line, name, None)
        if value is not None:
            payload[name.removesuffix("_id")] = value
    payload["quantity"] = passing.sign * part.quantity
    share = part.quantity / line.quantity if line.quantity else Decimal(1)
    if line.allowances:
        payload["allowances"] = [_scaled(row, passing.sign * share, passing.ways) for row in line.allowances]
    given = _amount_given(part, share, passing)
    if given is not None or line.amount_given is not None:
        payload["amount_given"] = given
    return payload


def _scaled(row: dict[str, Any], factor: Decimal, ways: Conventions) -> dict[str, Any]:
    named = [name for name in ("amount", "base") if row.get(name) not in (None, "")]
    return row | {name: decimal_text(round_to(number(row[name]) * factor, ways.rounding_unit)) for name in named}


def _amount_given(part: Part, share: Decimal, passing: Passing) -> Decimal | None:
    """Return the amount a line must state: its share of one given by hand; with the last part, the cent left over."""
    line, ways = part.line, passing.ways
    before = (passing.earlier_lines or {}).get(line.id, ())
    own = round_to(booked_amount(line, passing.side, ways) * share, ways.rounding_unit)
    if line.amount_given is None:
        figures = figures_of(line, passing.side)
        scaled = tuple(_allowance(one, share, ways) for one in figures.allowances)
        figures = replace(figures, quantity=part.quantity, allowances=scaled)
        own = round_to(line_amount(figures), ways.rounding_unit, ways.rounding_mode)
    if not before or taken_by(before, line, passing.sign, ways.rounding_unit) + part.quantity != line.quantity:
        return None if line.amount_given is None else passing.sign * own
    gone = passing.sign * sum((booked_amount(one, passing.side, ways) for one in before), ZERO)
    rest = booked_amount(line, passing.side, ways) - gone
    cents = ways.rounding_unit * (len(before) + 1)
    reduced = passing.sign < 0 and abs(rest) < abs(own)
    if line.amount_given is None and (rest == own or not (reduced or abs(rest - own) <= cents)):
        return None
    return passing.sign * rest


def _allowance(one: Allowance, share: Decimal, ways: Conventions) -> Allowance:
    amount, base = (None if x is None else round_to(x * share, ways.rounding_unit) for x in (one.amount, one.base))
    return replace(one, amount=amount, base=base)


def head_payload(document: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the named columns of a document as a payload for one that is made from it; empty ones left out."""
    values = {name: getattr(document, name) for name in names}
    return {name.removesuffix("_id"): value for name, value in values.items() if value not in (None, "", ZERO)}


def fixed_amounts(document: Any, passing: Passing) -> dict[str, Any]:
    """Return discount, allowances, charges and taxes by hand of a document, as far as this part takes them over."""
    payload: dict[str, Any] = {}
    if document.discount:
        before = [one.discount for one in passing.earlier]
        payload["discount"] = _passed(document.discount, ("amount",), before, passing)
    for name, figures in ROWS:
        rows = getattr(document, name, None)
        if rows:
            earlier = [getattr(one, name) or () for one in passing.earlier]
            payload[name] = [
                _passed(row, figures, [own[place] for own in earlier if place < len(own)], passing)
                for place, row in enumerate(rows)
            ]
    for name in ("rounding_given", "company_amount"):
        if getattr(document, name) is not None and passing.is_whole:
            payload[name] = getattr(document, name) * passing.sign
    return payload


def _passed(row: dict[str, Any], names: Iterable[str], before: Iterable[Any], passing: Passing) -> dict[str, Any]:
    earlier = [one for one in before if one]
    named = [name for name in names if row.get(name) not in (None, "")]
    return row | {
        name: decimal_text(passing.part_of(number(row[name]), [number(one.get(name)) for one in earlier]))
        for name in named
    }
