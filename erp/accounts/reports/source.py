"""Questions over the ledger that all statements share: balances of accounts, known up to a sequence number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, case, func, select

from erp.accounts.account.model import Account
from erp.accounts.company import Books, books_of
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work
from erp.kernel.paper.reports import DATE, INSTANT, Column, Parameter, Table
from erp.kernel.text import _, _l

E = LedgerEntry.__table__.c
FROM = Parameter("from", _l("From"), DATE)
TO = Parameter("to", _l("To"), DATE)
AS_OF = Parameter("as_of", _l("As of"), DATE)
KNOWN_ON = Parameter("known_on", _l("As known on"), INSTANT)
COMPARE = Parameter(
    "compare", _l("Compare"), "choice",
    choices=(("previous_year", _l("Previous year")), ("previous_period", _l("Previous period"))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """What a statement is about: a company, a period (ends included), and what was known."""

    company: int
    books: Books
    start: date | None
    end: date | None
    seq: int | None
    known_on: Any

    def condition(self) -> ColumnElement[bool]:
        """Return the rows that were known and are not after the end."""
        parts = [E.company_id == self.company]
        if self.seq is not None:
            parts.append(E.seq <= self.seq)
        if self.end is not None:
            parts.append(E.effective_on <= self.end)
        return and_(*parts)

    def in_period(self) -> ColumnElement[bool]:
        """Return the rows that are not before the start."""
        return E.effective_on >= self.start if self.start is not None else E.seq >= 0

    def url(self, name: str, **changes: Any) -> str:
        """Return the URL of another report on the same scope."""
        given = {"company": self.company, "from": self.start, "to": self.end} | changes
        if self.seq is not None:
            given.setdefault("known_on", self.seq)
        return f"/reports/{name}?" + urlencode({key: value for key, value in given.items() if value is not None})


def scope_of(work: Work, asked: Mapping[str, Any]) -> Scope:
    """Return the scope that the parameters of a report describe."""
    known = asked.get("known_on")
    return Scope(
        company=asked["company"],
        books=books_of(work, asked["company"]),
        start=asked.get("from"),
        end=asked.get("as_of") or asked.get("to"),
        seq=known_seq(work, asked["company"], known),
        known_on=known if known is not None else work.now,
    )


def known_seq(work: Work, company: int, known: datetime | int | None) -> int | None:
    """Return the last entry that was known at a moment; a number stands for itself, None for all of it."""
    if known is None or isinstance(known, int):
        return known
    query = select(func.coalesce(func.max(E.seq), 0)).where(E.company_id == company, E.posted_at <= known)
    return int(work.session.scalar(query) or 0)


@dataclass(slots=True)
class Balance:
    """What one account did: its opening balance, both sides in the period, and how many entries."""

    opening: Decimal = ZERO
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    lines: int = 0

    @property
    def movement(self) -> Decimal:
        """Return debits less credits of the period."""
        return self.debit - self.credit

    @property
    def closing(self) -> Decimal:
        """Return the balance at the end, debit positive."""
        return self.opening + self.debit - self.credit

    def add(self, other: "Balance") -> None:
        """Add another account's figures: what a group shows."""
        self.opening += other.opening
        self.debit += other.debit
        self.credit += other.credit
        self.lines += other.lines


def balances(work: Work, scope: Scope, *, without: str = "") -> dict[int, Balance]:
    """Return the balance of each account that has entries, in one query; entries of the rule ``without`` left out."""
    inside, none = scope.in_period(), Decimal(0)
    query = (
        select(
            E.account_id,
            func.sum(case((~inside, E.amount), else_=none)),
            func.sum(case((inside & (E.side == "D"), E.amount), else_=none)),
            func.sum(case((inside & (E.side == "C"), -E.amount), else_=none)),
            func.sum(case((inside, 1), else_=0)),
        )
        .where(scope.condition(), E.rule != without)
        .group_by(E.account_id)
    )
    return {row[0]: Balance(row[1], row[2], row[3], int(row[4])) for row in work.session.execute(query)}


@dataclass(slots=True)
class Node:
    """An account in the tree of its chart."""

    id: int
    code: str
    name: str
    root_type: str
    role: str | None
    parent: int | None
    is_group: bool
    depth: int = 0


def tree(work: Work, company: int) -> list[Node]:
    """Return the chart from top to bottom, each account below its group, in order of codes."""
    columns = (
        Account.id, Account.code, Account.name, Account.root_type, Account.role, Account.parent_id, Account.is_group,
    )  # fmt: skip
    rows = work.session.execute(select(*columns).where(Account.company_id == company).order_by(Account.code))
    nodes = [Node(*row) for row in rows]
    below: dict[int | None, list[Node]] = {}
    known = {node.id for node in nodes}
    for node in nodes:
        below.setdefault(node.parent if node.parent in known else None, []).append(node)
    return _walk(below, None, 0)


def _walk(below: Mapping[int | None, list[Node]], parent: int | None, depth: int) -> list[Node]:
    result = []
    for node in below.get(parent, ()):
        node.depth = depth
        result += [node, *_walk(below, node.id, depth + 1)]
    return result


def with_groups(nodes: list[Node], found: Mapping[int, Balance]) -> dict[int, Balance]:
    """Return the balances of accounts and of the groups above them."""
    sums = {node.id: Balance() for node in nodes}
    parents = {node.id: node.parent for node in nodes}
    for account, balance in found.items():
        place: int | None = account
        while place is not None and place in sums:
            sums[place].add(balance)
            place = parents[place]
    return sums


def compared_scope(scope: Scope, how: str | None) -> Scope | None:
    """Return the scope of the comparison column: a year before, or the period of the same length before."""
    if not how or scope.end is None:
        return None
    if how == "previous_year":
        start = _year_before(scope.start) if scope.start else None
        return Scope(scope.company, scope.books, start, _year_before(scope.end), scope.seq, scope.known_on)
    if scope.start is None:
        return Scope(scope.company, scope.books, None, scope.end - timedelta(days=365), scope.seq, scope.known_on)
    length = scope.end - scope.start + timedelta(days=1)
    return Scope(
        scope.company, scope.books, scope.start - length, scope.start - timedelta(days=1), scope.seq, scope.known_on
    )


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def with_comparison(table: Table, before: Table | None, key: str, column: str) -> Table:
    """Add the figures of an earlier time in a column of their own, row by row; what is only there has a row of zeros."""
    if before is None:
        return table
    earlier = {row[key]: row for row in before.rows if key in row}
    for row in table.rows:
        if key in row:
            row["compared"] = earlier.pop(row[key], {}).get(column, ZERO)
    for row in earlier.values():
        blank = {name: ZERO if isinstance(value, Decimal) else value for name, value in row.items()}
        table.rows.append({**blank, "compared": row[column]})
    table.columns.append(Column("compared", _("Compared"), "money", table.currency, compare=True))
    if table.totals:
        table.totals["compared"] = sum((row.get("compared", ZERO) for row in table.rows), ZERO)
    return table
