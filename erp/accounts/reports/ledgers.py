"""The general ledger: each account in a period, or the entries of one; and the report of taxes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.reports.entries import ACCOUNT, CUSTOMER, MOVEMENT, SUPPLIER, TAX, TAX_SIDE, entries, names_entries
from erp.accounts.reports.source import (
    AS_OF,
    COMPARE,
    FROM,
    KNOWN_ON,
    PERIOD,
    TO,
    Balance,
    E,
    Scope,
    answer,
    balances,
    compared_scope,
    scope_of,
    tree,
    with_comparison,
)
from erp.accounts.rounding import ZERO
from erp.accounts.tax.model import Tax
from erp.kernel.change import Work
from erp.kernel.paper.reports import Column, Table, report
from erp.kernel.text import _, _l


@report(
    "general-ledger", _l("General ledger"), start="period=this_year",
    parameters=[
        FROM, TO, AS_OF, PERIOD, ACCOUNT, CUSTOMER, SUPPLIER, TAX, TAX_SIDE, KNOWN_ON, COMPARE, MOVEMENT,
    ],
)  # fmt: skip
def general_ledger(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show all accounts with opening, debits, credits and closing; for one account, party or tax its entries."""
    scope = scope_of(work, asked)
    if names_entries(asked):
        return entries(work, scope, asked)
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
                "role": node.role, "account_id": node.id, "depth": 0, "drill": account_drills(scope, node.id),
            }
        )  # fmt: skip
    money = (("opening", _("Opening")), ("debit", _("Debit")), ("credit", _("Credit")), ("closing", _("Closing")))
    columns = [Column("account", _("Account"))]
    columns += [Column(key, label, "money", scope.books.currency) for key, label in money]
    columns.append(Column("lines", _("Entries"), "integer"))
    totals = {"opening": total.opening, "debit": total.debit, "credit": total.credit, "closing": total.closing}
    return answer(columns, rows, totals, scope)


def account_drills(scope: Scope, account: int) -> dict[str, Any]:
    """Return where the figures of an account lead: the opening balance to what was before, the rest to the period."""
    named = f"id:{account}"
    found = {"": scope.url("general-ledger", account=named)}
    if scope.start is not None:
        before = scope.start - timedelta(days=1)
        found["opening"] = scope.url("general-ledger", account=named, to=before, **{"from": None})
    return found


SIDES = {
    "sale": (_l("Sales"), -1),
    "sale_credit": (_l("Sales credits"), 1),
    "purchase": (_l("Purchases"), 1),
    "purchase_credit": (_l("Purchase credits"), -1),
}


@report("tax-report", _l("Taxes"), parameters=[FROM, TO, AS_OF, PERIOD, KNOWN_ON], start="period=last_month")
def tax_report(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show base and amount of each tax, sales apart from purchases and invoices apart from credits."""
    scope = scope_of(work, asked)
    query = (
        select(Tax.id, Tax.code, Tax.name, E.tax_side, func.sum(E.tax_base), func.sum(E.amount))
        .select_from(LedgerEntry.__table__)
        .join(Tax, Tax.id == E.tax_id)
        .where(scope.condition(), scope.in_period(), E.tax_side.in_(tuple(SIDES)))
        .group_by(Tax.id, Tax.code, Tax.name, E.tax_side)
        .order_by(Tax.code, E.tax_side)
    )
    rows = []
    for tax, code, name, side, base, amount in work.session.execute(query):
        label, sign = SIDES[side]
        drill = scope.url("general-ledger", tax=f"id:{tax}", tax_side=side, movement=1)
        rows.append(
            {
                "tax": code, "name": name, "side": str(label), "tax_side": side, "base": sign * (base or ZERO),
                "amount": sign * amount, "depth": 0, "drill": drill,
            }
        )  # fmt: skip
    columns = [
        Column("tax", _("Tax")), Column("name", _("Name")), Column("side", _("Side")),
        Column("base", _("Base"), "money", scope.books.currency),
        Column("amount", _("Tax amount"), "money", scope.books.currency),
    ]  # fmt: skip
    return answer(columns, rows, {}, scope)
