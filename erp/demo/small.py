"""What the two small companies of the demo have in common: a declaration of masters, and a few words for documents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from erp.accounts.account.queries import chart_of
from erp.accounts.charts.commands import lay_out_chart
from erp.accounts.payment.model import Payment
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.catalog.item import Item
from erp.catalog.item_group import ItemGroup
from erp.catalog.unit import Unit
from erp.company.company import Company
from erp.demo.masters import company_by_code
from erp.kernel.change import Work, save, submit
from erp.kernel.paper.imports import NOT_REQUIRED
from erp.kernel.records import Record
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier
from erp.people.employee import Employee
from erp.pricing.item_price import ItemPrice
from erp.pricing.price_list import PriceList
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder
from erp.start.standard import add_standard_taxes, add_standard_terms

Row = dict[str, Any]


@dataclass(frozen=True)
class SmallCompany:
    """A company with its masters and a function that writes its documents."""

    company: Row
    template: str
    groups: tuple[Row, ...]
    items: tuple[Row, ...]
    customers: tuple[Row, ...]
    suppliers: tuple[Row, ...]
    employees: tuple[Row, ...]
    documents: Callable[["Desk"], None]
    price_lists: tuple[Row, ...] = ()
    prices: tuple[Row, ...] = ()
    units: tuple[Row, ...] = ()


@dataclass
class Desk:
    """Somebody at work in one company: writes documents some days ago, through the same commands as the screen."""

    work: Work
    company_id: int
    today: date
    made: int = 0

    def ago(self, days: int) -> str:
        """Return the day that many days ago (negative: ahead), as forms send it."""
        return (self.today - timedelta(days=days)).isoformat()

    def order(self, customer: str, days: int, lines: list[Row], **more: Any) -> SalesOrder:
        """Write an order."""
        head = {"customer": {"code": customer}, "order_date": self.ago(days)}
        order: SalesOrder = self.save(SalesOrder, {**head, "lines": lines, **more})
        return order

    def invoice(self, customer: str, days: int, lines: list[Row], **more: Any) -> SalesInvoice:
        """Write and submit an invoice."""
        head = {"customer": {"code": customer}, "posting_date": self.ago(days)}
        invoice: SalesInvoice = self.done(self.save(SalesInvoice, {**head, "lines": lines, **more}))
        return invoice

    def bill(self, supplier: str, days: int, lines: list[Row], **more: Any) -> PurchaseInvoice:
        """Enter and submit a supplier's invoice."""
        head = {"supplier": {"code": supplier}, "posting_date": self.ago(days)}
        bill: PurchaseInvoice = self.done(self.save(PurchaseInvoice, {**head, "lines": lines, **more}))
        return bill

    def pay(self, document: Any, days: int, *, role: str = "bank", amount: str | None = None, **more: Any) -> Payment:
        """Receive or pay what is open of a document, or ``amount`` of it."""
        allocation: Row = {"voucher": {"kind": document.kind, "id": document.id}}
        payload = {
            "direction": "receive" if document.kind == "sales_invoice" else "pay", "date": self.ago(days),
            "account": chart_of(self.work, self.company_id).of(role), "reference": document.number,
            "allocations": [{**allocation, **({"amount": amount} if amount else {})}], **more,
        }  # fmt: skip
        payment: Payment = self.done(self.save(Payment, payload | ({"amount": amount} if amount else {})))
        return payment

    def save(self, kind: type[Any], payload: Row) -> Any:
        """Save a draft."""
        self.made += 1
        return save(self.work, kind, {"company": self.company_id, **payload})

    def done(self, document: Any) -> Any:
        """Submit a document."""
        submit(self.work, document)
        return document


def line(item: str, quantity: str, price: str | None = None, **more: Any) -> Row:
    """Return a line of a document."""
    return {"item": {"code": item}, "quantity": quantity, **({"price": price} if price else {}), **more}


def add_small_company(work: Work, small: SmallCompany) -> int:
    """Add a small company with everything it has, unless it is there; return how many documents were written."""
    if company_by_code(work, small.company["code"]) is not None:
        return 0
    company = save(work, Company, dict(small.company))
    lay_out_chart(work, company.id, small.template)
    add_standard_taxes(work, company.id, small.template)
    add_standard_terms(work)
    add_masters(work, company.id, small)
    work.facts["approval not required"] = NOT_REQUIRED
    desk = Desk(work, company.id, work.today(company.id))
    small.documents(desk)
    del work.facts["approval not required"]
    return desk.made


def add_masters(work: Work, company_id: int, small: SmallCompany) -> None:
    """Add the company's own masters; a row may name the company's accounts and taxes by code."""
    bound: list[tuple[type[Record], tuple[Row, ...]]] = [
        (Item, small.items), (PriceList, small.price_lists), (Customer, small.customers), (Supplier, small.suppliers),
        (Employee, small.employees),
    ]  # fmt: skip
    for shared, found in ((Unit, small.units), (ItemGroup, small.groups)):
        for row in found:
            save(work, shared, dict(row))
    for kind, found in bound:
        for row in found:
            save(work, kind, {"company": company_id, **row})
    for row in small.prices:
        save(work, ItemPrice, {**row, "price_list": _id_of(work, PriceList, row["price_list"], company_id),
                               "item": _id_of(work, Item, row["item"], company_id)})  # fmt: skip


def _id_of(work: Work, kind: type[Any], code: str, company_id: int) -> int:
    return int(work.session.scalars(select(kind.id).where(kind.code == code, kind.company_id == company_id)).one())
