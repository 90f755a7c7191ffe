"""Supplier invoices and their credit notes of the acceptance cases, driven through buying's own commands."""

from typing import Any

from erp.accounts.conformance.billing import corrected, credited_of, document_payload
from erp.accounts.conformance.events import entered
from erp.accounts.conformance.given import supplier
from erp.buying.purchase_invoice.commands import credit_note
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.kernel.change import Work, find, submit
from erp.kernel.conformance.registry import Unsupported, event
from erp.kernel.conformance.run import Run


def _payload(run: Run, about: dict[str, Any]) -> dict[str, Any]:
    party = {"supplier": {"code": supplier(run, about.get("supplier", "S"))}}
    return {**document_payload(run, about, "purchase"), **party}


@event("purchase_invoice")
def purchase_invoice(run: Run, about: dict[str, Any]) -> None:
    """Enter and submit a supplier's invoice."""
    if about.get("of"):
        raise Unsupported("a supplier invoice of an order or a receipt: waits for trade")
    payload = _payload(run, about)
    run.made(about["id"], "purchase_invoice", corrected(run, PurchaseInvoice, payload))


@event("purchase_credit_note")
def purchase_credit_note(run: Run, about: dict[str, Any]) -> None:
    """Credit all of a supplier's invoice, or enter a credit note with lines of its own."""
    credited = credited_of(run, about)
    if credited is not None and not about.get("lines"):
        run.made(about["id"], "purchase_invoice", run.does(lambda work: _credit_all(work, run, credited)))
        return
    payload = _payload(run, about)
    payload |= {"credits": credited} if credited is not None else {"credit_note": True}
    run.made(about["id"], "purchase_invoice", run.does(lambda work: entered(work, PurchaseInvoice, payload)))


def _credit_all(work: Work, run: Run, credited: int) -> PurchaseInvoice:
    draft = credit_note(work, find(work, PurchaseInvoice, credited), posting_date=run.today.isoformat())
    submit(work, draft)
    return draft
