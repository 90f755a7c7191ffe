"""Northwind's two years: each order with its invoice and payment, through the same commands as the screen's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from erp.accounts.account.queries import chart_of
from erp.accounts.payment.model import Payment
from erp.demo import northwind
from erp.demo.northwind import Sale
from erp.kernel.change import Work, find, run_work, save, submit
from erp.kernel.errors import Problems
from erp.kernel.paper.imports import NOT_REQUIRED
from erp.kernel.records import Voucher
from erp.kernel.rights import Actor
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.commands import invoice as invoice_order
from erp.selling.sales_order.model import SalesOrder

ORDER, INVOICE, PAYMENT = 0, 1, 2
PORTION = 25
"""Documents of one transaction: few commits, and none that holds its locks for long."""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened on a day; on the same day orders come before invoices and those before payments."""

    on: date
    what: int
    reference: str
    sale: Sale = field(compare=False)


@dataclass
class Made:
    """What was made of each sale so far, by its reference."""

    orders: dict[str, int] = field(default_factory=dict)
    invoices: dict[str, tuple[int, str, int]] = field(default_factory=dict)


def events(shift: timedelta) -> list[Event]:
    """Return all that happened, in order of days: numbers then rise with dates."""
    found = []
    for sale in northwind.sales(shift):
        found += [Event(sale.ordered, ORDER, sale.reference, sale), Event(sale.invoiced, INVOICE, sale.reference, sale)]
        if sale.paid is not None:
            found.append(Event(sale.paid, PAYMENT, sale.reference, sale))
    return sorted(found)


def portions(found: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Yield events in portions."""
    for start in range(0, len(found), PORTION):
        yield found[start : start + PORTION]


def add_documents(
    actor: Actor,
    company_id: int,
    shift: timedelta,
    progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
) -> int:
    """Add Northwind's orders, invoices and payments; return how many documents were made."""
    made, all_events, done = Made(), events(shift), 0
    for portion in portions(all_events):
        run_work(actor, lambda work, portion=portion: _add(work, company_id, portion, made))  # type: ignore[misc]
        done += len(portion)
        progress(done, len(all_events))
    return done


def _add(work: Work, company_id: int, portion: Sequence[Event], made: Made) -> None:
    work.facts["approval not required"] = NOT_REQUIRED
    _preload(work, portion, made)
    makers = {ORDER: _order, INVOICE: _invoice, PAYMENT: _payment}
    for event in portion:
        makers[event.what](work, company_id, event, made)


def _preload(work: Work, portion: Sequence[Event], made: Made) -> None:
    """Load the orders that this portion invoices with their lines, in two queries."""
    wanted = [
        made.orders[event.reference] for event in portion if event.what == INVOICE and event.reference in made.orders
    ]
    query = select(SalesOrder).where(SalesOrder.id.in_(wanted)).options(selectinload(SalesOrder.lines))
    work.facts["demo orders"] = {order.id: order for order in work.session.scalars(query)} if wanted else {}


def _submitted(work: Work, document: Voucher) -> Any:
    """Submit; an approval that is asked for all the same is a defect of the import."""
    waiting = submit(work, document)
    if waiting is not None:
        raise Problems([], f"{document.kind} {document.id} waits for an approval")
    return document


def _order(work: Work, company_id: int, event: Event, made: Made) -> None:
    sale = event.sale
    goods = [
        {
            "item": {"code": line.item}, "quantity": str(line.quantity), "price": str(line.price),
            "discount_percent": str(line.discount_percent),
        }
        for line in sale.lines
    ]  # fmt: skip
    payload = {
        "company": company_id, "customer": {"code": sale.customer}, "order_date": sale.ordered.isoformat(),
        "delivery_date": max(sale.wanted, sale.ordered).isoformat(), "customer_reference": sale.reference,
        "lines": [*goods, {"item": {"code": northwind.FREIGHT}, "quantity": "1", "price": str(sale.freight)}],
    }  # fmt: skip
    order = _submitted(work, save(work, SalesOrder, payload))
    made.orders[event.reference] = order.id


def _invoice(work: Work, company_id: int, event: Event, made: Made) -> None:  # noqa: ARG001 - one shape for all three
    order_id = made.orders[event.reference]
    order = work.facts["demo orders"].get(order_id) or find(work, SalesOrder, order_id)
    invoice = _submitted(work, invoice_order(work, order, posting_date=event.on))
    made.invoices[event.reference] = (invoice.id, invoice.number, invoice.customer_id)


def _payment(work: Work, company_id: int, event: Event, made: Made) -> None:
    invoice_id, number, customer_id = made.invoices[event.reference]
    payload = {
        "company": company_id, "direction": "receive", "customer": customer_id, "date": event.on.isoformat(),
        "account": chart_of(work, company_id).of("bank"), "reference": number,
        "allocations": [{"voucher": {"kind": SalesInvoice.__kind__, "id": invoice_id}}],
    }  # fmt: skip
    _submitted(work, save(work, Payment, payload))
