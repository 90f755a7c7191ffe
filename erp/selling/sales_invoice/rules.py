"""Is the invoice right: its customer and its order? What every invoice must be stands with billing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from erp.accounts.billing.crediting import draft_problems
from erp.kernel.change import Work, checks, decimal_text, fills_in, valid_if
from erp.kernel.errors import Problem
from erp.kernel.text import _
from erp.selling.fills import FillFacts, fill, fill_facts
from erp.selling.rules import customer_of, sale_problems
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder, SalesOrderLine
from erp.selling.settings import CustomerFacts


@fills_in(SalesInvoice, given=fill_facts)
def fill_invoice(invoice: SalesInvoice, facts: FillFacts) -> None:
    """Fill the invoice's day and its lines."""
    fill(invoice, facts)


def known_order_lines(work: Work, invoice: SalesInvoice) -> set[int]:
    """Find which of the order lines that are named exist."""
    named = {line.order_line_id for line in invoice.lines if line.order_line_id is not None}
    return set(work.session.scalars(select(SalesOrderLine.id).where(SalesOrderLine.id.in_(named)))) if named else set()


@valid_if(SalesInvoice, given=known_order_lines)
def invoice_draft_problems(invoice: SalesInvoice, order_lines: set[int]) -> list[Problem]:
    """Return what is not even a draft."""
    found = draft_problems(invoice)
    for place, line in enumerate(invoice.lines, 1):
        if line.order_line_id is not None and line.order_line_id not in order_lines:
            message = _("This order line is not of an order of this customer.")
            found.append(Problem(f"lines.{place}.order_line", "not_found", message, place))
    return found


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What an invoice is checked against: its customer and the order lines it takes from."""

    customer: CustomerFacts | None
    orders: dict[int, Any]
    order_lines: dict[int, Any]


def invoice_facts(work: Work, invoice: SalesInvoice) -> InvoiceFacts:
    """Find and lock what the invoice builds on: orders, then their lines."""
    orders, lines = _ordered(work, {line.order_line_id for line in invoice.lines if line.order_line_id})
    return InvoiceFacts(customer_of(work, invoice), orders, lines)


def _ordered(work: Work, ids: set[int]) -> tuple[dict[int, Any], dict[int, Any]]:
    if not ids:
        return {}, {}
    behind = select(SalesOrderLine.sales_order_id).where(SalesOrderLine.id.in_(ids))
    orders = select(SalesOrder.id, SalesOrder.state, SalesOrder.status, SalesOrder.customer_id, SalesOrder.company_id)
    orders = orders.where(SalesOrder.id.in_(behind)).order_by(SalesOrder.id).with_for_update()
    found = {row.id: row for row in work.session.execute(orders)}
    table = SalesOrderLine
    lines = select(table.id, table.sales_order_id, table.item_id, table.quantity, table.billed_quantity)
    lines = lines.where(table.id.in_(ids)).order_by(table.id).with_for_update()
    return found, {row.id: row for row in work.session.execute(lines)}


@checks(SalesInvoice, given=invoice_facts)
def invoice_problems(invoice: SalesInvoice, facts: InvoiceFacts) -> list[Problem]:
    """Return everything that refuses an invoice at submit."""
    return [*sale_problems(invoice, facts.customer), *_order_problems(invoice, facts)]


def _order_problems(invoice: SalesInvoice, facts: InvoiceFacts) -> list[Problem]:
    found = []
    left = {line.id: line.quantity - line.billed_quantity for line in facts.order_lines.values()}
    billed = {line.id: line.billed_quantity for line in facts.order_lines.values()}
    for place, line in enumerate(invoice.lines, 1):
        if line.order_line_id is None:
            continue
        ordered = facts.order_lines.get(line.order_line_id)
        order = facts.orders.get(ordered.sales_order_id) if ordered is not None else None
        if (
            ordered is None
            or order is None
            or order.customer_id != invoice.customer_id
            or order.company_id != invoice.company_id
        ):
            message = _("This order line is not of an order of this customer.")
            found.append(Problem(f"lines.{place}.order_line", "not_found", message, place))
            continue
        if order.state != "submitted":
            message = _("The order is not submitted.")
            found.append(Problem(f"lines.{place}.order_line", "order_not_submitted", message, place))
        if line.quantity > left[ordered.id] or billed[ordered.id] + line.quantity < 0:
            open_text = decimal_text(left[ordered.id])
            message = _("Only %(quantity)s of the order is left to invoice.", quantity=open_text)
            found.append(Problem(f"lines.{place}.quantity", "more_than_ordered", message, place))
        left[ordered.id] -= line.quantity
        billed[ordered.id] += line.quantity
    return found
