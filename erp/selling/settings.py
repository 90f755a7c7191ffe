"""What selling must know of companies and customers: approval limit, price lists."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Mapped

from erp.accounts.company import BOOK_COLUMNS, CompanyAccounts, remember_books
from erp.accounts.parties import CustomerAccounts, ItemAccounts, PartyAccounts, remember_items, remember_party
from erp.catalog.item import Item, ItemFacts
from erp.catalog.unit import Unit
from erp.company.company import Company
from erp.kernel.change import Work, fills_in
from erp.kernel.change.links import remember_labels
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


def _read(work: Work, company_id: int, customer_id: int) -> CustomerFacts | None:
    """Read the customer with what accounts ask of him and of the company: one query for all."""
    query = (
        select(
            Customer.name, Customer.state, Customer.company_id, Customer.currency, Customer.language, Customer.email,
            Customer.credit_limit, CustomerSelling.price_list_id, SellingSettings.approval_limit,
            SellingSettings.sales_price_list_id, CustomerAccounts.receivable_account_id, CustomerAccounts.terms_id,
            *BOOK_COLUMNS,
        )
        .select_from(Customer)
        .join(Company, and_(Company.id == company_id, Customer.id == customer_id))
        .outerjoin(CompanyAccounts, CompanyAccounts.record_id == Company.id)
        .outerjoin(CustomerAccounts, CustomerAccounts.record_id == Customer.id)
        .outerjoin(CustomerSelling, CustomerSelling.record_id == Customer.id)
        .outerjoin(SellingSettings, SellingSettings.record_id == Company.id)
    )  # fmt: skip
    row = work.session.execute(query).one_or_none()
    if row is None:
        return None
    facts = CustomerFacts(*row[:10])
    remember_party(work, "customer", customer_id, PartyAccounts(row[10], row[11], facts.currency))
    remember_books(work, company_id, row[12:])
    return facts


def read_once(work: Work, document: Any) -> None:
    """Read customer and items before the first rule asks: a fixed number of queries, however many rules there are."""
    if document.company_id is None:
        raise Problems([Problem("company", "required", _("Say for which company this is."))])
    customer_facts(work, document.company_id, document.customer_id)
    ids = {line.item_id for line in document.lines if line.item_id}
    known: dict[int, ItemFacts] = work.once("items", dict)
    missing = ids - known.keys()
    if not missing:
        return
    columns = [getattr(Item, name.name) for name in fields(ItemFacts)]
    query = (
        select(*columns, ItemAccounts, Unit.code, Unit.name)
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(ItemAccounts, ItemAccounts.record_id == Item.id)
    )
    rows = work.session.execute(query.where(Item.id.in_(missing))).all()
    known.update({row[0]: ItemFacts(*row[:-3]) for row in rows})
    remember_items(work, missing, {row[0]: row[-3] for row in rows})
    remember_labels(work, "unit", ((known[row[0]].unit_id, row[-2], row[-1]) for row in rows))


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
    return work.once(("price list", price_list_id), lambda: _list(work, price_list_id))


def _list(work: Work, price_list_id: int) -> ListFacts | None:
    query = select(PriceList.id, PriceList.currency, PriceList.prices_include_tax).where(PriceList.id == price_list_id)
    row = work.session.execute(query).one_or_none()
    return ListFacts(*row) if row is not None else None
