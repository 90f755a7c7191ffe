"""Sales orders, invoices and credit notes of the acceptance cases, driven through selling's own commands."""

from typing import Any

from erp.accounts.conformance.billing import corrected, credited_of, document_payload, pay_at_once
from erp.accounts.conformance.events import entered, of
from erp.accounts.conformance.given import customer
from erp.kernel.change import Work, find, submit
from erp.kernel.conformance.registry import Unsupported, event
from erp.kernel.conformance.run import Run
from erp.selling.sales_invoice.commands import credit_note
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.commands import invoice
from erp.selling.sales_order.model import SalesOrder


def _party(run: Run, about: dict[str, Any]) -> dict[str, Any]:
    return {"customer": {"code": customer(run, about.get("customer", "C"))}}


@event("sales_order")
def sales_order(run: Run, about: dict[str, Any]) -> None:
    """Enter and submit a sales order."""
    payload = {**document_payload(run, about, "sale"), **_party(run, about)}
    payload.pop("due_date", None)
    payload["order_date"] = payload.pop("posting_date")
    run.made(about["id"], "sales_order", run.does(lambda work: entered(work, SalesOrder, payload)))


@event("sales_invoice")
def sales_invoice(run: Run, about: dict[str, Any]) -> None:
    """Enter and submit an invoice; over its order where it names one and lists nothing itself."""
    if "of" in about:
        run.made(about["id"], "sales_invoice", _of_order(run, about))
    else:
        payload = {**document_payload(run, about, "sale"), **_party(run, about)}
        run.made(about["id"], "sales_invoice", corrected(run, SalesInvoice, payload))
    pay_at_once(run, about, _party(run, about))


def _of_order(run: Run, about: dict[str, Any]) -> SalesInvoice:
    named = about["of"] if isinstance(about["of"], list) else [about["of"]]
    sources = [of(run, one) for one in named]
    if len(sources) != 1 or sources[0].kind != "sales_order":
        raise Unsupported("an invoice of something else than one sales order: waits for trade")
    payload = document_payload(run, about, "sale")

    def act(work: Work) -> SalesInvoice:
        order = find(work, SalesOrder, sources[0].id)
        lines = _order_lines(order, about.get("lines"))
        draft = invoice(work, order, lines=lines, posting_date=payload["posting_date"])
        submit(work, draft)
        return draft

    return run.does(act)


def _order_lines(order: SalesOrder, lines: Any) -> Any:
    """Return which order lines an event takes: in order, as many as it lists; None for all that is left."""
    if not lines:
        return None
    if len(lines) > len(order.lines):
        raise Unsupported("an invoice with more lines than its order")
    pairs = zip(order.lines, lines, strict=False)
    return [{"order_line": line.id, "quantity": row.get("qty", "1")} for line, row in pairs]


@event("sales_credit_note")
def sales_credit_note(run: Run, about: dict[str, Any]) -> None:
    """Credit all of an invoice, or enter a credit note with lines of its own."""
    credited = credited_of(run, about)
    if credited is not None and not about.get("lines"):
        run.made(about["id"], "sales_invoice", run.does(lambda work: _credit_all(work, run, credited)))
        return
    payload = {**document_payload(run, about, "sale"), **_party(run, about)}
    payload |= {"credits": credited} if credited is not None else {"credit_note": True}
    run.made(about["id"], "sales_invoice", run.does(lambda work: entered(work, SalesInvoice, payload)))


def _credit_all(work: Work, run: Run, credited: int) -> SalesInvoice:
    draft = credit_note(work, find(work, SalesInvoice, credited), posting_date=run.today.isoformat())
    submit(work, draft)
    return draft
