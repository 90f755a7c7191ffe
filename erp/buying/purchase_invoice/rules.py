"""Is the supplier's invoice right: its supplier and its number? What every invoice must be stands with billing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from erp.accounts.billing.crediting import draft_problems, party_problems, quantity_problems
from erp.accounts.rounding import ZERO
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.catalog.item import ItemFacts, items_by_id
from erp.kernel.change import Work, checks, fills_in, valid_if
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


valid_if(PurchaseInvoice)(draft_problems)


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """The supplier, and an invoice of his with the same number."""

    supplier: Any
    same_number: str | None


def check_facts(work: Work, invoice: PurchaseInvoice) -> CheckFacts:
    """Find what the invoice is checked against."""
    supplier = work.session.execute(
        select(Supplier.name, Supplier.state, Supplier.company_id).where(Supplier.id == invoice.supplier_id)
    ).one_or_none()
    return CheckFacts(supplier, _same_number(work, invoice))


def _same_number(work: Work, invoice: PurchaseInvoice) -> str | None:
    if not invoice.supplier_reference:
        return None
    table = PurchaseInvoice
    query = select(table.number).where(
        table.supplier_id == invoice.supplier_id, table.supplier_reference == invoice.supplier_reference,
        table.company_id == invoice.company_id, table.state == "submitted", table.id != invoice.id,
    )  # fmt: skip
    return work.session.scalar(query.limit(1))


@checks(PurchaseInvoice, given=check_facts)
def invoice_problems(invoice: PurchaseInvoice, facts: CheckFacts) -> list[Problem]:
    """Return everything that refuses a supplier's invoice at submit."""
    found = [*party_problems(invoice, facts.supplier), *quantity_problems(invoice)]
    if facts.same_number is not None:
        message = _("This number of the supplier is entered already: %(number)s.", number=facts.same_number)
        found.append(Problem("supplier_reference", "duplicate", message))
    return found
