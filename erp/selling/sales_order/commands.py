"""What people do with an order beyond submitting it: invoice it, close it, open it again."""

from decimal import Decimal
from typing import Any

from erp.accounts.billing.crediting import head_payload, line_payload, parts_of, read_head, scaled, share_of
from erp.kernel.change import Submitted, Work, after, command, save
from erp.kernel.errors import Conflict
from erp.kernel.text import _, _l
from erp.selling.sales_invoice.model import SalesInvoice
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
    whole = all(part.quantity == part.line.quantity for part in parts) and len(parts) == len(order.lines)
    share = Decimal(1) if whole else share_of(parts, order.lines)
    payload = {
        **head_payload(order, PASSED_ON), **scaled(order, share), **head,
        "order": order.id, "lines": [{**line_payload(part), "order_line": part.line.id} for part in parts],
    }  # fmt: skip
    return save(work, SalesInvoice, payload)


@command(SalesOrder, "close", route="closing", label=_l("Close"), when=lambda order: order.is_to_bill,
         confirm=_l("What is not invoiced yet will not be. The order can be opened again."))  # fmt: skip
def close(work: Work, order: SalesOrder, **given: Any) -> None:  # noqa: ARG001 - a form sends more than is asked
    """Say that nothing more of the order will be invoiced."""
    if not order.is_to_bill:
        raise Conflict(_("Only an open order can be closed. Nothing was changed."))
    order.status, order.updated_at = "closed", work.now


@command(SalesOrder, "reopen", route="reopening", label=_l("Open again"), right="close",
         when=lambda order: order.state == "submitted" and order.status == "closed")  # fmt: skip
def reopen(work: Work, order: SalesOrder, **given: Any) -> None:  # noqa: ARG001 - a form sends more than is asked
    """Open a closed order again."""
    if order.status != "closed":
        raise Conflict(_("Only a closed order can be opened again. Nothing was changed."))
    order.status, order.updated_at = order.status_after_billing(), work.now
