"""What people do with a supplier's invoice beyond submitting it."""

from decimal import Decimal
from typing import Any

from erp.accounts.billing.crediting import head_payload, line_payload, parts_of, read_head, scaled, share_of
from erp.accounts.billing.paying import is_payable, payment_draft
from erp.accounts.billing.standing import open_due_of
from erp.accounts.payment.model import Payment
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.kernel.change import Submitted, Work, after, command, save
from erp.kernel.errors import Conflict
from erp.kernel.text import _, _l

KEPT = ("company_id", "supplier_id", "currency", "rate", "prices_include_tax")


@after(Submitted, PurchaseInvoice)
def posted(work: Work, invoice: PurchaseInvoice) -> None:  # noqa: ARG001
    """Keep the day on which it is due."""
    invoice.open_due = open_due_of(invoice)


@command(PurchaseInvoice, "credit", route="credit-note", label=_l("Credit note"), makes="purchase_invoice",
         when=lambda invoice: invoice.state == "submitted" and not invoice.gives_back)  # fmt: skip
def credit_note(work: Work, invoice: PurchaseInvoice, *, lines: Any = None, **given: Any) -> PurchaseInvoice:
    """Return a draft that takes the invoice back: all of it, or ``lines`` ([{line, quantity}], quantities positive)."""
    if invoice.state != "submitted" or invoice.gives_back:
        raise Conflict(_("Only a submitted invoice can be credited. Nothing was changed."))
    parts = parts_of(invoice.lines, {line.id: line.quantity for line in invoice.lines}, lines, "line")
    factor = Decimal(-1) if lines is None else -share_of(parts, invoice.lines)
    payload = {
        **head_payload(invoice, KEPT), **scaled(invoice, factor), **read_head(given), "credits": invoice.id,
        "lines": [line_payload(part, -1) for part in parts],
    }  # fmt: skip
    return save(work, PurchaseInvoice, payload)


@command(
    PurchaseInvoice, "pay", route="payment", label=_l("Record payment"), makes="payment", primary=True, when=is_payable
)
def pay(work: Work, invoice: PurchaseInvoice, **given: Any) -> Payment:
    """Return the draft of a payment of what is open."""
    read_head(given)
    return payment_draft(work, invoice)
