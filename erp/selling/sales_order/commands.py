"""What people do with an order beyond submitting it: invoice it, close it, open it again."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from erp.accounts.billing.crediting import Part, parts_of, read_head
from erp.accounts.billing.passing_on import Passing, fixed_amounts, head_payload, line_payload, share_of
from erp.accounts.company import books_of
from erp.kernel.change import Submitted, Work, after, command, save
from erp.kernel.errors import Conflict
from erp.kernel.text import _, _l
from erp.selling.sales_invoice.model import SalesInvoice, SalesInvoiceLine
from erp.selling.sales_order.model import SalesOrder

PASSED_ON = (
    "company_id", "customer_id", "currency", "rate", "terms_id", "price_list_id", "prices_include_tax",
    "customer_reference", "note",
)  # fmt: skip


@after(Submitted, SalesOrder)
def opened(work: Work, order: SalesOrder) -> None:  # noqa: ARG001
    """Say that the order is to be invoiced now."""
    order.status = order.status_after_billing()


@command(SalesOrder, "invoice", route="invoice", label=_l("Invoice"), when=lambda order: order.is_to_bill, primary=True,
         told=_l("made an invoice of this"),
         makes="sales_invoice")  # fmt: skip
def invoice(work: Work, order: SalesOrder, *, lines: Any = None, **given: Any) -> SalesInvoice:
    """Return a draft invoice over what is not invoiced yet, or over ``lines`` ([{order_line, quantity}]).

    Raises ``Conflict`` when nothing is left, ``Problems`` for more than is left.
    """
    if not order.is_to_bill:
        raise Conflict(_("There is nothing to invoice. Nothing was changed."))
    head = read_head(given)
    left = {line.id: line.unbilled_quantity for line in order.lines}
    parts = parts_of(order.lines, left, lines, "order_line")
    if not parts:
        raise Conflict(_("There is nothing to invoice. Nothing was changed."))
    passing = passing_of(work, order, parts)
    payload = {
        **head_payload(order, PASSED_ON), **fixed_amounts(order, passing), **head,
        "order": order.id, "lines": [{**line_payload(part, passing), "order_line": part.line.id} for part in parts],
    }  # fmt: skip
    return save(work, SalesInvoice, payload)


def passing_of(work: Work, order: SalesOrder, parts: Iterable[Part]) -> Passing:
    """Find what submitted invoices, and credit notes about them, took of the order before these parts."""
    taken = {line.id: line.billed_quantity for line in order.lines}
    begun = any(taken.values())
    for part in parts:
        taken[part.line.id] += part.quantity
    share, ways = share_of(taken, order.lines), books_of(work, order.company_id).ways_in(order.currency)
    if not begun:
        return Passing(1, ways, share)
    earlier = select(SalesInvoice).where(SalesInvoice.order_id == order.id, SalesInvoice.state == "submitted")
    lines: dict[int, list[SalesInvoiceLine]] = {}
    billed = (
        select(SalesInvoiceLine)
        .join(SalesInvoice, SalesInvoice.id == SalesInvoiceLine.sales_invoice_id)
        .where(SalesInvoiceLine.order_line_id.in_(taken), SalesInvoice.state == "submitted")
    )
    for line in work.session.scalars(billed):
        lines.setdefault(line.order_line_id or 0, []).append(line)
    return Passing(1, ways, share, tuple(work.session.scalars(earlier)), lines)


@command(SalesOrder, "close", route="closing", label=_l("Close"), told=_l("closed this"),
         when=lambda order: order.is_to_bill,
         confirm=_l("What is not invoiced yet will not be. The order can be opened again."))  # fmt: skip
def close(work: Work, order: SalesOrder, **given: Any) -> None:  # noqa: ARG001 - a form sends more than is asked
    """Say that nothing more of the order will be invoiced."""
    if not order.is_to_bill:
        raise Conflict(_("Only an open order can be closed. Nothing was changed."))
    order.status, order.updated_at = "closed", work.now


@command(SalesOrder, "reopen", route="reopening", label=_l("Open again"), told=_l("opened this again"), right="close",
         when=lambda order: order.state == "submitted" and order.status == "closed")  # fmt: skip
def reopen(work: Work, order: SalesOrder, **given: Any) -> None:  # noqa: ARG001 - a form sends more than is asked
    """Open a closed order again."""
    if order.status != "closed":
        raise Conflict(_("Only a closed order can be opened again. Nothing was changed."))
    order.status, order.updated_at = order.status_after_billing(), work.now
