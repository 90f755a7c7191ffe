"""How sales documents hang together: order, invoices, payments, shown above each of them."""

from typing import Any

from flask import g
from sqlalchemy import select

from erp.accounts.billing.paying import FlowStep, payment_steps
from erp.kernel.change import Work, labels, visible
from erp.kernel.format import Format
from erp.kernel.text import _
from erp.kernel.web.present import draft_title
from erp.kernel.web.slots import flow_of
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder

SHOWN = 4


def _money(currency: str) -> Any:
    fmt: Format = g.format
    return lambda amount: f"{currency} {fmt.money(amount, currency)}"


@flow_of(SalesOrder)
def flow_of_order(work: Work, order: SalesOrder) -> list[FlowStep]:
    """Return the order and what was made of it."""
    money = _money(order.currency)
    own = (_("Sales order"), order.title, None, money(order.total), "now")
    query = select(
        SalesInvoice.id, SalesInvoice.number, SalesInvoice.total, SalesInvoice.outstanding, SalesInvoice.state
    )
    query = query.where(SalesInvoice.order_id == order.id, SalesInvoice.state != "cancelled")
    rows = work.session.execute(
        query.where(visible(work.actor, SalesInvoice)).order_by(SalesInvoice.id).limit(SHOWN)
    ).all()
    if not rows:
        later = _("%(amount)s invoiced", amount=money(order.billed))
        return [own, (_("Invoice"), "", None, later, ""), (_("Payment"), "", None, "", "")]
    steps = [
        (_("Invoice"), row.number or draft_title(row.id), f"/sales-invoices/{row.id}", money(row.total),
         "done" if row.state == "submitted" else "")
        for row in rows
    ]  # fmt: skip
    left = sum((row.outstanding for row in rows), start=order.total * 0)
    posted = [row for row in rows if row.state == "submitted"]
    paid = _("paid") if posted and not left else _("open: %(amount)s", amount=money(left)) if posted else ""
    return [own, *steps, (_("Payment"), paid, None, "", "done" if posted and not left else "")]


@flow_of(SalesInvoice)
def flow_of_invoice(work: Work, invoice: SalesInvoice) -> list[FlowStep]:
    """Return where the invoice comes from and what became of it."""
    money = _money(invoice.currency)
    steps: list[FlowStep] = []
    if invoice.order_id:
        steps.append(_link(work, "sales_order", invoice.order_id, _("Sales order")))
    if invoice.credits_id:
        steps.append(_link(work, "sales_invoice", invoice.credits_id, _("Invoice")))
    label = _("Credit note") if invoice.gives_back else _("Invoice")
    steps.append((label, invoice.title, None, money(invoice.total), "now"))
    query = select(SalesInvoice.id, SalesInvoice.number, SalesInvoice.total)
    notes = query.where(SalesInvoice.credits_id == invoice.id, SalesInvoice.state == "submitted").limit(SHOWN)
    credited = [
        (_("Credit note"), row.number, f"/sales-invoices/{row.id}", money(row.total), "done")
        for row in work.session.execute(notes)
    ]
    return [*steps, *credited, *payment_steps(work, invoice, money)]


def _link(work: Work, kind: str, record_id: int, label: str) -> FlowStep:
    found = labels(work.session, kind, [record_id]).get(record_id)
    collection = "sales-orders" if kind == "sales_order" else "sales-invoices"
    return label, (found.number if found else None) or draft_title(record_id), f"/{collection}/{record_id}", "", "done"
