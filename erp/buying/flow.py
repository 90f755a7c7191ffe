"""How suppliers' invoices hang together: invoice, credit notes, payments."""

from flask import g
from sqlalchemy import select

from erp.accounts.billing.paying import FlowStep, payment_steps
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.kernel.change import Work, labels
from erp.kernel.text import _
from erp.kernel.web.slots import flow_of


@flow_of(PurchaseInvoice)
def flow_of_invoice(work: Work, invoice: PurchaseInvoice) -> list[FlowStep]:
    """Return where the invoice comes from and what became of it."""

    def money(amount: object) -> str:
        return f"{invoice.currency} {g.format.money(amount, invoice.currency)}"

    steps: list[FlowStep] = []
    if invoice.credits_id:
        found = labels(work.session, "purchase_invoice", [invoice.credits_id])[invoice.credits_id]
        steps.append((_("Invoice"), found.number or "", f"/purchase-invoices/{invoice.credits_id}", "", "done"))
    label = _("Credit note") if invoice.gives_back else _("Invoice")
    steps.append((label, invoice.title, None, money(invoice.total), "now"))
    query = select(PurchaseInvoice.id, PurchaseInvoice.number, PurchaseInvoice.total)
    notes = query.where(PurchaseInvoice.credits_id == invoice.id, PurchaseInvoice.state == "submitted").limit(4)
    credited = [
        (_("Credit note"), row.number, f"/purchase-invoices/{row.id}", money(row.total), "done")
        for row in work.session.execute(notes)
    ]
    return [*steps, *credited, *payment_steps(work, invoice, money)]
