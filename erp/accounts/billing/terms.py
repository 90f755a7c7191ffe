"""Terms of payment: which parts of a document are due when, and how long an early payment earns a discount."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from erp.accounts.billing.figures import HUNDRED, ONE, ZERO, Totals
from erp.accounts.conventions import Conventions
from erp.accounts.rounding import round_to


@dataclass(frozen=True, slots=True)
class TermLine:
    """One line of terms.

    ``kind``: percent (of what is left), percent_of_total, fixed, equal (total / ``parts``, cut to the unit),
    remainder, net_part, tax_part. Due: add months, then set the day of the month, then add days.
    """

    kind: str = "remainder"
    percent: Decimal = ZERO
    amount: Decimal = ZERO
    parts: int = 1
    months: int = 0
    days: int = 0
    set_day: int | None = None
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    discount_days: int | None = None


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a document that is due on a day; ``discount`` may be taken up to and including ``discount_until``."""

    due: date
    amount: Decimal
    discount_until: date | None = None
    discount: Decimal = ZERO


def instalments(
    amount: Decimal,
    on: date,
    terms: Sequence[TermLine],
    ways: Conventions,
    *,
    net: Decimal | None = None,
    tax: Decimal = ZERO,
    discountable: Decimal = ONE,
) -> list[Instalment]:
    """Return the instalments of ``amount``; parts that come to nothing are left out, never all of them.

    What no line covers joins the last one, so that the instalments always add up. ``discountable`` is the share of
    each amount that a percentage of discount is taken of.
    """
    if not amount:
        return [Instalment(on, amount)]
    left, result = amount, []
    for line in terms:
        part = _part(line, amount, left, ways, net=amount - tax if net is None else net, tax=tax)
        left -= part
        result.append(Instalment(due_date(line, on), part, *_discount(line, on, part * discountable, ways)))
    if left:
        last = result.pop() if result else Instalment(on + timedelta(days=ways.due_days), ZERO)
        result.append(_enlarged(last, left, terms[-1] if terms else TermLine(), on, ways, discountable=discountable))
    return [instalment for instalment in result if instalment.amount]


def _enlarged(
    last: Instalment, left: Decimal, line: TermLine, on: date, ways: Conventions, *, discountable: Decimal
) -> Instalment:
    amount = last.amount + left
    until, discount = _discount(line, on, amount * discountable, ways)
    return replace(last, amount=amount, discount_until=until, discount=discount)


def _part(line: TermLine, whole: Decimal, left: Decimal, ways: Conventions, *, net: Decimal, tax: Decimal) -> Decimal:
    match line.kind:
        case "percent":
            part = left * line.percent / HUNDRED
        case "percent_of_total":
            part = whole * line.percent / HUNDRED
        case "fixed":
            part = line.amount.copy_sign(whole)
        case "equal":
            return (whole / line.parts / ways.rounding_unit).quantize(Decimal(1), ROUND_DOWN) * ways.rounding_unit
        case "net_part":
            part = net
        case "tax_part":
            part = tax
        case _:
            part = left
    return round_to(part, ways.rounding_unit)


def due_date(line: TermLine, on: date) -> date:
    """Return the day a line of terms makes a document of ``on`` due."""
    month = on.month - 1 + line.months
    year, month = on.year + month // 12, month % 12 + 1
    day = min(line.set_day or on.day, monthrange(year, month)[1])
    return date(year, month, day) + timedelta(days=line.days)


def _discount(line: TermLine, on: date, amount: Decimal, ways: Conventions) -> tuple[date | None, Decimal]:
    if line.discount_days is None:
        return None, ZERO
    discount = line.discount_amount.copy_sign(amount)
    if not discount:
        discount = round_to(amount * line.discount_percent / HUNDRED, ways.rounding_unit)
    return on + timedelta(days=line.discount_days), discount


def early_discount_percent(terms: Sequence[TermLine]) -> Decimal:
    """Return the discount that terms of a single instalment promise for early payment."""
    return terms[0].discount_percent if len(terms) == 1 else ZERO


def instalments_of(
    totals: Totals, on: date, terms: Sequence[TermLine], ways: Conventions, *, due: date | None = None
) -> tuple[Totals, list[Instalment]]:
    """Return the instalments of a document, and its totals with what rounding each of them for cash adds."""
    amount = totals.total + totals.rounding
    if due is not None:
        parts = [Instalment(due, amount)]
    else:
        net = totals.total - totals.tax
        lines = terms or [TermLine(days=ways.due_days)]
        discountable = totals.net / amount if ways.discount_tax == "on_invoice" and amount else ONE
        parts = instalments(amount, on, lines, ways, net=net, tax=totals.tax, discountable=discountable)
    if ways.cash_rounding_unit is None or ways.cash_rounding_scope != "instalment":
        return totals, parts
    parts = [replace(part, amount=round_to(part.amount, ways.cash_rounding_unit)) for part in parts]
    added = sum((part.amount for part in parts), ZERO) - amount
    return replace(totals, rounding=totals.rounding + added, payable=totals.payable + added), parts
