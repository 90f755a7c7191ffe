"""Questions over the ledger that all statements share: balances of accounts, known up to a sequence number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, case, func, select

from erp.accounts.account.model import Account
from erp.accounts.company import Books, books_of
from erp.accounts.ledger.model import LedgerEntry, LedgerHead
from erp.accounts.rounding import ZERO
from erp.company.fiscal_year import PERIODS, period_named, previous, year_before
from erp.kernel.change import Work
from erp.kernel.paper.reports import CHOICE, DATE, INSTANT, Column, Parameter, Table
from erp.kernel.text import _, _l

E = LedgerEntry.__table__.c
FROM = Parameter("from", _l("From"), DATE)
TO = Parameter("to", _l("To"), DATE)
AS_OF = Parameter("as_of", _l("As of"), DATE)
KNOWN_ON = Parameter("known_on", _l("As known on"), INSTANT)
PERIOD = Parameter("period", _l("Period"), CHOICE, choices=PERIODS)
COMPARE = Parameter(
    "compare", _l("Compare"), CHOICE,
    choices=(("previous_year", _l("Previous year")), ("previous_period", _l("Previous period"))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """What a statement is about: a company, a period (ends included), and what was known.

    ``head`` is the last entry that it saw: asked as ``known_on``, it gives the same answer for ever.
    """

    company: int
    books: Books
    start: date | None
    end: date | None
    seq: int | None
    known: datetime | int | None
    known_on: Any
    head: int = 0

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
        given: dict[str, Any] = {"company": self.company, "from": self.start, "to": self.end} | changes
        if self.known is not None:
            given.setdefault("known_on", self.known.isoformat() if isinstance(self.known, datetime) else self.known)
        return f"/reports/{name}?" + urlencode({key: value for key, value in given.items() if value is not None})


def scope_of(work: Work, asked: Mapping[str, Any]) -> Scope:
    """Return the scope that the parameters of a report describe; days rule over a period's name."""
    known, books = asked.get("known_on"), books_of(work, asked["company"])
    start, end = asked.get("from"), asked.get("as_of") or asked.get("to")
    if asked.get("period") and start is None and end is None:
        span = period_named(asked["period"], work.today(books.company_id), books.first_month)
        start, end = (span.start if "from" in asked else None), span.end
    seq = known_seq(work, books.company_id, known)
    newest = select(LedgerHead.seq).where(LedgerHead.company_id == books.company_id)
    return Scope(
        company=books.company_id,
        books=books,
        start=start,
        end=end,
        seq=seq,
        known=known,
        known_on=known if known is not None else work.now,
        head=(work.session.scalar(newest) or 0) if seq is None else seq,
    )


def known_seq(work: Work, company: int, known: datetime | int | None) -> int | None:
    """Return the last entry that was known at a moment; a number stands for itself, None for all of it."""
    if known is None or isinstance(known, int):
        return known
    query = select(E.seq).where(E.company_id == company, E.posted_at <= known).order_by(E.seq.desc()).limit(1)
    return work.session.scalar(query) or 0


def answer(columns: list[Column], rows: Iterable[dict[str, Any]], totals: dict[str, Any], scope: Scope) -> Table:
    """Return a table on a scope, with what it saw."""
    return Table(
        columns, rows, totals, as_of=scope.end, known_on=scope.known_on, currency=scope.books.currency,
        facts={"known_seq": scope.head, "from": scope.start},
    )  # fmt: skip


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
    """Return the scope of the comparison column: the same period a year before, or the one before it."""
    if not how or scope.end is None:
        return None
    start, end = (year_before if how == "previous_year" else previous)(scope.start, scope.end)
    return replace(scope, start=start, end=end)


def with_comparison(table: Table, before: Table | None, key: str, column: str) -> Table:
    """Add the figures of an earlier time in a column of their own, row by row; what is only there has a row of zeros.

    A figure of the earlier time drills to the entries of that time.
    """
    if before is None:
        return table
    rows = list(table.rows)
    earlier = {row[key]: row for row in before.rows if key in row}
    for row in rows:
        if key in row:
            found = earlier.pop(row[key], {})
            row["compared"] = found.get(column, ZERO)
            row["drill"] = drills(row.get("drill"), found.get("drill"), column)
    for row in earlier.values():
        blank = {name: ZERO if isinstance(value, Decimal) else value for name, value in row.items()}
        rows.append({**blank, "compared": row[column], "drill": drills(None, row.get("drill"), column)})
    table.rows = rows
    table.columns.append(Column("compared", _("Compared"), "money", table.currency, compare=True))
    if table.totals:
        table.totals["compared"] = sum((row.get("compared", ZERO) for row in rows), ZERO)
    return table


def drills(now: Any, before: Any, column: str) -> dict[str, str | None]:
    """Return where each figure of a row leads: those of now, and the compared one to its own time, or nowhere."""
    found = dict(now) if isinstance(now, Mapping) else {"": now}
    found["compared"] = before.get(column) or before.get("") if isinstance(before, Mapping) else before
    return found
