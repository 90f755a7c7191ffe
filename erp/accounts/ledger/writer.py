"""The only place that writes the ledger: it locks, checks, numbers and appends; nothing here is ever changed again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, insert, select, text

from erp.accounts.account.model import PARTY_ROLES
from erp.accounts.account.queries import AccountFacts, accounts_by_id
from erp.accounts.company import Books, books_of, lock_period, open_day
from erp.accounts.ledger.entry import Entry, reversal
from erp.accounts.ledger.model import POSTED_AT, LedgerEntry
from erp.accounts.ledger.queries import entries_json
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.documents import refresh_documents, vouchers_of
from erp.accounts.settlement.items import change_items, open_new_items
from erp.kernel.change import Work, register_writer
from erp.kernel.errors import Problem
from erp.kernel.records import Voucher
from erp.kernel.text import _
from erp.kernel.uid import new_uid

APPEND = insert(cast("Table", LedgerEntry.__table__))
MOVE_BALANCE = text(
    "INSERT INTO party_balance (company_id, party_kind, party_id, balance) VALUES (:c, :k, :p, :b) "
    "ON DUPLICATE KEY UPDATE balance = balance + VALUES(balance)"
)
MOVE_HEAD = text(
    "INSERT INTO ledger_head (company_id, seq) VALUES (:c, LAST_INSERT_ID(:n)) "
    "ON DUPLICATE KEY UPDATE seq = LAST_INSERT_ID(seq + :n)"
)


@dataclass(slots=True)
class Plan:
    """Entries that are about to be written, with what checking them needs."""

    entries: list[Entry]
    on: date
    books: Books
    closed_until: date | None
    accounts: dict[int, AccountFacts]
    places: dict[int, int] = field(default_factory=dict)
    """Where in its document each line stands, from 1."""

    def at(self, entry: Entry, name: str, code: str, message: str) -> Problem:
        """Return a problem at the line that an entry comes from, or about the whole document."""
        place = self.places.get(entry.line or 0)
        return Problem(f"lines.{place}.{name}" if place else name, code, message, place)


class LedgerWriter:
    """Writes ``Entry`` values for vouchers of any kind."""

    entry = Entry
    name = "entries"

    def shown(self, work: Work, document: Voucher, entries: Sequence[Entry]) -> list[dict[str, Any]]:
        """Return what a submit would book, as the API writes entries; nothing is locked."""
        plan = Plan(list(entries), getattr(document, document.__date__), books_of(work, document.company_id), None, {})
        rows = [SimpleNamespace(**_row(work, document, entry, plan, 0)) for entry in entries]
        shown = entries_json(work, rows)
        return [{key: value for key, value in row.items() if key not in {"seq", "posted_at"}} for row in shown]

    def prepare(self, work: Work, document: Voucher, entries: Sequence[Entry]) -> Plan:
        """Share the period's lock, lock and move the party balances, and return the plan."""
        books = books_of(work, document.company_id)
        closed = lock_period(work, document.company_id)
        _move_party_balances(work, document.company_id, entries)
        accounts = accounts_by_id(work, (entry.account for entry in entries))
        places = {line.id: place for place, line in enumerate(getattr(document, "lines", ()), 1)}
        return Plan(list(entries), getattr(document, document.__date__), books, closed, accounts, places)

    def check(self, plan: Plan) -> list[Problem]:
        """Return what refuses the entries: a closed period, a group, another company's account, no balance."""
        return [*_period_problems(plan), *_account_problems(plan), *_balance_problems(plan)]

    def append(self, work: Work, document: Voucher, plan: Plan) -> None:
        """Write the open items and the entries; ``seq`` is drawn last, under the lock of the company's head."""
        open_new_items(work, document, plan.entries, plan.on, plan.books)
        change_items(work, plan.entries)
        changed = {entry.open_item for entry in plan.entries if entry.open_item is not None}
        if changed:
            refresh_documents(work, vouchers_of(changed))
        last = _draw(work, document.company_id, len(plan.entries))
        first = last - len(plan.entries) + 1
        work.facts[POSTED_AT] = work.clock()
        rows = [_row(work, document, entry, plan, first + place) for place, entry in enumerate(plan.entries)]
        work.session.execute(APPEND, rows)

    def reversal(self, work: Work, document: Voucher, on: date | None) -> list[Entry]:
        """Return the opposite of what was booked: dated as the original while its period is open, else today."""
        rows = booked(work, document)
        books = books_of(work, document.company_id)
        opposite = reversal((as_entry(row) for row in rows), books.ways.reversal_style)
        return [
            replace(entry, effective_on=on or open_day(work, books, row.effective_on), reverses=row.seq)
            for entry, row in zip(opposite, rows, strict=True)
        ]


