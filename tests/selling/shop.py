"""A small company that sells, in the database of a test."""

from dataclasses import dataclass
from typing import Any

from erp.catalog.item import Item
from erp.catalog.unit import seed_units
from erp.company.company import Company
from erp.kernel.change import Work, find, save, submit
from erp.parties.customer import Customer
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.commands import invoice as invoice_order
from erp.selling.sales_order.model import SalesOrder
from tests.accounts.makers import Books, books


@dataclass
class Shop:
    """The company's books with what it sells."""

    work: Work
    ledger: Books

    def draft(self, kind: Any, *quantities: str, **more: Any) -> Any:
        """Save a draft: one line of apples for each quantity, unless lines are given."""
        lines = [{"item": {"code": "A"}, "quantity": quantity} for quantity in quantities]
        payload = {"company": self.ledger.company, "customer": self.ledger.customer, "lines": lines, **more}
        return save(self.work, kind, payload)

    def order(self, *quantities: str, **more: Any) -> Any:
        """Save and submit an order."""
        order = self.draft(SalesOrder, *quantities, **more)
        submit(self.work, order)
        return order

    def invoice(self, order: Any, *parts: tuple[int, str], **more: Any) -> Any:
        """Invoice (line, quantity) pairs of an order, or all that is left, and submit."""
        lines = [{"order_line": order.lines[line].id, "quantity": quantity} for line, quantity in parts] or None
        draft: Any = invoice_order(self.work, self.again(order), lines=lines, **more)
        submit(self.work, draft)
        return draft

    def again(self, document: Any) -> Any:
        """Read a document again, with its lines, as it stands in the database."""
        self.work.session.flush()
        self.work.session.expire_all()
        return find(self.work, type(document), document.id)


def open_shop(work: Work) -> Shop:
    """Return a company that sells apples at 10 (cost 6) with 19 % tax, and freight without."""
    ledger = books(work)
    tax = ledger.tax("V19", "19")
    seed_units(work)
    goods = {"company": ledger.company, "unit": {"code": "pc"}}
    save(
        work,
        Item,
        {**goods, "code": "A", "name": "Apple", "sales_price": "10", "standard_cost": "6", "tax_codes": [tax]},
    )
    save(work, Item, {**goods, "code": "F", "name": "Freight", "type": "service", "tax_codes": []})
    company = work.session.get_one(Company, ledger.company)
    save(work, Company, {"approval_limit": "1000"}, company)
    customer = find(work, Customer, ledger.customer)
    save(work, Customer, {"email": "customer@example.com", "language": "en"}, customer)
    return Shop(work, ledger)


__all__ = ["SalesInvoice", "SalesOrder", "Shop", "open_shop"]
