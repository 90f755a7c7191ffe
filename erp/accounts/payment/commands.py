"""Allocating a submitted payment to documents later, and taking an allocation back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from erp.accounts.account.queries import chart_of
from erp.accounts.company import books_of
from erp.accounts.ledger.entry import Entry
from erp.accounts.payment.facts import booked_taxes
from erp.accounts.payment.model import Payment
from erp.accounts.payment.rules import voucher_behind
from erp.accounts.payment.taxes import released
from erp.accounts.payment.undoing import payments_with_extras
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.allocation import TABLE, Allocation, standing
from erp.accounts.settlement.arithmetic import settle, settled_part
from erp.accounts.settlement.documents import vouchers_of
from erp.accounts.settlement.items import as_open, items_of
from erp.accounts.settlement.model import OpenItem
from erp.kernel.change import Work, command
from erp.kernel.change.effects import planned
from erp.kernel.change.lifecycle import refuse
from erp.kernel.change.values import STRICT_NUMBER, whole
from erp.kernel.errors import Conflict, Problem, Problems
from erp.kernel.text import _, _l

Day = date


def is_posted(payment: Any) -> bool:
    """Return whether a payment is in the books."""
    return bool(payment.state == "submitted")


def voucher_named(work: Work, company_id: int, named: Any) -> tuple[str, int]:
    """Return the document that ``{kind, number}`` names; raise ``Problems`` when there is none the actor may see."""
    found = voucher_behind(work, company_id, named)
    if found is None:
        raise Problems([Problem("voucher", "not_found", _("There is no such document."))])
    return found


def amount_given(value: Any) -> Decimal | None:
    """Return an amount of a request, positive; None stands for as much as there is."""
    if value in (None, ""):
        return None
    amount = Decimal(value) if isinstance(value, str) and STRICT_NUMBER.fullmatch(value) else value
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int) or amount <= 0:
        raise Problems([Problem("amount", "not_positive", _("Enter an amount above zero."))])
    return Decimal(amount)


def has_left(payment: Any) -> bool:
    """Return whether a posted payment has something to allocate."""
    return is_posted(payment) and bool(payment.unallocated)


def is_allocated(payment: Any) -> bool:
    """Return whether a posted payment settles something."""
    return is_posted(payment) and payment.unallocated != payment.amount


@command(
    Payment,
    "allocate",
    route="allocation",
    label=_l("Allocate"),
    told=_l("allocated this to open items"),
    when=has_left,
    right="submit",
)
def allocate_payment(
    work: Work,
    payment: Payment,
    *,
    allocations: Any = None,
    date: Any = None,
    **given: Any,
) -> Payment:
    """Allocate what is left of a payment: to ``allocations`` as in a payment, to one ``voucher``, or oldest first.

    Without any wish it settles what is open of the party in order of due dates, as far as the payment reaches.
    """
    if not is_posted(payment):
        raise Conflict(_("Only a submitted payment can be allocated. Nothing was changed."))
    on = _day(work, payment, date)
    rows = [given] if allocations is None and given.get("voucher") else allocations
    if rows is not None:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Problems([Problem("allocations", "not_a_list", _("Send a list of lines."))])
        for row in rows:
            _allocate_one(work, payment, row, on)
        return payment
    if not _allocate_oldest_first(work, payment, on):
        raise Conflict(_("Nothing is open that this payment could settle. Nothing was changed."))
    return payment


def _allocate_oldest_first(work: Work, payment: Payment, on: date) -> bool:
    """Settle open items of the party, the oldest first; return whether there was any."""
    own = [item for item in items_of(work, [(payment.__kind__, payment.id)]) if item.outstanding]
    if not own:
        return False
    table = OpenItem.__table__.c
    query = select(OpenItem.__table__).where(
        table.company_id == payment.company_id, table.party_kind == own[0].party_kind,
        table.party_id == own[0].party_id, table.is_open, table.account_id == own[0].account_id,
        table.currency == own[0].currency, table.outstanding * payment.sign > 0,
    )  # fmt: skip
    found = work.session.execute(query.order_by(table.key).with_for_update()).all()
    theirs = sorted(found, key=lambda row: (row.due_on or row.effective_on, row.voucher_id, row.instalment))
    left = abs(sum((item.outstanding for item in own), ZERO))
    reach = min(left, abs(sum((item.outstanding for item in theirs), ZERO)))
    if reach:
        _post_match(work, payment, own, theirs, amount=reach, on=on)
    return bool(reach)


def _day(work: Work, payment: Payment, given: Any) -> date:
    if given in (None, ""):
        return work.today(payment.company_id)
    if isinstance(given, Day):
        return given
    try:
        return Day.fromisoformat(given)
    except (TypeError, ValueError):
        raise Problems([Problem("date", "not_a_date", _("Enter a date, such as 2026-06-18."))]) from None


def _allocate_one(work: Work, payment: Payment, row: Any, on: date) -> None:
    voucher = voucher_named(work, payment.company_id, row.get("voucher"))
    own = [item for item in items_of(work, [(payment.__kind__, payment.id)]) if item.outstanding]
    theirs = [item for item in items_of(work, [voucher]) if item.outstanding]
    if row.get("instalment"):
        theirs = [item for item in theirs if item.instalment == whole(row["instalment"])]
    amount = amount_given(row.get("amount"))
    open_there = abs(sum((item.outstanding for item in theirs), ZERO))
    left = abs(sum((item.outstanding for item in own), ZERO))
    wanted = min(open_there, left) if amount is None else amount
    if not wanted or wanted > left or wanted > open_there:
        raise Problems([Problem("amount", "more_than_open", _("Not so much is open."))])
    _post_match(work, payment, own, theirs, amount=wanted, on=on)


def _post_match(work: Work, payment: Payment, own: list[Any], theirs: list[Any], *, amount: Decimal, on: date) -> None:
    """Match parts of both sides; what they differ in company currency is an exchange difference of the payment."""
    books = books_of(work, payment.company_id)
    settled, _left = settle([as_open(item) for item in theirs], payment.sign * amount, books.unit)
    source = as_open(own[0])
    entries: list[Any] = []
    for one in settled:
        part = settled_part(source, -one.amount, books.unit)
        booked = books.ways.fx_settlement == "booked_amount"
        difference = -part.company - one.company if booked else ZERO
        if difference:
            party = (own[0].party_kind, own[0].party_id)
            entries += [
                Entry(
                    own[0].account_id, difference, "allocation", own[0].currency, ZERO, party=party,
                    open_item=source.key, effective_on=on,
                ),
                Entry(chart_of(work, payment.company_id).of("fx_gain_loss"), -difference, "allocation", effective_on=on),
            ]  # fmt: skip
        taken = -one.company if booked else part.company
        entries.append(Allocation(one.item, source.key, one.amount, -taken, taken, on))
        left_company = source.outstanding_company + difference - taken
        source = type(source)(source.key, source.outstanding + one.amount, left_company, source.due)
    _post(work, payment, [*entries, *_taxes(work, [e for e in entries if isinstance(e, Allocation)], on, books.unit)])


def _post(work: Work, payment: Payment, entries: list[Any]) -> None:
    effects = planned(work, payment, entries)
    refuse(effects.check())
    effects.append(work, payment)


def _taxes(work: Work, allocations: list[Allocation], on: date, unit: Decimal) -> list[Entry]:
    """Report taxes on cash basis of the documents that are settled now, or take them back."""
    paid: dict[tuple[str, int], Decimal] = {}
    for one in allocations:
        for voucher in vouchers_of([one.item]):
            paid[voucher] = paid.get(voucher, ZERO) + one.amount
    found = booked_taxes(work, paid)
    entries: list[Entry] = []
    for voucher, taxes in found.items():
        items = items_of(work, [voucher])
        sign = 1 if items and items[0].invoiced > 0 else -1
        entries += released(taxes, items, sign * paid[voucher], unit, "allocation", on)
    return entries


@command(
    Payment,
    "deallocate",
    route="deallocation",
    label=_l("Take allocation back"),
    told=_l("took an allocation back"),
    when=is_allocated,
    right="submit",
)
def deallocate_payment(work: Work, payment: Payment, *, voucher: Any = None, date: Any = None, **given: Any) -> Payment:  # noqa: ARG001
    """Take back what the payment settles of ``voucher``, or everything; the books keep what was booked."""
    if not is_posted(payment):
        raise Conflict(_("Only a submitted payment has allocations. Nothing was changed."))
    own = [item.key for item in items_of(work, [(payment.__kind__, payment.id)])]
    condition = TABLE.c.against.in_(own) | TABLE.c.item.in_(own)
    if voucher is not None:
        theirs = [item.key for item in items_of(work, [voucher_named(work, payment.company_id, voucher)])]
        condition &= TABLE.c.item.in_(theirs) | TABLE.c.against.in_(theirs)
    on, undone = _day(work, payment, date), standing(work, condition)
    _refuse_extras(work, payment, undone)
    taxes = _taxes(work, undone, on, books_of(work, payment.company_id).unit)
    _post(work, payment, [*taxes, *(replace(one, on=on) for one in undone)])
    return payment


def _refuse_extras(work: Work, payment: Payment, undone: list[Allocation]) -> None:
    """Refuse to take back what a discount or a write-off was booked with: those would stay, and nobody owe them."""
    vouchers = vouchers_of(key for one in undone for key in (one.item, one.against))
    if vouchers and payment.id in {row.id for row in payments_with_extras(work, payment.company_id, vouchers)}:
        message = _("A discount or a write-off was booked with it. Cancel the payment instead, and enter it again.")
        raise Problems([Problem("allocations", "settled_with_discount", message)])
