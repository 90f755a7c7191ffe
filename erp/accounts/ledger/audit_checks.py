"""What must be true of the books, recomputed by ``erp audit``."""

from typing import Any, cast

from sqlalchemy import func, select

from erp.accounts.account.model import PARTY_ROLES, Account
from erp.accounts.billing.model import BillableDocument, SettledDocument
from erp.accounts.ledger.model import LedgerEntry, LedgerHead, PartyBalance
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.model import OpenItem
from erp.accounts.settlement.rebuild import Sums, derived_balances, derived_items
from erp.kernel.change import Work
from erp.kernel.change.audit_checks import audit_check
from erp.kernel.records import all_kinds

E = LedgerEntry.__table__.c
NAMED = 50


@audit_check("debits equal credits in every voucher and on every day")
def vouchers_balance(work: Work) -> list[str]:
    """Find vouchers whose entries of one day do not add up to zero."""
    query = (
        select(E.voucher_kind, E.voucher_number, E.effective_on, func.sum(E.amount))
        .group_by(E.company_id, E.voucher_kind, E.voucher_id, E.voucher_number, E.effective_on)
        .having(func.sum(E.amount) != 0)
        .limit(NAMED)
    )
    return [f"{row[0]} {row[1]} on {row[2]}: {row[3]}" for row in work.session.execute(query)]


@audit_check("ledger numbers have no gaps")
def sequence_is_gapless(work: Work) -> list[str]:
    """Compare each company's head with the entries it counted: as many as its number says, from 1."""
    counted = (
        select(E.company_id, func.count().label("n"), func.min(E.seq).label("low"), func.max(E.seq).label("high"))
        .group_by(E.company_id).subquery()
    )  # fmt: skip
    query = select(LedgerHead.company_id, LedgerHead.seq, counted.c.n, counted.c.low, counted.c.high).outerjoin(
        counted, counted.c.company_id == LedgerHead.company_id
    )
    return [
        f"company {row.company_id}: head {row.seq}, entries {row.n or 0}"
        for row in work.session.execute(query)
        if row.seq and (row.n != row.seq or row.low != 1 or row.high != row.seq)
    ]


@audit_check("open items equal the ledger and the allocations")
def items_follow_ledger(work: Work) -> list[str]:
    """Compare every open item with what ledger and allocations say."""
    derived, found = derived_items(work), []
    rows = work.session.execute(select(OpenItem.__table__)).all()
    for row in rows:
        must = derived.pop(row.key, Sums()).columns()
        if any(getattr(row, column) != value for column, value in must.items()):
            found.append(f"{row.voucher_number}, instalment {row.instalment}")
    return found + [f"missing open item {key}" for key in derived]


@audit_check("accounts of parties equal their open items")
def accounts_follow_items(work: Work) -> list[str]:
    """Compare the balance of every account that keeps open items with what is open on it."""
    booked = (
        select(E.account_id, func.sum(E.amount).label("amount"))
        .join(Account, (Account.id == E.account_id) & Account.role.in_(tuple(PARTY_ROLES)))
        .group_by(E.account_id)
        .subquery()
    )
    items = (
        select(OpenItem.account_id, func.sum(OpenItem.outstanding_company).label("amount"))
        .where(OpenItem.is_open).group_by(OpenItem.account_id).subquery()
    )  # fmt: skip
    is_open = func.coalesce(items.c.amount, 0)
    query = (
        select(Account.company_id, Account.code, booked.c.amount, is_open)
        .join(booked, booked.c.account_id == Account.id)
        .outerjoin(items, items.c.account_id == Account.id)
        .where(booked.c.amount != is_open)
    )
    return [f"company {row[0]}, account {row[1]}: {row[2]}, open {row[3]}" for row in work.session.execute(query)]


@audit_check("party balances equal the ledger")
def balances_follow_ledger(work: Work) -> list[str]:
    """Compare every stored balance of a party with the ledger."""
    derived, table = derived_balances(work), PartyBalance.__table__
    found = []
    for row in work.session.execute(select(table)):
        must = derived.pop((row.company_id, row.party_kind, row.party_id), ZERO)
        if must != row.balance:
            found.append(f"{row.party_kind} {row.party_id}: stored {row.balance}, ledger {must}")
    return found + [f"{kind} {party}: no balance stored" for (_c, kind, party), must in derived.items() if must]


@audit_check("outstanding amounts on documents equal their open items")
def documents_follow_items(work: Work) -> list[str]:
    """Compare the stored outstanding amount of every billed document with its open items."""
    found = []
    for kind in all_kinds():
        if not (issubclass(kind, BillableDocument) and issubclass(kind, SettledDocument)):
            continue
        table: Any = cast("Any", kind)
        sign = 1 if kind.__side__ == "sale" else -1
        items = (
            select(OpenItem.voucher_id, (sign * func.sum(OpenItem.outstanding)).label("open"))
            .where(OpenItem.voucher_kind == kind.__kind__).group_by(OpenItem.voucher_id).subquery()
        )  # fmt: skip
        query = (
            select(table.number, table.outstanding, items.c.open)
            .outerjoin(items, items.c.voucher_id == table.id)
            .where(table.state != "draft", table.outstanding != func.coalesce(items.c.open, 0))
            .limit(NAMED)
        )
        found += [f"{row[0]}: stored {row[1]}, items {row[2] or 0}" for row in work.session.execute(query)]
    return found


@audit_check("totals of documents equal their lines and taxes")
def totals_follow_lines(work: Work) -> list[str]:
    """Compare total with net, tax and charges, and net with the sum of the lines and allowances."""
    found = []
    for kind in all_kinds():
        if not issubclass(kind, BillableDocument):
            continue
        table: Any = cast("Any", kind)
        line = kind.__mapper__.relationships["lines"].mapper.class_.__table__
        owner = line.c[f"{kind.__tablename__}_id"]
        lines = select(owner.label("id"), func.sum(line.c.amount).label("amount")).group_by(owner).subquery()
        query = (
            select(table.id, table.number, table.net, lines.c.amount)
            .outerjoin(lines, lines.c.id == table.id)
            .where(table.allowances.is_(None), table.net != func.coalesce(lines.c.amount, 0))
            .limit(NAMED)
        )
        found += [
            f"{kind.__kind__} {row[1] or row[0]}: net {row[2]}, lines {row[3] or 0}"
            for row in work.session.execute(query)
        ]
    return found
