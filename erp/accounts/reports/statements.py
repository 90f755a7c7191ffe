"""Trial balance, profit and loss, balance sheet: the chart as a tree with its balances."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from erp.accounts.account.model import PROFIT_AND_LOSS
from erp.accounts.reports.entries import YEAR_CLOSING
from erp.accounts.reports.ledgers import account_drills
from erp.accounts.reports.source import (
    AS_OF,
    COMPARE,
    FROM,
    KNOWN_ON,
    PERIOD,
    TO,
    Balance,
    Node,
    Scope,
    answer,
    balances,
    compared_scope,
    drills,
    scope_of,
    tree,
    with_comparison,
    with_groups,
)
from erp.accounts.rounding import ZERO
from erp.company.fiscal_year import fiscal_year
from erp.kernel.change import Work
from erp.kernel.paper.reports import BOOL, Column, Parameter, Table, report
from erp.kernel.text import _, _l

EMPTY = Parameter("all", _l("Accounts without entries"), BOOL)
Amounts = Mapping[int, Decimal]


@report(
    "trial-balance", _l("Trial balance"), parameters=[FROM, TO, AS_OF, PERIOD, KNOWN_ON, COMPARE, EMPTY],
    start="period=this_year",
)  # fmt: skip
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
    table = answer(columns, rows, {"account": _("Total"), **totals}, scope)
    table.facts["balanced"] = totals["debit_balance"] == totals["credit_balance"]
    return table


def _trial_row(scope: Scope, node: Node, balance: Balance) -> dict[str, Any]:
    closing = balance.closing
    return {
        "account": node.code, "name": node.name, "opening": balance.opening, "debit": balance.debit,
        "credit": balance.credit, "debit_balance": max(closing, ZERO), "credit_balance": max(-closing, ZERO),
        "closing": closing, "role": node.role, "account_id": node.id, "depth": 0,
        "drill": account_drills(scope, node.id),
    }  # fmt: skip


@report(
    "profit-and-loss", _l("Profit and loss"), parameters=[FROM, TO, PERIOD, KNOWN_ON, COMPARE], start="period=this_year"
)
def profit_and_loss(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show income and expense of a period and what remains; both positive on their usual side."""
    scope = scope_of(work, asked)
    other = compared_scope(scope, asked.get("compare"))
    nodes = [node for node in tree(work, scope.company) if node.root_type in PROFIT_AND_LOSS]
    part = Part(scope, other, nodes, _movements(work, scope, nodes), _movements(work, other, nodes), movement=True)
    rows = [*part.rows("income"), *part.rows("expense")]
    rows.append({"account": _("Net income"), "key": "net_income", "depth": 0, "bold": True, "net": True} | part.sum(-1))
    return answer(_columns(scope, other), rows, {}, scope)


def _movements(work: Work, scope: Scope | None, nodes: list[Node]) -> Amounts:
    """Return what accounts and groups moved in the period; year closings, which move all of it away, left out."""
    if scope is None:
        return {}
    sums = with_groups(nodes, balances(work, scope, without=YEAR_CLOSING))
    return {account: balance.movement for account, balance in sums.items()}


def _closings(work: Work, scope: Scope | None, nodes: list[Node]) -> Amounts:
    if scope is None:
        return {}
    return {account: balance.closing for account, balance in with_groups(nodes, balances(work, scope)).items()}


