"""The general ledger: each account in a period, and its entries one by one; and the report of taxes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.reports.source import (
    AS_OF,
    COMPARE,
    FROM,
    KNOWN_ON,
    TO,
    Balance,
    E,
    Scope,
    balances,
    compared_scope,
    scope_of,
    tree,
    with_comparison,
)
from erp.accounts.rounding import ZERO
from erp.accounts.tax.model import Tax
from erp.kernel.change import Work, labels
from erp.kernel.paper.reports import LINK, Column, Parameter, Table, report
from erp.kernel.records import has_kind, kind_of
from erp.kernel.text import _, _l

ACCOUNT = Parameter("account", _l("Account"), LINK, link="account")
CUSTOMER = Parameter("customer", _l("Customer"), LINK, link="customer")
SUPPLIER = Parameter("supplier", _l("Supplier"), LINK, link="supplier")
MOST = 5000


@report(
    "general-ledger", _l("General ledger"), parameters=[FROM, TO, AS_OF, ACCOUNT, CUSTOMER, SUPPLIER, KNOWN_ON, COMPARE]
)
def general_ledger(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show all accounts with opening, debits, credits and closing; for one account or party its entries."""
    scope = scope_of(work, asked)
    if asked.get("account") or asked.get("customer") or asked.get("supplier"):
        return _entries(work, scope, asked)
    other = compared_scope(scope, asked.get("compare"))
    before = _summary(work, other) if other else None
    return with_comparison(_summary(work, scope), before, "account_id", "closing")


def _summary(work: Work, scope: Scope) -> Table:
    found, rows, total = balances(work, scope), [], Balance()
    for node in tree(work, scope.company):
        balance = found.get(node.id)
        if balance is None:
            continue
        total.add(balance)
        rows.append(
            {
                "account": f"{node.code} {node.name}", "code": node.code, "opening": balance.opening,
                "debit": balance.debit, "credit": balance.credit, "closing": balance.closing, "lines": balance.lines,
                "role": node.role, "account_id": node.id, "depth": 0,
                "drill": scope.url("general-ledger", account=f"id:{node.id}"),
            }
        )  # fmt: skip
    money = (("opening", _("Opening")), ("debit", _("Debit")), ("credit", _("Credit")), ("closing", _("Closing")))
    columns = [Column("account", _("Account"))]
    columns += [Column(key, label, "money", scope.books.currency) for key, label in money]
    columns.append(Column("lines", _("Entries"), "integer"))
    totals = {"opening": total.opening, "debit": total.debit, "credit": total.credit, "closing": total.closing}
    return Table(
        columns, rows, totals, as_of=scope.end, known_on=scope.known_on, currency=scope.books.currency,
        facts={"known_seq": scope.seq},
    )  # fmt: skip


def _entries(work: Work, scope: Scope, asked: Mapping[str, Any]) -> Table:
    condition = scope.condition()
    if asked.get("account"):
        condition &= E.account_id == asked["account"]
    for kind in ("customer", "supplier"):
        if asked.get(kind):
            condition &= (E.party_kind == kind) & (E.party_id == asked[kind])
    opening = ZERO
    if scope.start is not None:
        query = select(func.sum(E.amount)).where(condition, ~scope.in_period())
        opening = work.session.scalar(query) or ZERO
    query = select(LedgerEntry.__table__).where(condition, scope.in_period()).order_by(E.effective_on, E.seq)
    found = work.session.execute(query.limit(MOST)).all()
    parties = _parties(work, found)
    accounts = {node.id: node for node in tree(work, scope.company)}
    rows: list[dict[str, Any]] = [_opening_row(opening)] if scope.start is not None else []
    balance, debit, credit = opening, ZERO, ZERO
    for row in found:
        balance += row.amount
        rows.append(_entry_row(row, balance, parties, accounts[row.account_id].code))
        debit, credit = debit + rows[-1]["debit"], credit + rows[-1]["credit"]
    totals = {"debit": debit, "credit": credit, "balance": balance}
    table = Table(
        _entry_columns(scope), rows, totals, as_of=scope.end, known_on=scope.known_on, currency=scope.books.currency,
        facts={"known_seq": scope.seq, "opening": opening},
    )  # fmt: skip
    if asked.get("account") and asked["account"] in accounts:
        node = accounts[asked["account"]]
        table.subtitle = f"{node.code} {node.name}"
    return table


