"""Matching open items that stand against each other: what each gives, what is written off, what exchange made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from erp.accounts.rounding import ZERO, round_to
from erp.accounts.settlement.arithmetic import Open, Settled, settle


@dataclass(frozen=True, slots=True)
class Matched:
    """Items of both signs that settle each other, and what must be booked so that they do.

    ``rest`` is what is written off, of its sign, in the items' currency; ``adjusted`` is the item it is booked on;
    ``difference`` is the company amount by which the two sides differ, the rest included.
    """

    debits: tuple[Settled, ...]
    credits: tuple[Settled, ...]
    rest: Decimal = ZERO
    difference: Decimal = ZERO
    adjusted: str = ""


def match(items: Sequence[Open], unit: Decimal, *, write_off: bool) -> Matched:
    """Match items oldest first; without ``write_off`` only as far as both sides reach.

    Items that have nothing left but a company amount are closed by their difference alone.
    """
    whole = sum((item.outstanding for item in items), ZERO)
    if write_off or not whole:
        return _all_of(items, whole)
    plus = [item for item in items if item.outstanding > 0]
    minus = [item for item in items if item.outstanding < 0]
    reach = min(sum((i.outstanding for i in plus), ZERO), -sum((i.outstanding for i in minus), ZERO))
    debits, _left = settle(plus, reach, unit)
    credits_, _left = settle(minus, -reach, unit)
    difference = sum((one.company for one in (*debits, *credits_)), ZERO)
    adjusted = debits[0].item if debits else ""
    return _adjusted(Matched(tuple(debits), tuple(credits_), ZERO, difference, adjusted))


def _all_of(items: Sequence[Open], whole: Decimal) -> Matched:
    settled = [Settled(item.key, item.outstanding, item.outstanding_company) for item in items]
    difference = sum((one.company for one in settled), ZERO)
    side = [one for one in settled if one.amount * whole > 0] or settled
    biggest = max(side, key=lambda one: abs(one.amount)).item if side else ""
    debits = tuple(one for one in settled if one.amount > 0)
    credits_ = tuple(one for one in settled if one.amount <= 0)
    return _adjusted(Matched(debits, credits_, whole, difference, biggest))


def _adjusted(found: Matched) -> Matched:
    """Return the match with the adjusted item at what it settles once rest and difference are booked on it."""

    def less(one: Settled) -> Settled:
        if one.item != found.adjusted:
            return one
        return Settled(one.item, one.amount - found.rest, one.company - found.difference)

    return Matched(
        tuple(less(one) for one in found.debits), tuple(less(one) for one in found.credits), found.rest,
        found.difference, found.adjusted,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A part of a debit item settled by a credit item; company amounts of each by itself."""

    item: str
    against: str
    amount: Decimal
    company: Decimal
    against_company: Decimal


def pairs(found: Matched, unit: Decimal) -> list[Pair]:
    """Return which debit item is settled by which credit item, in order; each item's company amount is used up."""
    left = [[-one.amount, -one.company] for one in found.credits]
    result: list[Pair] = []
    place = 0
    for debit in found.debits:
        amount, company = debit.amount, debit.company
        while amount and place < len(left):
            rest, rest_company = left[place]
            part = min(amount, rest)
            own = company if part == amount else round_to(company * part / amount, unit)
            other = rest_company if part == rest else round_to(rest_company * part / rest, unit)
            result.append(Pair(debit.item, found.credits[place].item, part, own, -other))
            amount, company = amount - part, company - own
            left[place] = [rest - part, rest_company - other]
            if rest == part:
                place += 1
    return result
