"""Open items and party balances made anew from the ledger and the allocations: what the projections must equal."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, union_all, update

from erp.accounts.ledger.model import LedgerEntry, PartyBalance
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.documents import refresh_documents
from erp.accounts.settlement.model import CREDIT_NOTE, OpenItem, OpenItemAllocation
from erp.kernel.change import Work

E, A = LedgerEntry.__table__.c, OpenItemAllocation.__table__.c
ITEMS = cast("Table", OpenItem.__table__)


@dataclass(slots=True)
class Sums:
    """What ledger and allocations say of one open item."""

    amount: Decimal = ZERO
    amount_company: Decimal = ZERO
    allocated: Decimal = ZERO
    allocated_company: Decimal = ZERO
    credited: Decimal = ZERO

    def columns(self) -> dict[str, Any]:
        """Return the derived columns of the open item."""
        outstanding, company = self.amount - self.allocated, self.amount_company - self.allocated_company
        return {
            "amount": self.amount, "amount_company": self.amount_company, "outstanding": outstanding,
            "outstanding_company": company, "credited": self.credited, "is_open": bool(outstanding or company),
        }  # fmt: skip


def derived_items(work: Work, company_id: int | None = None) -> dict[str, Sums]:
    """Return what each open item must hold, by key."""
    found: dict[str, Sums] = {}
    booked = select(E.open_item, func.sum(E.amount_transaction), func.sum(E.amount)).where(E.open_item.is_not(None))
    if company_id is not None:
        booked = booked.where(E.company_id == company_id)
    for key, amount, company in work.session.execute(booked.group_by(E.open_item)):
        found[key] = Sums(amount, company)
    other, this = ITEMS.alias("other"), ITEMS.alias("this")
    credit = func.if_(other.c.nature == CREDIT_NOTE, A.amount, 0)
    back = func.if_(this.c.nature == CREDIT_NOTE, -A.amount, 0)
    sides = union_all(
        select(A.item.label("key"), A.amount.label("n"), A.amount_company.label("c"), credit.label("credited")).join(
            other, other.c.key == A.against
        ),
        select(A.against, -A.amount, A.against_company, back).join(this, this.c.key == A.item),
    ).subquery()
    query = select(sides.c.key, func.sum(sides.c.n), func.sum(sides.c.c), func.sum(sides.c.credited))
    for key, amount, company, credited in work.session.execute(query.group_by(sides.c.key)):
        one = found.setdefault(key, Sums())
        one.allocated, one.allocated_company, one.credited = amount, company, credited
    return found


def rebuild_open_items(work: Work, company_id: int) -> int:
    """Set the derived columns of every open item of a company, and its documents; return how many were wrong."""
    derived, wrong, vouchers = derived_items(work, company_id), 0, set()
    for row in work.session.execute(select(ITEMS).where(ITEMS.c.company_id == company_id).with_for_update()):
        must = derived.get(row.key, Sums()).columns()
        if any(getattr(row, column) != value for column, value in must.items()):
            work.session.execute(update(ITEMS).where(ITEMS.c.key == row.key).values(**must))
            vouchers.add((row.voucher_kind, row.voucher_id))
            wrong += 1
    refresh_documents(work, vouchers)
    return wrong


def derived_balances(work: Work) -> dict[tuple[int, str, int], Decimal]:
    """Return what each party owes by the ledger, by company, kind and party."""
    query = (
        select(E.company_id, E.party_kind, E.party_id, func.sum(E.amount))
        .where(E.party_id.is_not(None))
        .group_by(E.company_id, E.party_kind, E.party_id)
    )
    return {(row[0], row[1], row[2]): row[3] for row in work.session.execute(query)}


def rebuild_party_balances(work: Work, company_id: int) -> None:
    """Make the party balances of a company anew from its ledger."""
    table = cast("Table", PartyBalance.__table__)
    work.session.execute(delete(table).where(table.c.company_id == company_id))
    rows = [
        {"company_id": company, "party_kind": kind, "party_id": party, "balance": balance}
        for (company, kind, party), balance in sorted(derived_balances(work).items()) if company == company_id
    ]  # fmt: skip
    if rows:
        work.session.execute(insert(table), rows)
