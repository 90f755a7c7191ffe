"""Reports of accounts as cases name them: rows of the product's reports, accounts turned back into roles."""

from decimal import Decimal
from typing import Any

from erp.accounts.conformance.reads import report_rows
from erp.accounts.conformance.roles import account_of, role_by_account
from erp.accounts.reports.source import Balance, balances, scope_of, tree, with_groups
from erp.kernel.change import Work
from erp.kernel.conformance.registry import report
from erp.kernel.conformance.run import Run


def by_role(run: Run, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the role in place of the account."""
    roles = role_by_account(run)
    return [{**row, "account": roles[row["account_id"]]} for row in rows if row.get("account_id") in roles]


@report("general_ledger")
def general_ledger(run: Run, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Return opening, sides and closing of each account; one without entries by then has a row of zeros."""
    table = report_rows(run, "general-ledger", **{"from": params.get("from"), "to": params.get("to")})
    return by_role(run, table.rows)


@report("trial_balance")
def trial_balance(run: Run, params: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ARG001
    """Return each balance on its side, and the total."""
    table = report_rows(run, "trial-balance")
    rows = [
        {"account": row["account"], "debit": row["debit_balance"], "credit": row["credit_balance"]}
        for row in by_role(run, table.rows)
    ]
    total = {"account": "total", "debit": table.totals["debit_balance"], "credit": table.totals["credit_balance"]}
    return [*rows, total]


@report("open_items")
def open_items(run: Run, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of open items, documents named by their events."""
    table = report_rows(run, "open-items", by=params.get("by", "document"))
    events = {(made.kind, made.id): name for name, made in run.documents.items()}
    return [
        {**row, "document": events.get((row["voucher_kind"], row["voucher_id"]), row["document"])} for row in table.rows
    ]


@report("party_balances")
def party_balances(run: Run, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what stands on the accounts of parties, and what is due."""
    table = report_rows(run, "party-balances", as_of=params.get("as_of") or run.today.isoformat())
    return by_role(run, table.rows)


@report("account_balance")
def account_balance(run: Run, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the balance of one account, with those below it where asked."""
    code = account_of(run, params["account"])
    return [{"account": params["account"], "balance": run.does(lambda work: _balance(work, run, code, params))}]


def _balance(work: Work, run: Run, code: str, params: dict[str, Any]) -> Decimal:
    scope, nodes = scope_of(work, {"company": run.company}), tree(work, run.company)
    account = next(node.id for node in nodes if node.code == code)
    found = balances(work, scope)
    if params.get("include_children"):
        return with_groups(nodes, found)[account].closing
    return found.get(account, Balance()).closing
