"""What people do with an invoice beyond submitting it: credit it, mail it. And what posting it does to its order."""

from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select, text, update

from erp.accounts.billing.credited import credit_draft
from erp.accounts.billing.paying import payable
from erp.accounts.billing.standing import open_due_of
from erp.kernel.change import Cancelled, Submitted, Work, after, announce, command
from erp.kernel.change.audit_checks import audit_check
from erp.kernel.errors import Conflict
from erp.kernel.paper.letters import letter_about
from erp.kernel.paper.mail import Mail, send_mail
from erp.kernel.paper.prints import attachment
from erp.kernel.text import _, _l
from erp.selling.sales_invoice.model import SalesInvoice, SalesInvoiceLine
from erp.selling.sales_order.model import SalesOrder, SalesOrderLine

KEPT = (
    "company_id", "customer_id", "currency", "rate", "order_id", "price_list_id", "prices_include_tax",
    "customer_reference", "credits_id",
)  # fmt: skip


@after(Submitted, SalesInvoice)
def posted(work: Work, invoice: SalesInvoice) -> None:
    """Keep the day on which it is due, and bring its orders up to date."""
    invoice.open_due = open_due_of(invoice)
    bill_orders(work, invoice, 1)


@after(Cancelled, SalesInvoice)
def taken_back(work: Work, invoice: SalesInvoice) -> None:
    """Give what was invoiced back to the orders."""
    bill_orders(work, invoice, -1)


BILL_LINES = text(
    "UPDATE sales_order_line AS o JOIN (SELECT order_line_id, SUM(quantity) AS quantity FROM sales_invoice_line "
    "WHERE sales_invoice_id = :invoice AND order_line_id IS NOT NULL GROUP BY order_line_id) AS i "
    "ON i.order_line_id = o.id SET o.billed_quantity = o.billed_quantity + :sign * i.quantity"
)


def bill_orders(work: Work, invoice: SalesInvoice, sign: int) -> None:
    """Add the invoice's quantities to its orders (-1 takes them away again), and what follows to their status."""
    ids = {line.order_line_id for line in invoice.lines if line.order_line_id}
    if not ids:
        return
    work.session.execute(BILL_LINES, {"invoice": invoice.id, "sign": sign})
    for line in list(work.session.identity_map.values()):
        if isinstance(line, SalesOrderLine) and line.id in ids:
            work.session.expire(line, ["billed_quantity"])
    behind = select(SalesOrderLine.sales_order_id).where(SalesOrderLine.id.in_(ids)).distinct()
    for order_id in sorted(work.session.scalars(behind)):
        _refresh_order(work, order_id, sign * invoice.total)


def _refresh_order(work: Work, order_id: int, billed: Decimal) -> None:
    """Set an order's invoiced amount and status, and tell open pages; its version grows as with every change."""
    table = SalesOrder
    still_open = select(func.count()).where(
        SalesOrderLine.sales_order_id == order_id, SalesOrderLine.quantity > SalesOrderLine.billed_quantity
    )
    left = work.session.scalar(still_open)
    status = case((table.status == "closed", "closed"), else_="to_bill" if left else "completed")
    change = update(table).where(table.id == order_id).values(
        billed=table.billed + billed, status=status, version=table.version + 1, updated_at=work.now
    )  # fmt: skip
    work.session.execute(change.execution_options(synchronize_session=False))
    order = work.session.get_one(table, order_id)
    work.session.refresh(order, ["billed", "status", "version", "updated_at"])
    announce(work, order, "billed")


@command(SalesInvoice, "credit", route="credit-note", label=_l("Credit note"), told=_l("made a credit note of this"), makes="sales_invoice",
         when=lambda invoice: invoice.state == "submitted" and not invoice.gives_back)  # fmt: skip
def credit_note(work: Work, invoice: SalesInvoice, *, lines: Any = None, **given: Any) -> SalesInvoice:
    """Return a draft that takes the invoice back: what is left of it, or ``lines`` ([{line, quantity}], positive)."""
    draft: SalesInvoice = credit_draft(work, invoice, KEPT, lines, given, more=_order_line_of)
    return draft


def _order_line_of(line: Any) -> dict[str, Any]:
    return {} if line.order_line_id is None else {"order_line": line.order_line_id}


@command(
    SalesInvoice,
    "mail",
    route="mailing",
    label=_l("Email"),
    told=_l("mailed this"),
    when=lambda invoice: invoice.state == "submitted",
)
def mail(work: Work, invoice: SalesInvoice, **given: Any) -> None:  # noqa: ARG001 - a form sends more than is asked
    """Mail the invoice with its PDF to the customer, once: asking again changes nothing."""
    if invoice.state != "submitted":
        raise Conflict(_("Only a submitted invoice is mailed. Nothing was sent."))
    send_invoice(work, invoice)


def send_invoice(work: Work, invoice: SalesInvoice) -> Mail:
    """Write the mail of an invoice, its PDF attached when a worker has made it."""
    draft = letter_about(work, invoice)
    return send_mail(
        work, to=draft.to, subject=draft.subject, text=draft.text, reply_to=draft.reply_to,
        attachments=[attachment(work, invoice)], about=invoice, key=f"{invoice.__kind__}:{invoice.id}",
    )  # fmt: skip


@audit_check("orders hold what was invoiced of them")
def orders_hold_what_was_invoiced(work: Work) -> list[str]:
    """Compare the invoiced quantity of every order line with the submitted invoices."""
    taken = (
        select(SalesInvoiceLine.order_line_id, func.sum(SalesInvoiceLine.quantity).label("quantity"))
        .join(SalesInvoice, SalesInvoice.id == SalesInvoiceLine.sales_invoice_id)
        .where(SalesInvoice.state == "submitted", SalesInvoiceLine.order_line_id.is_not(None))
        .group_by(SalesInvoiceLine.order_line_id)
        .subquery()
    )
    query = (
        select(SalesOrder.id)
        .join(SalesOrderLine, SalesOrderLine.sales_order_id == SalesOrder.id)
        .outerjoin(taken, taken.c.order_line_id == SalesOrderLine.id)
        .where(SalesOrderLine.billed_quantity != func.coalesce(taken.c.quantity, 0))
    )
    return [f"sales_order {order_id}" for order_id in work.session.scalars(query.distinct().limit(50))]


def rebuild_billed(work: Work, order_id: int) -> dict[int, Decimal]:
    """Return what submitted invoices took of each line of an order: what ``billed_quantity`` must be."""
    query = (
        select(SalesInvoiceLine.order_line_id, func.sum(SalesInvoiceLine.quantity))
        .join(SalesInvoice, SalesInvoice.id == SalesInvoiceLine.sales_invoice_id)
        .join(SalesOrderLine, SalesOrderLine.id == SalesInvoiceLine.order_line_id)
        .where(SalesOrderLine.sales_order_id == order_id, SalesInvoice.state == "submitted")
        .group_by(SalesInvoiceLine.order_line_id)
    )
    return {int(row[0]): row[1] for row in work.session.execute(query) if row[0] is not None}


pay = payable(SalesInvoice)
