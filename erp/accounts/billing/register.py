"""One line for a document that bills: its totals, checks, entries and opening status."""

from typing import Any

from erp.accounts.billing.compute import compute, fill_in, problems
from erp.accounts.billing.entries import entries
from erp.accounts.billing.facts import BillingFacts, billing_facts, fill_facts, posting_facts, tax_codes_of
from erp.accounts.billing.model import BillableDocument, SettledDocument
from erp.accounts.settlement.documents import settlement_status
from erp.accounts.tax.queries import known_codes
from erp.kernel.change import Submitted, Work, after, checks, computes, fills_in, posts
from erp.kernel.errors import Problem
from erp.kernel.records import Voucher


def bills(kind: type[Voucher]) -> type[Voucher]:
    """Attach billing to a kind, as its decorator: totals at every save; entries where the document is settled."""
    assert issubclass(kind, BillableDocument)
    fills_in(kind, given=fill_facts)(fill_in)
    computes(kind, given=billing_facts)(compute)
    checks(kind, given=check_facts)(_check)
    if issubclass(kind, SettledDocument):
        posts(kind, given=posting_facts)(entries)
        after(Submitted, kind)(opened)
    return kind


def check_facts(work: Work, document: Any) -> tuple[BillingFacts, set[str]]:
    """Find the taxes of the document; codes without a rate on its day are looked up once more."""
    facts = billing_facts(work, document)
    missing = tax_codes_of(document) - set(facts.taxes)
    return facts, known_codes(work, document.company_id, missing)


def _check(document: Any, given: tuple[BillingFacts, set[str]]) -> list[Problem]:
    return problems(document, *given)


def opened(work: Work, document: Any) -> None:
    """Set what is open of a document that is being posted; what settles it at once is counted afterwards."""
    amount = document.total + document.rounding
    document.outstanding = amount
    today = work.today(document.company_id)
    document.status = settlement_status(amount, amount, amount * 0, document.due_date, today)
