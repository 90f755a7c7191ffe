"""Northwind as its files have it, read into tables for the import engine and into orders; no database here."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from erp.company.countries import country_code
from erp.kernel.paper.tables import Row, Table

FOLDER = Path(__file__).parent / "data" / "northwind"
LAST_DAY = date(1998, 5, 6)
PAID_IF_SHIPPED_BY = date(1998, 3, 7)
PAID_AFTER = timedelta(days=30)
CODE, NAME = "NORTHWIND", "Northwind Traders"
FREIGHT = "FREIGHT"
COST_SHARE = Decimal("0.62")
"""What goods cost in proportion to their list price: the files do not tell, approvers want a margin."""


@cache
def records(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line of an order."""

    item: str
    quantity: Decimal
    price: Decimal
    discount_percent: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """One order with everything that follows from it."""

    reference: str
    customer: str
    employee: str
    ordered: date
    wanted: date
    shipped: date | None
    freight: Decimal
    lines: tuple[SoldLine, ...]
    is_paid: bool

    @property
    def invoiced(self) -> date:
        """Return the day of the invoice: that of shipping, of ordering where nothing was shipped yet."""
        return self.shipped or self.ordered

    @property
    def paid(self) -> date | None:
        """Return the day of the payment, or None while the customer owes."""
        return self.invoiced + PAID_AFTER if self.is_paid else None


def item_code(product_id: str) -> str:
    """Return the code of a product."""
    return f"P{int(product_id):02}"


def day_shift(today: date) -> timedelta:
    """Return how far the demo's days move so that its last one is within the week before ``today``: whole weeks."""
    return timedelta(days=(today - LAST_DAY).days // 7 * 7)


def sales(shift: timedelta = timedelta()) -> list[Sale]:
    """Return all orders, oldest first, moved by ``shift``."""
    lines: dict[str, list[SoldLine]] = {}
    for row in records("order_details"):
        discount = (Decimal(row["discount"]) * 100).normalize()
        sold = SoldLine(item_code(row["product_id"]), Decimal(row["quantity"]), _money(row["unit_price"]), discount + 0)
        lines.setdefault(row["order_id"], []).append(sold)
    found = []
    for row in records("orders"):
        shipped = date.fromisoformat(row["shipped_date"]) if row["shipped_date"] else None
        found.append(
            Sale(
                row["order_id"], row["customer_id"], row["employee_id"], date.fromisoformat(row["order_date"]) + shift,
                date.fromisoformat(row["required_date"]) + shift, shipped + shift if shipped else None,
                _money(row["freight"]), tuple(lines[row["order_id"]]),
                is_paid=shipped is not None and shipped <= PAID_IF_SHIPPED_BY,
            )
        )  # fmt: skip
    return sorted(found, key=lambda sale: (sale.ordered, sale.reference))


def _money(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def mail_address(company: str, box: str = "office") -> str:
    """Return an address for a company, in the domain that never leaves a test."""
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode().lower()
    return f"{box}@{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')}.example"


def _table(rows: Iterable[dict[str, str]], columns: dict[str, Callable[[dict[str, str]], str]]) -> Table:
    """Return rows of a file as a table whose titles are our fields."""
    return Table(
        tuple(columns), [Row(n, {name: make(row) for name, make in columns.items()}) for n, row in enumerate(rows, 2)]
    )


def _country(row: dict[str, str]) -> str:
    return country_code(row["country"]) or ""


def _text(name: str) -> Callable[[dict[str, str]], str]:
    return lambda row: row[name].replace("\\n", "\n").replace("\n", ", ")


def _party(code: Callable[[dict[str, str]], str]) -> dict[str, Callable[[dict[str, str]], str]]:
    return {
        "code": code, "name": _text("company_name"), "country": _country, "phone": _text("phone"),
        "email": lambda row: mail_address(row["company_name"]), "addresses.street": _text("address"),
        "addresses.postal_code": _text("postal_code"), "addresses.city": _text("city"),
        "addresses.region": _text("region"), "addresses.country": _country, "contacts.name": _text("contact_name"),
        "contacts.job_title": _text("contact_title"), "contacts.phone": _text("phone"),
    }  # fmt: skip


def customers() -> Table:
    """Return the 91 customers with address and contact."""
    return _table(records("customers"), _party(_text("customer_id")))


def suppliers() -> Table:
    """Return the 29 suppliers with address and contact."""
    return _table(records("suppliers"), _party(lambda row: f"S{int(row['supplier_id']):02}"))


def item_groups() -> Table:
    """Return the eight categories."""
    columns = {"code": _text("category_name"), "name": _text("category_name"), "description": _text("description")}
    return _table(records("categories"), columns)


def items() -> Table:
    """Return the 77 products."""
    groups = {row["category_id"]: row["category_name"] for row in records("categories")}
    return _table(
        records("products"),
        {
            "code": lambda row: item_code(row["product_id"]), "name": _text("product_name"),
            "unit": lambda row: "pc", "group": lambda row: groups[row["category_id"]],  # noqa: ARG005
            "description": _text("quantity_per_unit"), "sales_price": lambda row: str(_money(row["unit_price"])),
            "standard_cost": lambda row: str((_money(row["unit_price"]) * COST_SHARE).quantize(Decimal("0.01"))),
        },
    )  # fmt: skip


def employees() -> Table:
    """Return the nine employees, those to whom others report first."""
    return _table(
        sorted(records("employees"), key=lambda row: (row["reports_to"] != "", row["reports_to"] != "2")),
        {
            "code": _text("employee_id"), "name": lambda row: f"{row['first_name']} {row['last_name']}",
            "job_title": _text("title"), "phone": _text("home_phone"), "hired_on": _text("hire_date"),
            "born_on": _text("birth_date"), "reports_to": _text("reports_to"),
            "email": lambda row: f"{row['first_name']}.{row['last_name']}@northwind.example".lower(),
        },
    )  # fmt: skip