class Part:
    """The rows of a statement: accounts and groups with what they are now and, where compared, were before."""

    def __init__(
        self, scope: Scope, other: Scope | None, nodes: list[Node], now: Amounts, before: Amounts, *, movement: bool
    ) -> None:
        self.scope, self.other, self.nodes, self.now, self.before = scope, other, nodes, now, before
        self.asked = {"movement": 1} if movement else {}

    def rows(self, root_type: str) -> Iterable[dict[str, Any]]:
        """Return the rows of one type of account, positive on the side where the statement shows it."""
        sign = 1 if root_type in {"asset", "expense"} else -1
        for node in self.nodes:
            if node.root_type == root_type and (self.now[node.id] or self.before.get(node.id)):
                row = {
                    "account": f"{node.code} {node.name}", "code": node.code, "depth": node.depth,
                    "bold": node.is_group, "role": node.role, "account_id": node.id,
                    "drill": self._drill(self.scope, node.id), "amount": sign * self.now[node.id],
                }  # fmt: skip
                if self.other is not None:
                    row["compared"] = sign * self.before[node.id]
                    row["drill"] = drills(row["drill"], self._drill(self.other, node.id), "")
                yield row

    def _drill(self, scope: Scope, account: int) -> str:
        return scope.url("general-ledger", account=f"id:{account}", **self.asked)

    def sum(self, sign: int, *types: str) -> dict[str, Decimal]:
        """Return the sum of all accounts, or of those of some types, as the columns of a row."""
        tops = [node.id for node in self.nodes if node.depth == 0 and (not types or node.root_type in types)]
        found = {"amount": sign * sum((self.now[one] for one in tops), ZERO)}
        if self.other is not None:
            found["compared"] = sign * sum((self.before[one] for one in tops), ZERO)
        return found


def _columns(scope: Scope, other: Scope | None) -> list[Column]:
    columns = [Column("account", _("Account")), Column("amount", _("Amount"), "money", scope.books.currency)]
    if other is not None:
        columns.append(Column("compared", _("Compared"), "money", scope.books.currency, compare=True))
    return columns


@report(
    "balance-sheet", _l("Balance sheet"), parameters=[AS_OF, TO, PERIOD, KNOWN_ON, COMPARE], start="period=this_year"
)
def balance_sheet(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what the company owns, owes and is worth on a day; results not yet closed belong to equity."""
    scope = scope_of(work, asked)
    other = compared_scope(scope, asked.get("compare"))
    chart = tree(work, scope.company)
    part = Part(scope, other, chart, _closings(work, scope, chart), _closings(work, other, chart), movement=False)
    rows = [row for root_type in ("asset", "liability", "equity") for row in part.rows(root_type)]
    rows += _results(work, part)
    assets = part.sum(1, "asset")["amount"]
    claims = part.sum(-1, "liability", "equity", *PROFIT_AND_LOSS)["amount"]
    table = answer(_columns(scope, other), rows, {}, scope)
    table.facts |= {"assets": assets, "liabilities_and_equity": claims, "balanced": assets == claims}
    return table


def _results(work: Work, part: Part) -> list[dict[str, Any]]:
    """Return what was earned and is not closed yet: in the fiscal year of the day, and in the years before it."""
    whole = part.sum(-1, *PROFIT_AND_LOSS)
    this_year = {"amount": _result_of_year(work, part.scope, part.nodes)}
    if part.other is not None:
        this_year["compared"] = _result_of_year(work, part.other, part.nodes)
    earlier = {name: whole[name] - this_year[name] for name in whole}
    year = part.scope.url("profit-and-loss", **{"from": _year(work, part.scope)})
    rows = [
        {"account": _("Result of the year"), "key": "result", "depth": 0, "bold": True, "drill": {"amount": year}}
        | this_year
    ]
    if any(earlier.values()):
        label = _("Results of earlier years, not yet closed")
        rows.insert(0, {"account": label, "key": "earlier_results", "depth": 0, "bold": True} | earlier)
    return rows


def _year(work: Work, scope: Scope) -> Any:
    return fiscal_year(scope.end or work.today(scope.company), scope.books.first_month).start


def _result_of_year(work: Work, scope: Scope, chart: list[Node]) -> Decimal:
    """Return the result of the fiscal year of the scope's day, less what is closed of it already."""
    found = balances(work, replace(scope, start=_year(work, scope)))
    types = {node.id: node.root_type for node in chart}
    return -sum((one.movement for account, one in found.items() if types[account] in PROFIT_AND_LOSS), ZERO)
