"""How a payment is spread over what it pays: pure, in the currency of the payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from erp.accounts.rounding import ZERO, round_to
from erp.accounts.settlement.arithmetic import Open, Settled, discount_on, settle


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row of a payment asks for; amounts are positive, None means as much as there is."""

    items: tuple[Open, ...]
    amount: Decimal | None = None
    discount: Decimal | None = None
    write_off: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Spread:
    """What a row gets: the parts it settles, of the sign of the items, and how much of them is no money."""

    settled: tuple[Settled, ...] = ()
    discount: Decimal = ZERO
    write_off: Decimal = ZERO
    too_much: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """Return what is settled, signed as the items."""
        return sum((one.amount for one in self.settled), ZERO)

    @property
    def money(self) -> Decimal:
        """Return the part that money pays, signed as the items."""
        return self.amount - self.discount - self.write_off


def spread(
    wanted: Sequence[Wanted],
    amount: Decimal | None,
    sign: int,
    on: date,
    *,
    take_discount: bool,
    units: tuple[Decimal, Decimal],
) -> list[Spread]:
    """Spread a payment of ``amount`` (None: as much as is asked for) over its rows, in their order.

    ``sign`` is 1 for money received, which settles debit items; -1 for money paid. ``units`` are the minor units of
    the payment's and the company's currency.
    """
    left, used = amount, dict[str, Settled]()
    found = dict[int, Spread]()
    turned = {place for place, row in enumerate(wanted) if _gives_back(row, sign)}
    for place in sorted(range(len(wanted)), key=lambda place: (place not in turned, place)):
        row = wanted[place]
        items = [_less(item, used.get(item.key)) for item in row.items]
        way = -sign if place in turned else sign
        reach = None if place in turned else left
        spread_ = _spread_row(row, items, reach, way, on, take_discount=take_discount, units=units)
        found[place] = spread_
        for one in spread_.settled:
            before = used.get(one.item, Settled(one.item, ZERO, ZERO))
            used[one.item] = Settled(one.item, before.amount + one.amount, before.company + one.company)
        if left is not None:
            left -= sign * spread_.money
    return [found[place] for place in range(len(wanted))]


def _gives_back(row: Wanted, sign: int) -> bool:
    """Return whether a row takes a credit note off the payment: it is negative, or all that is open there is."""
    if row.amount is not None:
        return row.amount < 0
    return bool(row.items) and all(item.outstanding * sign < 0 for item in row.items)


def _less(item: Open, used: Settled | None) -> Open:
    """Return an item less what an earlier row of the same payment took of it."""
    if used is None:
        return item
    left = item.outstanding - used.amount
    return Open(item.key, left, item.outstanding_company - used.company, item.due, ZERO, None)


def _spread_row(
    row: Wanted, items: list[Open], left: Decimal | None, sign: int, on: date, *, take_discount: bool,
    units: tuple[Decimal, Decimal],
) -> Spread:  # fmt: skip
    due = [item for item in items if item.outstanding * sign > 0]
    whole = abs(sum((item.outstanding for item in due), ZERO))
    discount = row.discount or ZERO
    if row.discount is None and take_discount:
        discount = abs(sum((discount_on(item, on) for item in due), ZERO))
    total = None if row.amount is None else abs(row.amount)
    if total is None:
        total, discount = _as_much_as_there_is(whole, left, discount, row.write_off, units[0])
    elif row.discount is None and discount and total < whole:
        discount = _share_of_discount(discount, total, whole, units[0])
        total = min(total + discount, whole)
    settled, over = settle(due, sign * total, units[1])
    return Spread(tuple(settled), sign * discount, sign * row.write_off, abs(over))


def _as_much_as_there_is(
    whole: Decimal, left: Decimal | None, discount: Decimal, write_off: Decimal, unit: Decimal
) -> tuple[Decimal, Decimal]:
    """Return what to settle and the discount: of a payment that does not reach, the discount in proportion."""
    if left is None or left + discount + write_off >= whole:
        return whole, discount
    discount = _share_of_discount(discount, left, whole - write_off, unit)
    return max(left, ZERO) + discount + write_off, discount


def _share_of_discount(discount: Decimal, money: Decimal, whole: Decimal, unit: Decimal) -> Decimal:
    """Return the discount that goes with a part of the money that ``whole`` asks for."""
    asked = whole - discount
    return discount if money >= asked else round_to(discount * money / asked, unit)


def as_wanted(row: Any, items: Sequence[Open]) -> Wanted:
    """Return a row of a payment as a pure value."""
    return Wanted(tuple(items), row.amount, row.discount, row.write_off or ZERO)
