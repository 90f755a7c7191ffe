"""What accounts must know of customers, suppliers and items: aspects, and one question for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped

from erp.catalog.item import Item
from erp.kernel.change import Work
from erp.kernel.records import Tags, field, kind_of, link
from erp.kernel.records.aspects import Aspect
from erp.kernel.text import _l
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier


class CustomerAccounts(Aspect, owner=Customer):
    """Where a customer's debts stand, and when he usually pays."""

    receivable_account_id: Mapped[int | None] = link("account", _l("Receivable account"), group="More", index=False)
    terms_id: Mapped[int | None] = link("payment_terms", _l("Terms"), index=False)


class SupplierAccounts(Aspect, owner=Supplier):
    """Where a supplier's claims stand, and when we usually pay."""

    payable_account_id: Mapped[int | None] = link("account", _l("Payable account"), group="More", index=False)
    terms_id: Mapped[int | None] = link("payment_terms", _l("Terms"), index=False)


class ItemAccounts(Aspect, owner=Item):
    """Where an item earns and costs, and how it is taxed."""

    income_account_id: Mapped[int | None] = link("account", _l("Income account"), group="More", index=False)
    expense_account_id: Mapped[int | None] = link("account", _l("Expense account"), group="More", index=False)
    tax_codes: Mapped[Tags | None] = field(_l("Taxes"))


@dataclass(frozen=True, slots=True)
class PartyAccounts:
    """The account, terms and currency of a party."""

    account: int | None
    terms: int | None
    currency: str | None


def party_accounts(work: Work, kind: str, party_id: int) -> PartyAccounts:
    """Return where a customer or supplier stands in the books."""
    return work.once(("party accounts", kind, party_id), lambda: _read(work, kind, party_id))


def _read(work: Work, kind: str, party_id: int) -> PartyAccounts:
    cls = CustomerAccounts if kind == "customer" else SupplierAccounts
    account = CustomerAccounts.receivable_account_id if kind == "customer" else SupplierAccounts.payable_account_id
    party = kind_of(kind).__table__
    query = select(account, cls.terms_id, party.c.currency).select_from(party)
    query = query.outerjoin(cls, cls.record_id == party.c.id).where(party.c.id == party_id)
    row = work.session.execute(query).one_or_none()
    return PartyAccounts(*row) if row is not None else PartyAccounts(None, None, None)


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """The accounts and taxes of an item, as facts."""

    income_account_id: int | None
    expense_account_id: int | None
    tax_codes: list[str] | None


FIGURES = select(ItemAccounts.record_id, *(getattr(ItemAccounts, one.name) for one in fields(ItemFigures))).where(
    ItemAccounts.record_id.in_(bindparam("ids", expanding=True))
)


def item_accounts(work: Work, ids: Iterable[int]) -> dict[int, ItemFigures]:
    """Return the accounts and taxes of items, in one query."""
    wanted = set(ids)
    known: dict[int, Any] = work.once("item accounts", dict)
    missing = wanted - known.keys()
    if missing:
        rows = work.session.execute(FIGURES, {"ids": list(missing)})
        remember_items(work, missing, {row[0]: ItemFigures(*row[1:]) for row in rows})
    return {one: known[one] for one in wanted if known[one] is not None}


def remember_items(work: Work, ids: Iterable[int], found: Mapping[int, ItemFigures]) -> None:
    """Keep the accounts of items, so that nothing asks again in this unit of work."""
    known: dict[int, Any] = work.once("item accounts", dict)
    known.update({one: found.get(one) for one in ids})


def remember_party(work: Work, kind: str, party_id: int, accounts: PartyAccounts) -> None:
    """Keep where a party stands, so that nothing asks again in this unit of work."""
    work.facts["party accounts", kind, party_id] = accounts
