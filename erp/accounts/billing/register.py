"""One line for a document that bills: its totals, checks, entries and opening status."""

from typing import Any

from sqlalchemy import exists, or_, select

from erp.accounts.billing.compute import compute, fill_in, problems
from erp.accounts.billing.credited import (
    credit_notes_of,
    credit_problems,
    credited_by,
    credited_invoices_stay,
    credited_lines,
    name_credited_lines,
    not_itself,
)
from erp.accounts.billing.crediting import due_problems
from erp.accounts.billing.entries import entries
from erp.accounts.billing.facts import (
    BillingFacts,
    account_codes_of,
    accounts_by_code,
    billing_facts,
    fill_facts,
    posting_facts,
    tax_codes_of,
)
from erp.accounts.billing.model import BillableDocument, SettledDocument
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.payment.undoing import booked_beside, stays_while_booked_beside
from erp.accounts.settlement.allocation import TABLE as ALLOCATION
from erp.accounts.settlement.allocation import standing
from erp.accounts.settlement.documents import settlement_status
from erp.accounts.settlement.items import items_of
from erp.accounts.settlement.model import CREDIT_NOTE, INVOICE, OpenItem
from erp.accounts.tax.queries import known_codes
from erp.kernel.change import Submitted, Work, after, cancel_checks, checks, computes, fills_in, posts, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Voucher
from erp.kernel.text import _

ENTRY = LedgerEntry.__table__.c
BILLS = (INVOICE, CREDIT_NOTE)


def bills(kind: type[Voucher]) -> type[Voucher]:
    """Attach billing to a kind, as its decorator: totals at every save; entries where the document is settled."""
    assert issubclass(kind, BillableDocument)
    fills_in(kind, given=fill_facts)(fill_in)
    computes(kind, given=billing_facts)(compute)
    checks(kind, given=check_facts)(_check)
    if issubclass(kind, SettledDocument):
        fills_in(kind, given=credited_lines)(name_credited_lines)
        valid_if(kind)(not_itself)
        checks(kind)(due_problems)
        checks(kind, given=credited_by)(credit_problems)
        posts(kind, given=posting_facts)(entries)
        after(Submitted, kind)(opened)
        cancel_checks(kind, given=credit_notes_of)(credited_invoices_stay)
        cancel_checks(kind, given=booked_beside)(stays_while_booked_beside)
        cancel_checks(kind, given=reported_when_paid)(_paid_taxes_stay)
    return kind


def check_facts(work: Work, document: Any) -> tuple[BillingFacts, set[str], set[str]]:
    """Find taxes and accounts of the document; codes without a rate on its day are looked up once more."""
    facts = billing_facts(work, document)
    missing = tax_codes_of(document) - set(facts.taxes)
    accounts = set(accounts_by_code(work, document.company_id, account_codes_of(document)))
    return facts, known_codes(work, document.company_id, missing), accounts


def _check(document: Any, given: tuple[BillingFacts, set[str], set[str]]) -> list[Problem]:
    return problems(document, *given)


def reported_when_paid(work: Work, document: Any) -> list[str]:
    """Find what paid a document whose taxes are reported when paid: vouchers that settle it and are no bills."""
    own = (ENTRY.voucher_kind == document.__kind__) & (ENTRY.voucher_id == document.id)
    if not work.session.scalar(select(exists().where(own, ENTRY.tax_side == "pending"))):
        return []
    keys = {row.key for row in items_of(work, [(document.__kind__, document.id)], lock=False)}
    settled = standing(work, or_(ALLOCATION.c.item.in_(keys), ALLOCATION.c.against.in_(keys)))
    others = {key for one in settled for key in (one.item, one.against)} - keys
    query = select(OpenItem.voucher_number).where(OpenItem.key.in_(others), OpenItem.nature.not_in(BILLS)).distinct()
    return [str(number) for number in work.session.scalars(query)]


def _paid_taxes_stay(document: Any, numbers: list[str]) -> list[Problem]:  # noqa: ARG001
    """Refuse to cancel what is paid while its tax is reported: the payment reported it, and takes it back."""
    if not numbers:
        return []
    message = _(
        "Its tax is reported as paid. Take back the allocation of %(numbers)s first.", numbers=", ".join(numbers)
    )
    return [Problem("allocations", "tax_reported", message)]


def opened(work: Work, document: Any) -> None:
    """Set what is open of a document that is being posted; what settles it at once is counted afterwards."""
    amount = document.total + document.rounding
    document.outstanding = amount
    today = work.today(document.company_id)
    document.status = settlement_status(amount, amount, amount * 0, document.due_date, today)
