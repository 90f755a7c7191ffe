"""Arithmetic of settling open items: shares of company amounts, discounts, tolerance, ageing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from erp.accounts.rounding import ZERO, round_to


@dataclass(frozen=True, slots=True)
class Open:
    """An open item as far as settling goes. Signed, debit positive; company amounts beside those of the currency."""

    key: str
    outstanding: Decimal
    outstanding_company: Decimal
    due: date | None = None
    discount: Decimal = ZERO
    discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How much of an open item is settled; the signs are those of the item."""

    item: str
    amount: Decimal
    company: Decimal


def settle(items: Sequence[Open], amount: Decimal, unit: Decimal) -> tuple[list[Settled], Decimal]:
    """Settle the items oldest first with ``amount`` (of their sign); return what was settled and what is left."""
    result = []
    for item in sorted(items, key=lambda item: (item.due is not None, item.due or date.min, item.key)):
        part = smaller(item.outstanding, amount)
        if part:
            result.append(settled_part(item, part, unit))
            amount -= part
    return result, amount


def smaller(outstanding: Decimal, amount: Decimal) -> Decimal:
    """Return what an amount can settle of an outstanding one: nothing when their signs differ."""
    if outstanding * amount <= 0:
        return ZERO
    return min(outstanding, amount, key=abs)


def settled_part(item: Open, part: Decimal, unit: Decimal) -> Settled:
    """Settle ``part`` of an item at the company amount it is booked with, in proportion; the rest with the last."""
    if part == item.outstanding:
        return Settled(item.key, part, item.outstanding_company)
    return Settled(item.key, part, round_to(item.outstanding_company * part / item.outstanding, unit))


def discount_on(item: Open, on: date) -> Decimal:
    """Return the cash discount that may still be taken on a day, of the sign of the item."""
    if item.discount_until is None or on > item.discount_until:
        return ZERO
    return smaller(item.outstanding, item.discount)


def discount_shares(
    discount: Decimal, whole: Decimal, taxes: Iterable[tuple[int, Decimal]], unit: Decimal
) -> list[tuple[int, Decimal]]:
    """Return how much of a discount lowers each tax: its share of the gross amount of the document."""
    return [(tax, round_to(discount * amount / whole, unit)) for tax, amount in taxes] if whole else []


BUCKETS = (0, 30, 60, 90)


def age_bucket(due: date | None, as_of: date, limits: Sequence[int] = BUCKETS) -> int:
    """Return the place of an item in an ageing: 0 not due yet, then one a limit of days overdue."""
    overdue = (as_of - due).days if due else 0
    return sum(1 for limit in limits if overdue > limit)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What is still accepted as full payment: late by some days, or short by a little on each invoice."""

    discount_until: date
    grace_days: int = 0
    each: Decimal = ZERO
    grant_late_discount: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a payment closes its invoices. ``tolerance`` is positive when underpaid and accepted."""

    discount_taken: bool
    closed: bool
    late_discount: Decimal = ZERO
    tolerance: Decimal = ZERO
    remaining: Decimal = ZERO
    remaining_on: str | None = None


def judge_payment(
    invoices: Sequence[tuple[Decimal, Decimal]], payment: Decimal, on: date, allowed: Tolerance
) -> Judged:
    """Judge a payment of invoices given as (amount, discount): discount, tolerance, and what remains open.

    Within the days of grace a late discount is used only where the payment needs it.
    """
    amount = sum((invoice for invoice, _ in invoices), ZERO)
    discount = sum((part for _, part in invoices), ZERO)
    most = allowed.each * len(invoices)
    if on <= allowed.discount_until:
        return _judged(amount - discount, payment, most, discount_taken=True, late=ZERO)
    in_grace = on <= allowed.discount_until + timedelta(days=allowed.grace_days)
    needed = abs(amount - payment) > most and abs(amount - discount - payment) <= most
    if in_grace and needed and allowed.grant_late_discount:
        return _judged(amount - discount, payment, most, discount_taken=True, late=discount)
    return _judged(amount, payment, most, discount_taken=False, late=ZERO)


def _judged(due: Decimal, payment: Decimal, most: Decimal, *, discount_taken: bool, late: Decimal) -> Judged:
    short = due - payment
    if abs(short) <= most:
        return Judged(discount_taken, closed=True, late_discount=late, tolerance=short)
    if short < 0:
        return Judged(discount_taken, closed=True, late_discount=late, remaining=-short, remaining_on="payment")
    return Judged(discount_taken, closed=False, late_discount=late, remaining=short, remaining_on="invoice")
