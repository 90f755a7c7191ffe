"""Is the invoice right: its customer, its dates, its order, and what it takes back?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from erp.accounts.rounding import ZERO
from erp.kernel.change import Work, cancel_checks, checks, decimal_text, fills_in, valid_if
from erp.kernel.errors import Problem
from erp.kernel.text import _
from erp.selling.fills import FillFacts, fill, fill_facts
from erp.selling.rules import customer_of, draft_problems, sale_problems
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
    if invoice.id is not None and invoice.credits_id == invoice.id:
        found.append(Problem("credits", "itself", _("A credit note credits another invoice.")))
    return found


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What an invoice is checked against: its customer, the order lines it takes from, the invoice it credits."""

    customer: CustomerFacts | None
    orders: dict[int, Any]
    order_lines: dict[int, Any]
    credited: Any = None
    credited_already: Decimal = ZERO


def invoice_facts(work: Work, invoice: SalesInvoice) -> InvoiceFacts:
    """Find and lock what the invoice builds on: order, its lines, the credited invoice, in this order."""
    orders, lines = _ordered(work, {line.order_line_id for line in invoice.lines if line.order_line_id})
    credited, already = _credited(work, invoice)
    return InvoiceFacts(customer_of(work, invoice), orders, lines, credited, already)


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


def _credited(work: Work, invoice: SalesInvoice) -> tuple[Any, Decimal]:
    """Return the credited invoice, locked, and what other credit notes took back of it; negative."""
    if invoice.credits_id is None:
        return None, ZERO
    table = SalesInvoice
    query = select(
        table.id, table.number, table.state, table.customer_id, table.company_id, table.currency, table.total,
        table.posting_date, table.credits_id, table.credit_note,
    ).where(table.id == invoice.credits_id).with_for_update()  # fmt: skip
    others = select(func.coalesce(func.sum(table.total), 0)).where(
        table.credits_id == invoice.credits_id, table.state == "submitted", table.id != invoice.id
    )
    return work.session.execute(query).one_or_none(), work.session.scalar(others) or ZERO


@checks(SalesInvoice, given=invoice_facts)
def invoice_problems(invoice: SalesInvoice, facts: InvoiceFacts) -> list[Problem]:
    """Return everything that refuses an invoice at submit."""
    return [
        *sale_problems(invoice, facts.customer),
        *_date_problems(invoice),
        *_order_problems(invoice, facts),
        *_credit_problems(invoice, facts),
    ]


def _date_problems(invoice: SalesInvoice) -> list[Problem]:
    if invoice.due_date is not None and invoice.due_date < invoice.posting_date:
        return [
            Problem("due_date", "before_posting", _("Before the date of the invoice. Choose that day or a later one."))
        ]
    return []


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


def _credit_problems(invoice: SalesInvoice, facts: InvoiceFacts) -> list[Problem]:
    if invoice.credits_id is None:
        return []
    source = facts.credited
    if source is None or source.customer_id != invoice.customer_id or source.company_id != invoice.company_id:
        return [Problem("credits", "not_found", _("The credited invoice is not one of this customer."))]
    if source.state != "submitted" or source.credits_id or source.credit_note:
        return [Problem("credits", "not_creditable", _("Only a submitted invoice can be credited."))]
    found = []
    if source.currency != invoice.currency:
        message = _("The credited invoice is in %(currency)s.", currency=source.currency)
        found.append(Problem("currency", "currency_differs", message))
    if source.total + facts.credited_already + invoice.total < 0:
        message = _("More than %(number)s has left to credit.", number=source.number)
        found.append(Problem("total", "more_than_invoiced", message))
    return found


def credit_notes_of(work: Work, invoice: SalesInvoice) -> list[str]:
    """Find the submitted credit notes about an invoice."""
    query = select(SalesInvoice.number).where(SalesInvoice.credits_id == invoice.id, SalesInvoice.state == "submitted")
    return [str(number) for number in work.session.scalars(query)]


@cancel_checks(SalesInvoice, given=credit_notes_of)
def credited_invoices_stay(invoice: SalesInvoice, credit_notes: list[str]) -> list[Problem]:  # noqa: ARG001
    """Refuse to cancel an invoice that is credited."""
    if not credit_notes:
        return []
    message = _("Cancel its credit notes first: %(numbers)s.", numbers=", ".join(credit_notes))
    return [Problem("credits", "credited", message)]