def booked(work: Work, document: Voucher) -> Sequence[Any]:
    """Return the rows a voucher has booked, without those that reverse others."""
    table = LedgerEntry.__table__
    query = select(table).where(
        table.c.voucher_kind == document.__kind__, table.c.voucher_id == document.id, table.c.reverses.is_(None)
    )
    return work.session.execute(query.order_by(table.c.seq)).all()


def as_entry(row: Any) -> Entry:
    """Return a written row as the entry it was."""
    return Entry(
        account=row.account_id,
        amount=row.amount,
        rule=row.rule,
        currency=row.currency,
        amount_transaction=row.amount_transaction,
        rate=row.rate,
        party=(row.party_kind, row.party_id) if row.party_kind else None,
        dimensions=tuple(sorted((row.dimensions or {}).items())),
        tax=row.tax_id,
        tax_base=row.tax_base,
        tax_side=row.tax_side,
        due=row.due_on,
        line=row.voucher_line_id,
        red=(row.side == "D") is not (row.amount > 0),
        open_item=row.open_item,
    )


def _period_problems(plan: Plan) -> list[Problem]:
    days = {entry.effective_on or plan.on for entry in plan.entries}
    closed = plan.closed_until
    if closed is None or min(days) > closed:
        return []
    message = _("The books are closed until %(date)s. Choose a later date.", date=closed.isoformat())
    return [Problem("posting_date", "period_closed", message)]


def _account_problems(plan: Plan) -> list[Problem]:
    found = []
    for entry in plan.entries:
        account = plan.accounts.get(entry.account)
        if account is None or account.company_id != plan.books.company_id:
            found.append(plan.at(entry, "account", "wrong_account", _("An account is not of this company's chart.")))
        elif account.is_group:
            message = _("%(code)s is a group and takes no entries.", code=account.code)
            found.append(plan.at(entry, "account", "account_is_group", message))
        elif account.role in PARTY_ROLES and entry.party is None:
            message = _("%(code)s needs a customer or a supplier.", code=account.code)
            found.append(plan.at(entry, "party", "party_missing", message))
        elif account.role not in PARTY_ROLES and entry.instalment is not None:
            message = _("%(code)s keeps no open items of customers or suppliers.", code=account.code)
            found.append(plan.at(entry, "account", "no_open_items", message))
    return found


def _balance_problems(plan: Plan) -> list[Problem]:
    sums: dict[str, Decimal] = {}
    for entry in plan.entries:
        sums[entry.rule] = sums.get(entry.rule, ZERO) + entry.amount
    return [
        Problem("lines", "unbalanced", _("Debits and credits differ by %(amount)s.", amount=format(difference, "f")))
        for difference in sums.values()
        if difference
    ]


def _move_party_balances(work: Work, company_id: int, entries: Iterable[Entry]) -> None:
    """Add to the balances of the parties in order of their keys: the same order for everybody."""
    sums: dict[tuple[str, int], Decimal] = {}
    for entry in entries:
        if entry.party is not None:
            sums[entry.party] = sums.get(entry.party, ZERO) + entry.amount
    if sums:
        rows = [{"c": company_id, "k": kind, "p": party, "b": total} for (kind, party), total in sorted(sums.items())]
        work.session.execute(MOVE_BALANCE, rows)


def _draw(work: Work, company_id: int, count: int) -> int:
    """Lock the company's head, move it on by ``count`` and return the last number drawn."""
    done: Any = work.session.execute(MOVE_HEAD, {"c": company_id, "n": count})
    return int(done.lastrowid)


def _row(work: Work, document: Voucher, entry: Entry, plan: Plan, seq: int) -> dict[str, Any]:
    own = f"{document.__kind__}:{document.id}:{entry.instalment}" if entry.instalment is not None else None
    return {
        "company_id": document.company_id,
        "seq": seq,
        "uid": new_uid(),
        "voucher_kind": document.__kind__,
        "voucher_id": document.id,
        "voucher_number": document.number,
        "voucher_line_id": entry.line,
        "rule": entry.rule,
        "effective_on": entry.effective_on or plan.on,
        "posted_at": work.facts.get(POSTED_AT, work.now),
        "account_id": entry.account,
        "party_kind": entry.party[0] if entry.party else None,
        "party_id": entry.party[1] if entry.party else None,
        "amount": entry.amount,
        "side": "D" if entry.is_debit else "C",
        "currency": entry.currency or plan.books.currency,
        "amount_transaction": entry.amount if entry.amount_transaction is None else entry.amount_transaction,
        "rate": entry.rate,
        "dimensions": dict(entry.dimensions) or None,
        "tax_id": entry.tax,
        "tax_base": entry.tax_base,
        "tax_side": entry.tax_side,
        "due_on": entry.due,
        "open_item": own or entry.open_item,
        "reverses": entry.reverses,
    }


LEDGER_LAYER = 10
register_writer(LEDGER_LAYER, LedgerWriter())
