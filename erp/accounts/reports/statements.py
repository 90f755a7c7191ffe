"""Trial balance, profit and loss, balance sheet: the chart as a tree with its balances."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from erp.accounts.account.model import PROFIT_AND_LOSS
from erp.accounts.reports.source import (
    AS_OF,
    COMPARE,
    FROM,
    KNOWN_ON,
    TO,
    Balance,
    Node,
    Scope,
    balances,
    compared_scope,
    scope_of,
    tree,
    with_comparison,
    with_groups,
)
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work
from erp.kernel.paper.reports import BOOL, Column, Parameter, Table, report
from erp.kernel.text import _, _l

YEAR_CLOSING = "year_closing"
EMPTY = Parameter("all", _l("Accounts without entries"), BOOL)


@report("trial-balance", _l("Trial balance"), parameters=[FROM, TO, AS_OF, KNOWN_ON, COMPARE, EMPTY])
def trial_balance(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show every account's opening, both sides of the period, and its balance on its side; both sums agree."""
    scope = scope_of(work, asked)
    other = compared_scope(scope, asked.get("compare"))
    before = _trial(work, other, asked) if other else None
    return with_comparison(_trial(work, scope, asked), before, "account_id", "closing")


def _trial(work: Work, scope: Scope, asked: Mapping[str, Any]) -> Table:
    found, rows = balances(work, scope), []
    totals = dict.fromkeys(("opening", "debit", "credit", "debit_balance", "credit_balance"), ZERO)
    for node in tree(work, scope.company):
        balance = found.get(node.id)
        if node.is_group or (balance is None and not asked.get("all")):
            continue
        row = _trial_row(scope, node, balance or Balance())
        rows.append(row)
        for key in totals:
            totals[key] += row[key]
    money = ("opening", _("Opening")), ("debit", _("Debit")), ("credit", _("Credit"))
    sides = ("debit_balance", _("Debit balance")), ("credit_balance", _("Credit balance"))
    columns = [Column("account", _("Account")), Column("name", _("Name"))]
    columns += [Column(key, label, "money", scope.books.currency) for key, label in (*money, *sides)]
    return _table(columns, rows, {"account": _("Total"), **totals}, scope)


def _trial_row(scope: Scope, node: Node, balance: Balance) -> dict[str, Any]:
    closing = balance.closing
    return {
        "account": node.code, "name": node.name, "opening": balance.opening, "debit": balance.debit,
        "credit": balance.credit, "debit_balance": max(closing, ZERO), "credit_balance": max(-closing, ZERO),
        "closing": closing, "role": node.role, "account_id": node.id, "depth": 0,
        "drill": scope.url("general-ledger", account=f"id:{node.id}"),
    }  # fmt: skip


def _table(columns: list[Column], rows: list[dict[str, Any]], totals: dict[str, Any], scope: Scope) -> Table:
    return Table(
        columns, rows, totals, as_of=scope.end, known_on=scope.known_on, currency=scope.books.currency,
        facts={"known_seq": scope.seq},
    )  # fmt: skip


@report("profit-and-loss", _l("Profit and loss"), parameters=[FROM, TO, KNOWN_ON, COMPARE])
def profit_and_loss(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show income and expense of a period and what remains; both positive on their usual side."""
    scope = scope_of(work, asked)
    other = compared_scope(scope, asked.get("compare"))
    nodes = [node for node in tree(work, scope.company) if node.root_type in PROFIT_AND_LOSS]
    now = _movements(work, scope, nodes)
    before = _movements(work, other, nodes) if other else None
    rows = [
        *_part(scope, nodes, "income", now, before),
        *_part(scope, nodes, "expense", now, before),
    ]
    net = {"amount": _sum(nodes, now, -1), **({"compared": _sum(nodes, before, -1)} if before is not None else {})}
    rows.append({"account": _("Net income"), "key": "net_income", "depth": 0, "bold": True, "net": True, **net})
    return _table(_columns(scope, compared=before is not None), rows, {}, scope)


def _movements(work: Work, scope: Scope, nodes: list[Node]) -> dict[int, Decimal]:
    sums = with_groups(nodes, balances(work, scope, without=YEAR_CLOSING))
    return {account: balance.movement for account, balance in sums.items()}


def _closings(work: Work, scope: Scope, nodes: list[Node]) -> dict[int, Decimal]:
    sums = with_groups(nodes, balances(work, scope))
    return {account: balance.closing for account, balance in sums.items()}


def _sum(nodes: list[Node], amounts: Mapping[int, Decimal], sign: int) -> Decimal:
    return sign * sum((amounts[node.id] for node in nodes if node.depth == 0), ZERO)


def _part(
    scope: Scope,
    nodes: list[Node],
    root_type: str,
    now: Mapping[int, Decimal],
    before: Mapping[int, Decimal] | None,
) -> list[dict[str, Any]]:
    """Return the rows of one type of account, positive on the side where the statement shows it."""
    sign = 1 if root_type in {"asset", "expense"} else -1
    rows = []
    for node in nodes:
        if node.root_type != root_type or not (now[node.id] or (before and before[node.id])):
            continue
        row = {
            "account": f"{node.code} {node.name}", "code": node.code, "amount": sign * now[node.id], "depth": node.depth,
            "bold": node.is_group, "role": node.role, "account_id": node.id,
        }  # fmt: skip
        if before is not None:
            row["compared"] = sign * before[node.id]
        if not node.is_group:
            row["drill"] = scope.url("general-ledger", account=f"id:{node.id}")
        rows.append(row)
    return rows


def _columns(scope: Scope, *, compared: bool) -> list[Column]:
    columns = [Column("account", _("Account")), Column("amount", _("Amount"), "money", scope.books.currency)]
    if compared:
        columns.append(Column("compared", _("Compared"), "money", scope.books.currency, compare=True))
    return columns


@report("balance-sheet", _l("Balance sheet"), parameters=[AS_OF, TO, KNOWN_ON, COMPARE])
def balance_sheet(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what the company owns, owes and is worth on a day; the result not yet closed belongs to equity."""
    scope = scope_of(work, asked)
    other = compared_scope(scope, asked.get("compare"))
    chart = tree(work, scope.company)
    nodes = [node for node in chart if node.root_type not in PROFIT_AND_LOSS]
    result = [node for node in chart if node.root_type in PROFIT_AND_LOSS]
    now, before = _closings(work, scope, chart), _closings(work, other, chart) if other else None
    rows = _part(scope, nodes, "asset", now, before)
    rows += _part(scope, nodes, "liability", now, before)
    rows += _part(scope, nodes, "equity", now, before)
    unclosed = {"amount": _sum(result, now, -1)}
    if before is not None:
        unclosed["compared"] = _sum(result, before, -1)
    rows.append({"account": _("Result not yet closed"), "key": "result", "depth": 0, "bold": True, **unclosed})
    assets = _sum([node for node in nodes if node.root_type == "asset"], now, 1)
    claims = _sum([node for node in nodes if node.root_type != "asset"], now, -1) + unclosed["amount"]
    table = _table(_columns(scope, compared=before is not None), rows, {}, scope)
    table.facts |= {"assets": assets, "liabilities_and_equity": claims, "balanced": assets == claims}
    return table