def _opening_row(opening: Decimal) -> dict[str, Any]:
    return {
        "date": None,
        "document": _("Opening balance"),
        "balance": opening,
        "debit": ZERO,
        "credit": ZERO,
        "depth": 0,
    }


def _parties(work: Work, found: Any) -> dict[tuple[str, int], str]:
    names: dict[tuple[str, int], str] = {}
    for kind in sorted({row.party_kind for row in found if row.party_kind}):
        ids = {row.party_id for row in found if row.party_kind == kind}
        names |= {(kind, one): label.text for one, label in labels(work.session, kind, ids).items()}
    return names


def voucher_url(kind: str, record_id: int) -> str | None:
    """Return the page of a voucher; it answers for itself whether the reader may see it."""
    return f"/{kind_of(kind).__collection__}/{record_id}" if has_kind(kind) else None


def _entry_row(row: Any, balance: Decimal, parties: Mapping[tuple[str, int], str], code: str) -> dict[str, Any]:
    url = voucher_url(row.voucher_kind, row.voucher_id)
    return {
        "date": row.effective_on, "document": row.voucher_number, "account": code,
        "party": parties.get((row.party_kind, row.party_id), ""), "debit": row.amount if row.side == "D" else ZERO,
        "credit": -row.amount if row.side == "C" else ZERO, "balance": balance, "currency": row.currency,
        "amount_transaction": row.amount_transaction, "seq": row.seq, "voucher_kind": row.voucher_kind,
        "voucher_id": row.voucher_id, "depth": 0, "links": {"document": url} if url else {},
    }  # fmt: skip


def _entry_columns(scope: Scope) -> list[Column]:
    money = (("debit", _("Debit")), ("credit", _("Credit")), ("balance", _("Balance")))
    return [
        Column("date", _("Date"), "date"),
        Column("document", _("Document"), "link"),
        Column("account", _("Account")),
        Column("party", _("Party")),
        *(Column(key, label, "money", scope.books.currency) for key, label in money),
    ]


SIDES = {
    "sale": (_l("Sales"), -1),
    "sale_credit": (_l("Sales credits"), 1),
    "purchase": (_l("Purchases"), 1),
    "purchase_credit": (_l("Purchase credits"), -1),
}


@report("tax-report", _l("Taxes"), parameters=[FROM, TO, AS_OF, KNOWN_ON])
def tax_report(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show base and amount of each tax, sales apart from purchases and invoices apart from credits."""
    scope = scope_of(work, asked)
    query = (
        select(Tax.code, Tax.name, E.tax_side, func.sum(E.tax_base), func.sum(E.amount))
        .select_from(LedgerEntry.__table__)
        .join(Tax, Tax.id == E.tax_id)
        .where(scope.condition(), scope.in_period(), E.tax_side.in_(tuple(SIDES)))
        .group_by(Tax.code, Tax.name, E.tax_side)
        .order_by(Tax.code, E.tax_side)
    )
    rows = []
    for code, name, side, base, amount in work.session.execute(query):
        label, sign = SIDES[side]
        rows.append(
            {
                "tax": code, "name": name, "side": str(label), "tax_side": side, "base": sign * (base or ZERO),
                "amount": sign * amount, "depth": 0,
            }
        )  # fmt: skip
    columns = [
        Column("tax", _("Tax")), Column("name", _("Name")), Column("side", _("Side")),
        Column("base", _("Base"), "money", scope.books.currency),
        Column("amount", _("Tax amount"), "money", scope.books.currency),
    ]  # fmt: skip
    return Table(
        columns, rows, {}, as_of=scope.end, known_on=scope.known_on, currency=scope.books.currency,
        facts={"known_seq": scope.seq},
    )  # fmt: skip
