"""What people do with a supplier's invoice beyond submitting it."""

from typing import Any

from erp.accounts.billing.credited import credit_draft
from erp.accounts.billing.paying import payable
from erp.accounts.billing.standing import open_due_of
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


pay = payable(PurchaseInvoice)
