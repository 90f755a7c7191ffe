"""What a payment must be, and what is filled in from the documents it pays."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from erp.accounts.billing.shapes import currency_problems, manual_tax_problems, number, too_precise
from erp.accounts.payment.facts import PaymentFacts, payment_facts, reading_facts
from erp.accounts.payment.model import Payment, PaymentAllocation
from erp.accounts.payment.settling import items_for, spread_of
from erp.accounts.rounding import ZERO, is_finer
from erp.accounts.settlement.model import OpenItem
from erp.kernel.change import Submitted, Work, after, checks, computes, fills_in, valid_if, visible
from erp.kernel.change.values import whole
from erp.kernel.errors import NotFound, Problem, Problems
from erp.kernel.records import Record, Voucher, all_kinds
from erp.kernel.records.types import normal_code
from erp.kernel.text import _


def kind_named(name: str) -> type[Record]:
    """Return a kind of voucher by its name as scripts write it: sales_invoice, sales-invoice, sales-invoices."""
    plain = name.replace("-", "_")
    for kind in all_kinds():
        if issubclass(kind, Voucher) and plain in (kind.__kind__, kind.__collection__.replace("-", "_")):
            return kind
    raise NotFound


def voucher_behind(work: Work, company_id: int, named: Any) -> tuple[str, int] | None:
    """Return the document that ``{kind, number | id}`` or a number alone names; None when the actor sees none such."""
    named = fully_named(work, company_id, named if isinstance(named, dict) else {"number": str(named or "")})
    try:
        kind: Any = kind_named(str(named.get("kind", "")))
    except NotFound:
        return None
    query = select(kind.id).where(kind.company_id == company_id, visible(work.actor, kind))
    if named.get("number"):
        query = query.where(kind.number == normal_code(str(named["number"])))
    else:
        query = query.where(kind.id == (whole(named.get("id")) or 0))
    found = work.session.scalar(query)
    return None if found is None else (kind.__kind__, found)


def fully_named(work: Work, company_id: int, named: dict[str, Any]) -> dict[str, Any]:
    """Return what a person typed as a bare number as the document that has this number among the open items."""
    if named.get("kind") or not named.get("number"):
        return named
    table = OpenItem
    query = select(table.voucher_kind, table.voucher_id, table.voucher_number).where(
        table.company_id == company_id, table.voucher_number == normal_code(str(named["number"]))
    )
    row = work.session.execute(query.limit(1)).one_or_none()
    return named if row is None else {"kind": row[0], "id": row[1], "number": row[2]}


def find_documents(work: Work, payment: Payment) -> PaymentFacts:
    """Resolve the documents that the rows name, then find what is open of them."""
    wrong = [*manual_tax_problems(payment), *currency_problems(payment.currency, payment.rate)]
    if wrong:
        raise Problems(wrong)
    for row in payment.allocations:
        row.voucher = fully_named(work, payment.company_id, row.voucher or {})
        row.voucher_kind, row.voucher_id = voucher_behind(work, payment.company_id, row.voucher) or (None, None)
    return reading_facts(work, payment)


@fills_in(Payment, given=find_documents)
def fill_in(payment: Payment, facts: PaymentFacts) -> None:
    """Take party, currency and account from the documents and the company; the amount from what they need."""
    items = [item for found in facts.items.values() for item in found]
    if payment.party is None and items:
        setattr(payment, f"{items[0].party_kind}_id", items[0].party_id)
    payment.currency = payment.currency or (items[0].currency if items else facts.books.currency)
    if payment.account_id is None:
        payment.account_id = facts.chart.by_role.get("cash") or facts.chart.by_role.get("bank")
    if payment.amount is None:
        payment.amount = abs(sum((row.money for row in spread_of(payment, facts, None)), ZERO))


@computes(Payment, given=reading_facts)
def compute(payment: Payment, facts: PaymentFacts) -> None:
    """Set what is not allocated: neither to documents nor to taxes by hand, and not written off."""
    used = sum((row.money for row in spread_of(payment, facts, payment.amount)), ZERO)
    taxes = sum((number(row["amount"]) for row in payment.manual_taxes or ()), ZERO)
    left = payment.amount - payment.sign * used - taxes
    payment.unallocated = ZERO if payment.excess == "write_off" else left


@valid_if(Payment)
def valid(payment: Payment) -> list[Problem]:
    """Refuse negative amounts and documents that do not exist."""
    found = []
    if payment.amount is not None and payment.amount < 0:
        found.append(Problem("amount", "negative", _("A payment is positive; turn its direction instead.")))
    if payment.company_amount is not None and payment.company_amount < 0:
        found.append(Problem("company_amount", "negative", _("A payment is positive; turn its direction instead.")))
    if payment.party is None:
        found.append(Problem("customer", "required", _("Say who paid or was paid.")))
    if payment.customer_id and payment.supplier_id:
        found.append(Problem("supplier", "two_parties", _("A payment has a customer or a supplier, not both.")))
    for place, row in enumerate(payment.allocations, 1):
        found += [problem.under("allocations", place) for problem in _row_problems(row)]
    return found


def _row_problems(row: PaymentAllocation) -> list[Problem]:
    found = []
    if row.voucher_key is None:
        found.append(Problem("voucher", "not_found", _("There is no such document.")))
    negative = [name for name in ("discount", "write_off") if (getattr(row, name) or ZERO) < 0]
    return found + [Problem(name, "negative", _("This is not negative.")) for name in negative]


@checks(Payment, given=payment_facts)
def problems(payment: Payment, facts: PaymentFacts) -> list[Problem]:
    """Return what is wrong: more than is open, another currency or party, more than the payment."""
    rows = spread_of(payment, facts, payment.amount)
    found = []
    for place, (row, part) in enumerate(zip(payment.allocations, rows, strict=True), 1):
        items = items_for(row, facts)
        if row.extras and abs(part.discount + part.write_off) > abs(part.amount):
            message = _("Discount and write-off are more than what is settled.")
            found.append(Problem(f"allocations.{place}.write_off", "more_than_settled", message, place))
        if part.too_much and items:
            message = _("Only %(amount)s is open there.", amount=format(abs(part.amount).normalize(), "f"))
            found.append(Problem(f"allocations.{place}.amount", "more_than_open", message, place))
        found += _item_problems(payment, items, place)
    found += _precision_problems(payment, facts)
    unknown = [row["tax"] for row in payment.manual_taxes or () if row["tax"] not in facts.manual_taxes]
    found += [Problem("manual_taxes", "unknown_tax", _("There is no tax %(code)s.", code=code)) for code in unknown]
    used = sum((part.money for part in rows), ZERO)
    if payment.sign * used > payment.amount:
        message = _("The documents take more than the payment.")
        found.append(Problem("amount", "more_than_payment", message))
    if not payment.amount and not rows:
        found.append(Problem("amount", "required", _("Enter the amount.")))
    return found


def _precision_problems(payment: Payment, facts: PaymentFacts) -> list[Problem]:
    """Refuse amounts with digits that the currency does not have: no book would ever balance on them."""
    unit, company = facts.books.finest(payment.currency), facts.books.finest()
    amounts = [("amount", payment.amount, unit), ("company_amount", payment.company_amount, company)]
    for place, row in enumerate(payment.allocations, 1):
        amounts += [(f"allocations.{place}.{n}", getattr(row, n), unit) for n in ("amount", "discount", "write_off")]
    amounts += [("manual_taxes", number(row["amount"]), unit) for row in payment.manual_taxes or ()]
    return [Problem(name, "too_precise", too_precise(one)) for name, amount, one in amounts if is_finer(amount, one)]


def _item_problems(payment: Payment, items: Iterable[Any], place: int) -> list[Problem]:
    found = []
    for item in items:
        if item.currency != payment.currency:
            message = _("This document is in %(currency)s.", currency=item.currency)
            found.append(Problem(f"allocations.{place}.voucher", "currency_differs", message, place))
        if (item.party_kind, item.party_id) != payment.party:
            message = _("This document is of somebody else.")
            found.append(Problem(f"allocations.{place}.voucher", "party_differs", message, place))
    return list(dict.fromkeys(found))


@after(Submitted, Payment)
def opened(work: Work, payment: Payment) -> None:  # noqa: ARG001
    """A payment is posted; there is nothing left to pay of it."""
    payment.status = "submitted"
