"""What selling must know of companies and customers: approval limit, price lists."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped

from erp.accounts.parties import (
    CustomerAccounts,
    ItemAccounts,
    ItemFigures,
    PartyAccounts,
    remember_items,
    remember_party,
)
from erp.catalog.item import Item, ItemFacts
from erp.catalog.unit import Unit
from erp.company.company import Company
from erp.kernel.change import Work, fills_in, kept
from erp.kernel.change.links import reads_with, remember_labels
from erp.kernel.errors import Problem, Problems
from erp.kernel.records import Money, Voucher, field, link
from erp.kernel.records.aspects import Aspect
from erp.kernel.text import _, _l
from erp.parties.customer import Customer
from erp.pricing.price_list import PriceList


class SellingSettings(Aspect, owner=Company):
    """How a company sells."""

    approval_limit: Mapped[Money | None] = field(
        _l("Orders need approval above"), group="More", help=_l("In company currency, with tax. Empty: no limit.")
    )
    sales_price_list_id: Mapped[int | None] = link("price_list", _l("Usual price list"), group="More", index=False)


class CustomerSelling(Aspect, owner=Customer):
    """How a customer buys."""

    price_list_id: Mapped[int | None] = link("price_list", _l("Price list"), group="More", index=False)


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer as sales documents see him, with what his company says about selling."""

    name: str
    state: str
    company_id: int | None
    currency: str | None
    language: str | None
    email: str | None
    credit_limit: Decimal | None
    price_list_id: int | None
    approval_limit: Decimal | None
    usual_price_list_id: int | None


def customer_facts(work: Work, company_id: int, customer_id: int | None) -> CustomerFacts | None:
    """Return what selling asks of a customer, in one query of the unit of work; None when there is none."""
    if customer_id is None:
        return None
    return work.once(("selling to", company_id, customer_id), lambda: _read(work, company_id, customer_id))


CUSTOMER_COLUMNS = (
    Customer.name, Customer.state, Customer.company_id, Customer.currency, Customer.language, Customer.email,
    Customer.credit_limit, CustomerSelling.price_list_id, CustomerAccounts.receivable_account_id,
    CustomerAccounts.terms_id,
)  # fmt: skip
CUSTOMER_JOINS = (
    (CustomerAccounts, CustomerAccounts.record_id == Customer.id),
    (CustomerSelling, CustomerSelling.record_id == Customer.id),
)
CUSTOMER = (
    select(Customer.id, *CUSTOMER_COLUMNS)
    .outerjoin(*CUSTOMER_JOINS[0])
    .outerjoin(*CUSTOMER_JOINS[1])
    .where(Customer.id == bindparam("customer"))
)
SELLER = select(SellingSettings.approval_limit, SellingSettings.sales_price_list_id).where(
    SellingSettings.record_id == bindparam("company")
)


def _keep_customers(work: Work, rows: Mapping[int, Any]) -> None:
    work.once("customers", dict[int, Any]).update(rows)


reads_with(Customer, CUSTOMER_COLUMNS, CUSTOMER_JOINS, _keep_customers)


def _read(work: Work, company_id: int, customer_id: int) -> CustomerFacts | None:
    """Read the customer with what accounts ask of him, unless a link found him already."""
    known = work.once("customers", dict[int, Any])
    if customer_id not in known:
        known.update({row[0]: row[1:] for row in work.session.execute(CUSTOMER, {"customer": customer_id})})
    row = known.get(customer_id)
    if row is None:
        return None
    limit, usual = _seller(work, company_id)
    facts = CustomerFacts(*(*row[:8], limit, usual))
    remember_party(work, "customer", customer_id, PartyAccounts(row[8], row[9], facts.currency))
    return facts


def _seller(work: Work, company_id: int) -> tuple[Decimal | None, int | None]:
    """Return above which amount a company's orders need an approval, and its usual price list."""

    def find() -> tuple[Decimal | None, int | None]:
        row = work.session.execute(SELLER, {"company": company_id}).one_or_none()
        return (row[0], row[1]) if row is not None else (None, None)

    return kept(work, ("selling", company_id), find)


def read_once(work: Work, document: Any) -> None:
    """Read customer and items before the first rule asks: a fixed number of queries, however many rules there are."""
    if document.company_id is None:
        raise Problems([Problem("company", "required", _("Say for which company this is."))])
    customer_facts(work, document.company_id, document.customer_id)
    ids = {line.item_id for line in document.lines if line.item_id}
    missing = ids - work.once("items", dict[int, ItemFacts]).keys()
    if missing:
        rows = work.session.execute(ITEMS, {"ids": list(missing)})
        _keep_items(work, {row[0]: row[1:] for row in rows})


ITEM_COLUMNS = (
    *(getattr(Item, one.name) for one in fields(ItemFacts)),
    *(getattr(ItemAccounts, one.name) for one in fields(ItemFigures)),
    Unit.code,
    Unit.name,
)
ITEM_JOINS = ((Unit, Unit.id == Item.unit_id), (ItemAccounts, ItemAccounts.record_id == Item.id))
ITEMS = (
    select(Item.id, *ITEM_COLUMNS)
    .outerjoin(*ITEM_JOINS[0])
    .outerjoin(*ITEM_JOINS[1])
    .where(Item.id.in_(bindparam("ids", expanding=True)))
)


def _keep_items(work: Work, rows: Mapping[int, Any]) -> None:
    """Remember items, their accounts and the words of their units."""
    work.once("items", dict[int, ItemFacts]).update({one: ItemFacts(*row[:-5]) for one, row in rows.items()})
    remember_items(work, rows, {one: ItemFigures(*row[-5:-2]) for one, row in rows.items()})
    known = work.once("items", dict[int, ItemFacts])
    remember_labels(work, "unit", ((known[one].unit_id, row[-2], row[-1]) for one, row in rows.items()))


reads_with(Item, ITEM_COLUMNS, ITEM_JOINS, _keep_items)


def sold(kind: type[Voucher]) -> type[Voucher]:
    """Let a sales document read its facts at once; a decorator below ``@bills``."""
    fills_in(kind, given=read_once)(_nothing)
    return kind


def _nothing(document: Any, facts: None) -> None:
    """Fill nothing in: the facts are what was wanted."""


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A price list as documents see it."""

    id: int
    currency: str
    prices_include_tax: bool


def price_list_facts(work: Work, price_list_id: int | None) -> ListFacts | None:
    """Return a price list, found once in a unit of work."""
    if price_list_id is None:
        return None
    return kept(work, ("price list", price_list_id), lambda: _list(work, price_list_id))


def _list(work: Work, price_list_id: int) -> ListFacts | None:
    query = select(PriceList.id, PriceList.currency, PriceList.prices_include_tax).where(PriceList.id == price_list_id)
    row = work.session.execute(query).one_or_none()
    return ListFacts(*row) if row is not None else None
