"""Is the supplier's invoice right: its supplier, its number, its dates, what it takes back?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from erp.accounts.billing.crediting import quantity_problems, size_problems
from erp.accounts.rounding import ZERO
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.catalog.item import ItemFacts, items_by_id
from erp.kernel.change import Work, cancel_checks, checks, fills_in, valid_if
from erp.kernel.errors import Problem
from erp.kernel.text import _
from erp.parties.supplier import Supplier


@dataclass(frozen=True, slots=True)
class FillFacts:
    """The company's day and the items of the lines."""

    today: date
    items: Mapping[int, ItemFacts]


def fill_facts(work: Work, invoice: PurchaseInvoice) -> FillFacts:
    """Find the items of the lines."""
    return FillFacts(
        work.today(invoice.company_id), items_by_id(work, {line.item_id for line in invoice.lines if line.item_id})
    )


@fills_in(PurchaseInvoice, given=fill_facts)
def fill_invoice(invoice: PurchaseInvoice, facts: FillFacts) -> None:
    """Fill the day of the invoice, and words and unit of each line."""
    invoice.posting_date = invoice.posting_date or facts.today
    for line in invoice.lines:
        line.quantity = Decimal(1) if line.quantity is None else line.quantity
        line.price = line.price or ZERO
        item = facts.items.get(line.item_id or 0)
        if item is not None:
            line.description = line.description or item.name
            line.unit_id = line.unit_id or item.unit_id


@valid_if(PurchaseInvoice)
def draft_problems(invoice: PurchaseInvoice) -> list[Problem]:
    """Return what is not even a draft."""
    found = size_problems(invoice)
    if invoice.id is not None and invoice.credits_id == invoice.id:
        found.append(Problem("credits", "itself", _("A credit note credits another invoice.")))
    return found


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """The supplier, invoices of his with the same number, and the invoice that is credited."""

    supplier: Any
    same_number: str | None
    credited: Any = None
    credited_already: Decimal = ZERO


def check_facts(work: Work, invoice: PurchaseInvoice) -> CheckFacts:
    """Find what the invoice is checked against; the credited invoice is locked."""
    supplier = work.session.execute(
        select(Supplier.name, Supplier.state, Supplier.company_id).where(Supplier.id == invoice.supplier_id)
    ).one_or_none()
    credited, already = _credited(work, invoice)
    return CheckFacts(supplier, _same_number(work, invoice), credited, already)


def _same_number(work: Work, invoice: PurchaseInvoice) -> str | None:
    if not invoice.supplier_reference:
        return None
    table = PurchaseInvoice
    query = select(table.number).where(
        table.supplier_id == invoice.supplier_id, table.supplier_reference == invoice.supplier_reference,
        table.company_id == invoice.company_id, table.state == "submitted", table.id != invoice.id,
    )  # fmt: skip
    return work.session.scalar(query.limit(1))


def _credited(work: Work, invoice: PurchaseInvoice) -> tuple[Any, Decimal]:
    """Return the credited invoice, locked, and what other credit notes took back of it; negative."""
    if invoice.credits_id is None:
        return None, ZERO
    table = PurchaseInvoice
    query = select(
        table.id, table.number, table.state, table.supplier_id, table.company_id, table.currency, table.total,
        table.credits_id, table.credit_note,
    ).where(table.id == invoice.credits_id).with_for_update()  # fmt: skip
    others = select(func.coalesce(func.sum(table.total), 0)).where(
        table.credits_id == invoice.credits_id, table.state == "submitted", table.id != invoice.id
    )
    return work.session.execute(query).one_or_none(), work.session.scalar(others) or ZERO


@checks(PurchaseInvoice, given=check_facts)
def invoice_problems(invoice: PurchaseInvoice, facts: CheckFacts) -> list[Problem]:
    """Return everything that refuses a supplier's invoice at submit."""
    found = [
        *_supplier_problems(invoice, facts.supplier),
        *quantity_problems(invoice),
        *_credit_problems(invoice, facts),
    ]
    if facts.same_number is not None:
        message = _("This number of the supplier is entered already: %(number)s.", number=facts.same_number)
        found.append(Problem("supplier_reference", "duplicate", message))
    if invoice.due_date is not None and invoice.due_date < invoice.posting_date:
        message = _("Before the date of the invoice. Choose that day or a later one.")
        found.append(Problem("due_date", "before_posting", message))
    return found


def _supplier_problems(invoice: PurchaseInvoice, supplier: Any) -> list[Problem]:
    if supplier is None:
        return []
    if supplier.state != "active":
        return [Problem("supplier", "archived", _("%(name)s is archived.", name=supplier.name))]
    if supplier.company_id is not None and supplier.company_id != invoice.company_id:
        message = _("%(name)s is a supplier of another company.", name=supplier.name)
        return [Problem("supplier", "other_company", message)]
    return []


def _credit_problems(invoice: PurchaseInvoice, facts: CheckFacts) -> list[Problem]:
    source = facts.credited
    if invoice.credits_id is None:
        return []
    if source is None or source.supplier_id != invoice.supplier_id or source.company_id != invoice.company_id:
        return [Problem("credits", "not_found", _("The credited invoice is not one of this supplier."))]
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


def credit_notes_of(work: Work, invoice: PurchaseInvoice) -> list[str]:
    """Find the submitted credit notes about an invoice."""
    query = select(PurchaseInvoice.number).where(
        PurchaseInvoice.credits_id == invoice.id, PurchaseInvoice.state == "submitted"
    )
    return [str(number) for number in work.session.scalars(query)]


@cancel_checks(PurchaseInvoice, given=credit_notes_of)
def credited_invoices_stay(invoice: PurchaseInvoice, credit_notes: list[str]) -> list[Problem]:  # noqa: ARG001
    """Refuse to cancel an invoice that is credited."""
    if not credit_notes:
        return []
    message = _("Cancel its credit notes first: %(numbers)s.", numbers=", ".join(credit_notes))
    return [Problem("credits", "credited", message)]
