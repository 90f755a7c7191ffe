"""What people do with a supplier's invoice beyond submitting it."""

from typing import Any

from erp.accounts.billing.credited import credit_draft
from erp.accounts.billing.crediting import read_head
from erp.accounts.billing.paying import is_payable, payment_draft
from erp.accounts.billing.standing import open_due_of
from erp.accounts.payment.model import Payment
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.kernel.change import Submitted, Work, after, command
from erp.kernel.text import _l

KEPT = ("company_id", "supplier_id", "currency", "rate", "prices_include_tax")


@after(Submitted, PurchaseInvoice)
def posted(work: Work, invoice: PurchaseInvoice) -> None:  # noqa: ARG001
    """Keep the day on which it is due."""
    invoice.open_due = open_due_of(invoice)


@command(PurchaseInvoice, "credit", route="credit-note", label=_l("Credit note"), makes="purchase_invoice",
         told=_l("made a credit note of this"),
         when=lambda invoice: invoice.state == "submitted" and not invoice.gives_back)  # fmt: skip
def credit_note(work: Work, invoice: PurchaseInvoice, *, lines: Any = None, **given: Any) -> PurchaseInvoice:
    """Return a draft that takes the invoice back: what is left of it, or ``lines`` ([{line, quantity}], positive)."""
    draft: PurchaseInvoice = credit_draft(work, invoice, KEPT, lines, given)
    return draft


@command(
    PurchaseInvoice,
    "pay",
    route="payment",
    label=_l("Record payment"),
    told=_l("recorded a payment of this"),
    makes="payment",
    primary=True,
    when=is_payable,
)
def pay(work: Work, invoice: PurchaseInvoice, **given: Any) -> Payment:
    """Return the draft of a payment of what is open."""
    read_head(given)
    return payment_draft(work, invoice)
