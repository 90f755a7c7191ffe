"""The demo's companies and masters, loaded through the product's own import."""

from typing import Any

from sqlalchemy import select

from erp.catalog.item import Item
from erp.catalog.item_group import ItemGroup
from erp.catalog.unit import seed_units
from erp.company.company import Company
from erp.company.currency import seed_currencies
from erp.demo import northwind
from erp.kernel.change import Work, save
from erp.kernel.paper.imports import Options, import_table
from erp.kernel.paper.tables import Table
from erp.kernel.records import Record
from erp.kernel.rights import Actor
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier
from erp.people.employee import Employee

NORTHWIND: dict[str, Any] = {
    "code": northwind.CODE, "name": northwind.NAME, "legal_name": "Northwind Traders, Inc.", "country": "US",
    "currency": "USD", "timezone": "America/Los_Angeles", "language": "en", "number_format": "en_US",
    "approval_limit": "5000",
    "street": "507 20th Avenue East", "postal_code": "98122", "city": "Seattle", "region": "WA",
    "phone": "(206) 555-0140", "email": "billing@northwind.example", "website": "northwind.example",
    "bank_name": "Puget Sound Bank", "bank_account": "000123456789", "bank_code": "PSBKUS66",
    "bank_account_holder": "Northwind Traders, Inc.",
    "letterhead_text": "Northwind Traders, Inc.\nSeattle, Washington\n\nbilling@northwind.example\n(206) 555-0140",
}  # fmt: skip


class DemoFailed(Exception):
    """The demo's own data were refused: a defect of the product, not of what somebody typed."""


def seed_basics(work: Work) -> None:
    """Add what every company needs: currencies and units."""
    seed_currencies(work)
    seed_units(work)


def company_by_code(work: Work, code: str) -> Company | None:
    """Return the company of this code, or None."""
    return work.session.scalars(select(Company).where(Company.code == code)).one_or_none()


def add_northwind(work: Work) -> Company:
    """Add the company Northwind."""
    return save(work, Company, dict(NORTHWIND))


def bring_in(actor: Actor, kind: type[Record], table: Table, company: str) -> int:
    """Import a table of the demo; raise ``DemoFailed`` when a row is refused."""
    result = import_table(actor, kind, table, Options(company=company))
    if result.failed:
        first = result.errors[0]
        raise DemoFailed(f"{kind.__kind__}, row {first.row}, {first.column}: {first.message}")
    return result.created


def add_northwind_masters(actor: Actor) -> dict[str, int]:
    """Import Northwind's masters; return how many of each kind."""
    tables: list[tuple[type[Record], Table]] = [
        (ItemGroup, northwind.item_groups()), (Item, northwind.items()), (Customer, northwind.customers()),
        (Supplier, northwind.suppliers()), (Employee, northwind.employees()),
    ]  # fmt: skip
    return {kind.__collection__: bring_in(actor, kind, table, northwind.CODE) for kind, table in tables}


def add_freight(work: Work) -> Item:
    """Add the service by which freight is invoiced as its own line."""
    fields = {"code": northwind.FREIGHT, "name": "Freight", "type": "service", "unit": "pc", "company": northwind.CODE}
    return save(work, Item, fields)
