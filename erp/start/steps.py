"""The first steps after the first run: what is done already, and where the next one begins."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select

from erp.accounts.account.model import Account
from erp.catalog.item import Item
from erp.company.company import Company
from erp.kernel.change import Work
from erp.kernel.records import has_kind, kind_of
from erp.kernel.rights.user import User
from erp.kernel.text import _


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with a link that begins it."""

    label: str
    hint: str
    done: bool
    url: str = ""
    action: str = ""


def steps(work: Work) -> list[Step]:
    """Return the first steps, asked in one query."""
    invoice: Any = kind_of("sales_invoice") if has_kind("sales_invoice") else None
    customer = kind_of("customer")
    row = work.session.execute(
        select(
            exists().where(Company.street.is_not(None)), exists().where(Account.id.is_not(None)),
            exists().where(customer.id.is_not(None)), exists().where(Item.id.is_not(None)),
            select(func.count(User.id)).scalar_subquery(),
            exists().where(invoice.submitted_at.is_not(None)) if invoice is not None else Company.id.is_(None),
        ).limit(1)
    ).one()  # fmt: skip
    address, chart, customers, items, users, invoiced = row
    return [
        Step(
            _("Company details"),
            _("Address, tax number and bank account stand on every paper."),
            bool(address),
            "/companies",
            _("Fill in"),
        ),
        Step(
            _("Chart of accounts"), _("Accounts by country; you can add your own."), bool(chart), "/accounts", _("Look")
        ),
        Step(_("First customer"), _("Or import them from a spreadsheet."), bool(customers), "/customers/new", _("Add")),
        Step(_("First item"), _("What you sell, with unit and price."), bool(items), "/items/new", _("Add")),
        Step(_("Invite your team"), _("Roles decide who approves."), users > 1, "/settings/users", _("Invite")),
        Step(_("First invoice"), _("From an order, or on its own."), bool(invoiced), "/sales-invoices/new", _("Write")),
    ]
