"""Sales orders, invoices and credit notes of the acceptance cases, driven through selling's own commands."""

from collections.abc import Mapping
from typing import Any

from erp.accounts.billing.crediting import Part
from erp.accounts.billing.passing_on import Passing, line_payload
from erp.accounts.conformance.billing import corrected, credited_of, document_payload, pay_at_once
from erp.accounts.conformance.events import entered, of
from erp.accounts.conformance.given import customer
from erp.accounts.conventions import Conventions
from erp.kernel.change import Work, find, labels, save, submit
from erp.kernel.conformance.registry import Unsupported, event
from erp.kernel.conformance.run import Run
from erp.selling.sales_invoice.commands import credit_note
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.commands import invoice
from erp.selling.sales_order.model import SalesOrder, SalesOrderLine

Row = dict[str, Any]
FROM_EVENT = {"quantity", "account", "deductible_percent", "allowances"}
"""What a line of an event always says; everything else is that of the order line."""


def _party(run: Run, about: dict[str, Any]) -> dict[str, Any]:
    return {"customer": {"code": customer(run, about.get("customer", "C"))}}


@event("sales_order")
def sales_order(run: Run, about: dict[str, Any]) -> None:
    """Enter and submit a sales order."""
    payload = {**document_payload(run, about, "sale"), **_party(run, about)}
    if "due_date" in payload:
        raise Unsupported("sales_order.due: an order has terms, its invoices are due")
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
    """Invoice the orders that an event names: all that is left of them, or the lines that it lists."""
    named = about["of"] if isinstance(about["of"], list) else [about["of"]]
    sources = [of(run, one) for one in named]
    if any(source.kind != "sales_order" for source in sources):
        raise Unsupported("an invoice of something else than sales orders: waits for trade")
    payload = document_payload(run, about, "sale")

    def act(work: Work) -> SalesInvoice:
        orders = [find(work, SalesOrder, source.id) for source in sources]
        draft = invoice(work, orders[0], posting_date=payload["posting_date"])
        codes = {one: label.number for one, label in labels(work.session, "item", _items_of(orders)).items()}
        payload["lines"] = _lines_of(orders, draft, codes, about.get("lines", ()), payload["lines"])
        draft = save(work, SalesInvoice, {**payload, "prices_include_tax": orders[0].prices_include_tax}, draft)
        submit(work, draft)
        return draft

    return run.does(act)


def _items_of(orders: list[SalesOrder]) -> set[int]:
    return {line.item_id for order in orders for line in order.lines if line.item_id}


def _lines_of(
    orders: list[SalesOrder], draft: SalesInvoice, codes: Mapping[int, str | None], wanted: Any, given: list[Row]
) -> list[Row]:
    """Return the lines of an invoice of orders: those left of each order, or each listed one with its order line.

    A listed line belongs to the first line left of an order with its item; what it states rules over the order.
    """
    left = [line for order in orders for line in order.lines if line.unbilled_quantity]
    kept = {line.order_line_id: line.id for line in draft.lines}
    if not wanted:
        lines = [{"id": line.id} for line in draft.lines]
        return lines + [_taken(line) for line in left if line.id not in kept]
    lines = []
    for row, stated in zip(given, wanted, strict=True):
        same = (one for one in left if "item" not in stated or codes.get(one.item_id or 0) == stated["item"])
        line = next(same, None)
        if line is None:
            raise Unsupported("an invoice with more lines than its orders")
        left.remove(line)
        own = {key: value for key, value in row.items() if key in FROM_EVENT or key in stated}
        own |= {"tax_codes": row["tax_codes"]} if "taxes" in stated else {}
        lines.append({**_taken(line), **({"id": kept.pop(line.id)} if line.id in kept else {}), **own})
    return lines + [{"id": one, "_delete": True} for one in kept.values()]


def _taken(line: SalesOrderLine) -> Row:
    return {**line_payload(Part(line, line.unbilled_quantity), Passing(1, Conventions())), "order_line": line.id}


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
