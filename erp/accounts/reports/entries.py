"""Entries one by one: of an account and those below it, of a party, of a tax; with the balance after each."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from erp.accounts.journal_entry.model import TAX_SIDES, JournalEntry
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.reports.source import E, Node, Scope, answer, tree
from erp.accounts.reports.texts import line_texts, voucher_texts
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work, labels
from erp.kernel.paper.reports import BOOL, CHOICE, LIMIT, LINK, Column, Parameter, Table
from erp.kernel.records import has_kind, kind_of
from erp.kernel.text import _, _l

ACCOUNT = Parameter("account", _l("Account"), LINK, link="account")
CUSTOMER = Parameter("customer", _l("Customer"), LINK, link="customer")
SUPPLIER = Parameter("supplier", _l("Supplier"), LINK, link="supplier")
TAX = Parameter("tax", _l("Tax"), LINK, link="tax")
TAX_SIDE = Parameter("tax_side", _l("Side of the tax"), CHOICE, choices=TAX_SIDES)
MOVEMENT = Parameter("movement", _l("Without opening and year closing"), BOOL)
NAMING = ("account", "customer", "supplier", "tax")
YEAR_CLOSING = "year_closing"
PORTION = 1000


def names_entries(asked: Mapping[str, Any]) -> bool:
    """Return whether entries are asked for, not accounts."""
    return any(asked.get(name) for name in NAMING)


def entries(work: Work, scope: Scope, asked: Mapping[str, Any]) -> Table:
    """Return the entries behind a figure in order of days; sums are of all of them, however many rows are wanted."""
    nodes = {node.id: node for node in tree(work, scope.company)}
    condition = scope.condition() & _wanted(nodes, asked)
    if asked.get("movement"):
        condition &= E.rule != YEAR_CLOSING
    opening, debit, credit, count = _sums(work, scope, condition)
    opens = scope.start is not None and not asked.get("movement")
    opening = opening if opens else ZERO
    found = _rows(work, scope, condition, limit=asked.get(LIMIT))
    rows = _with_balances(work, found, nodes, opening, opens=opens)
    whole = asked.get(LIMIT) is None
    totals = {"debit": debit, "credit": credit, "balance": opening + debit - credit}
    table = answer(_columns(scope), rows if whole else list(rows), totals, scope)
    table.left = 0 if whole else max(0, count - int(asked[LIMIT]))
    table.facts |= {"opening": opening, "entries": count}
    node = nodes.get(asked.get("account") or 0)
    table.subtitle = f"{node.code} {node.name}" if node else ""
    return table


def _wanted(nodes: Mapping[int, Node], asked: Mapping[str, Any]) -> ColumnElement[bool]:
    """Return which entries are asked for; an account stands for those below it, too."""
    condition = E.seq > 0
    if asked.get("account"):
        condition &= E.account_id.in_(_below(nodes, asked["account"]))
    for kind in ("customer", "supplier"):
        if asked.get(kind):
            condition &= (E.party_kind == kind) & (E.party_id == asked[kind])
    if asked.get("tax"):
        condition &= E.tax_id == asked["tax"]
    if asked.get("tax_side"):
        condition &= E.tax_side == asked["tax_side"]
    return condition


def _below(nodes: Mapping[int, Node], account: int) -> list[int]:
    found = [account]
    for node in nodes.values():
        if node.parent in found:
            found.append(node.id)
    return found


def _sums(work: Work, scope: Scope, condition: ColumnElement[bool]) -> tuple[Decimal, Decimal, Decimal, int]:
    """Return what was before the period, both sides of it, and how many entries it has."""
    inside, none = scope.in_period(), Decimal(0)
    query = select(
        func.sum(case((~inside, E.amount), else_=none)),
        func.sum(case((inside & (E.side == "D"), E.amount), else_=none)),
        func.sum(case((inside & (E.side == "C"), -E.amount), else_=none)),
        func.sum(case((inside, 1), else_=0)),
    ).where(condition)
    opening, debit, credit, count = work.session.execute(query).one()
    return opening or ZERO, debit or ZERO, credit or ZERO, int(count or 0)


def _rows(work: Work, scope: Scope, condition: ColumnElement[bool], *, limit: int | None) -> Iterator[Any]:
    """Return the entries of the period, a portion at a time."""
    query = select(LedgerEntry.__table__).where(condition, scope.in_period()).order_by(E.effective_on, E.seq)
    if limit is not None:
        query = query.limit(limit)
    return iter(work.session.execute(query, execution_options={"yield_per": PORTION}).partitions())


def _with_balances(
    work: Work, portions: Iterable[Any], nodes: Mapping[int, Node], balance: Decimal, *, opens: bool
) -> Iterator[dict[str, Any]]:
    if opens:
        yield {
            "date": None, "document": _("Opening balance"), "balance": balance, "debit": ZERO, "credit": ZERO, "depth": 0,
        }  # fmt: skip
    names: dict[tuple[str, int], str] = {}
    for portion in portions:
        _name(work, portion, names)
        written = _texts(work, portion)
        for row in portion:
            balance += row.amount
            yield _row(row, balance, names, nodes[row.account_id].code) | {"text": written[row.seq]}


def _name(work: Work, found: Iterable[Any], names: dict[tuple[str, int], str]) -> None:
    """Add the names of the parties of some entries."""
    wanted = {(row.party_kind, row.party_id) for row in found if row.party_kind} - names.keys()
    for kind in sorted({kind for kind, _id in wanted}):
        known = labels(work.session, kind, {one for name, one in wanted if name == kind})
        names |= {(kind, one): label.text for one, label in known.items()}


def _texts(work: Work, found: Iterable[Any]) -> dict[int, str]:
    """Return the words of each entry: of its line of a journal, else of its voucher."""
    rows = list(found)
    lines = line_texts(
        work, {row.voucher_line_id for row in rows if row.voucher_kind == JournalEntry.__kind__} - {None}
    )
    vouchers = voucher_texts(work, {(row.voucher_kind, row.voucher_id) for row in rows})
    return {
        row.seq: (lines.get(row.voucher_line_id) if row.voucher_kind == JournalEntry.__kind__ else None)
        or vouchers.get((row.voucher_kind, row.voucher_id), "")
        for row in rows
    }


def voucher_url(kind: str, record_id: int) -> str | None:
    """Return the page of a voucher; it answers for itself whether the reader may see it."""
    return f"/{kind_of(kind).__collection__}/{record_id}" if has_kind(kind) else None


def _row(row: Any, balance: Decimal, names: Mapping[tuple[str, int], str], code: str) -> dict[str, Any]:
    url = voucher_url(row.voucher_kind, row.voucher_id)
    return {
        "date": row.effective_on, "document": row.voucher_number, "account": code,
        "party": names.get((row.party_kind, row.party_id), ""), "debit": row.amount if row.side == "D" else ZERO,
        "credit": -row.amount if row.side == "C" else ZERO, "balance": balance, "currency": row.currency,
        "amount_transaction": row.amount_transaction, "seq": row.seq, "voucher_kind": row.voucher_kind,
        "voucher_id": row.voucher_id, "depth": 0, "links": {"document": url} if url else {},
    }  # fmt: skip


def _columns(scope: Scope) -> list[Column]:
    money = (("debit", _("Debit")), ("credit", _("Credit")), ("balance", _("Balance")))
    return [
        Column("date", _("Date"), "date"), Column("document", _("Document"), "link"), Column("text", _("Text")),
        Column("account", _("Account")), Column("party", _("Party")),
        *(Column(key, label, "money", scope.books.currency) for key, label in money),
    ]  # fmt: skip
