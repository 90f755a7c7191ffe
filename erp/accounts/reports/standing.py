"""How open items stood on a day, as known at a moment: worked out by the database, which returns the open ones only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, exists, func, select, tuple_, union_all

from erp.accounts.reports.source import E, Scope
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.model import CREDIT_NOTE, OpenItem, OpenItemAllocation
from erp.kernel.change import Work, labels

ITEM, A = OpenItem.__table__.c, OpenItemAllocation.__table__.c


@dataclass(slots=True)
class Standing:
    """An open item as it stood: its row, and what the ledger and the allocations made of it by then."""

    row: Any
    amount: Decimal = ZERO
    company: Decimal = ZERO
    allocated: Decimal = ZERO
    allocated_company: Decimal = ZERO
    credited: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        """Return what is open in the item's currency."""
        return self.amount - self.allocated

    @property
    def outstanding_company(self) -> Decimal:
        """Return what is open in company currency."""
        return self.company - self.allocated_company

    @property
    def is_open(self) -> bool:
        """Return whether anything is left of it, in either currency."""
        return bool(self.outstanding or self.outstanding_company)


def standings(
    work: Work, scope: Scope, *, kind: str | None = None, party: int | None = None, whole: bool = False
) -> list[Standing]:  # fmt: skip
    """Return the items of parties of a kind that were open on the day, oldest first; with ``whole`` their settled parts.

    Now, the open items themselves answer; another day is worked out from ledger and allocations alone.
    """
    condition = ITEM.company_id == scope.company
    if kind is not None:
        condition &= ITEM.party_kind == kind
    if party is not None:
        condition &= ITEM.party_id == party
    now = scope.end is None and scope.seq is None
    query = _now(condition, whole=whole) if now else _then(scope, condition, whole=whole)
    found = [_standing(row) for row in work.session.execute(query)]
    return sorted(found, key=lambda one: (one.row.due_on or date.min, one.row.voucher_id, one.row.instalment))


def _standing(row: Any) -> Standing:
    return Standing(row, row.n, row.c, row.taken, row.taken_company, row.credit)


def _now(condition: ColumnElement[bool], *, whole: bool) -> Select[Any]:
    """Return the query of what is open by now; of vouchers of which anything is open, the settled parts as well."""
    taken, company = ITEM.amount - ITEM.outstanding, ITEM.amount_company - ITEM.outstanding_company
    query = select(
        OpenItem.__table__, ITEM.amount.label("n"), ITEM.amount_company.label("c"), taken.label("taken"),
        company.label("taken_company"), ITEM.credited.label("credit"),
    ).where(condition)  # fmt: skip
    if not whole:
        return query.where(ITEM.is_open)
    some = OpenItem.__table__.alias("some")
    same = (some.c.voucher_kind == ITEM.voucher_kind) & (some.c.voucher_id == ITEM.voucher_id)
    return query.where(exists().where(same, some.c.is_open))


def _then(scope: Scope, condition: ColumnElement[bool], *, whole: bool) -> Select[Any]:
    booked = (
        select(E.open_item.label("key"), func.sum(E.amount_transaction).label("n"), func.sum(E.amount).label("c"))
        .where(scope.condition(), E.open_item.is_not(None))
        .group_by(E.open_item)
        .subquery("booked")
    )
    taken = _taken(scope)
    columns = [booked.c.n, booked.c.c] + [
        func.coalesce(taken.c[name], 0).label(name) for name in ("taken", "taken_company", "credit")
    ]
    stood = (
        select(OpenItem.__table__, *columns)
        .join(booked, booked.c.key == ITEM.key)
        .outerjoin(taken, taken.c.key == ITEM.key)
        .where(condition)
        .cte("stood")
    )
    if not whole:
        return select(stood).where(_is_open(stood))
    vouchers = select(stood.c.voucher_kind, stood.c.voucher_id).where(_is_open(stood))
    return select(stood).where(tuple_(stood.c.voucher_kind, stood.c.voucher_id).in_(vouchers))


def _is_open(stood: CTE) -> ColumnElement[bool]:
    c = stood.c
    return (c.n != c.taken) | (c.c != c.taken_company)


def _taken(scope: Scope) -> Any:
    """Return what allocations took from both of their items by the day, by key."""
    known = A.company_id == scope.company
    if scope.end is not None:
        known &= A.effective_on <= scope.end
    if isinstance(scope.known, datetime):
        known &= A.posted_at <= scope.known
    elif scope.known is not None:
        posted = select(func.max(E.posted_at)).where(E.company_id == scope.company, E.seq <= scope.known)
        known &= A.posted_at <= posted.scalar_subquery()
    other, this = OpenItem.__table__.alias("other"), OpenItem.__table__.alias("this")
    credit = func.if_(other.c.nature == CREDIT_NOTE, A.amount, 0)
    back = func.if_(this.c.nature == CREDIT_NOTE, -A.amount, 0)
    sides = union_all(
        select(A.item.label("key"), A.amount.label("n"), A.amount_company.label("c"), credit.label("credit"))
        .join(other, other.c.key == A.against)
        .where(known),
        select(A.against, -A.amount, A.against_company, back).join(this, this.c.key == A.item).where(known),
    ).subquery("sides")
    return (
        select(
            sides.c.key, func.sum(sides.c.n).label("taken"), func.sum(sides.c.c).label("taken_company"),
            func.sum(sides.c.credit).label("credit"),
        )
        .group_by(sides.c.key)
        .subquery("taken")
    )  # fmt: skip


def party_names(work: Work, found: Iterable[Standing]) -> dict[tuple[str, int], str]:
    """Return the names of the parties of open items."""
    names: dict[tuple[str, int], str] = {}
    wanted = {(one.row.party_kind, one.row.party_id) for one in found}
    for kind in sorted({kind for kind, _id in wanted}):
        ids = {one for name, one in wanted if name == kind}
        names |= {(kind, one): label.text for one, label in labels(work.session, kind, ids).items()}
    return names
