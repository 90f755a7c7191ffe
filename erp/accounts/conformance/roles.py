"""The roles of accounts that cases name, each one account of the scratch chart."""

from typing import Any

from sqlalchemy import select

from erp.accounts.account.model import Account, DefaultAccount
from erp.kernel.change import Work, save
from erp.kernel.conformance.run import Run

ROOT = {
    "asset": (
        "receivable receivable_child cash bank bank_usd notes_receivable supplies tax_receivable "
        "withholding_receivable inventory inventory_interim shipped_not_invoiced fixed_asset cwip accumulated_depreciation deferred_expense"
    ),
    "liability": (
        "payable salaries_payable tax_payable withholding_payable grni asset_received_not_billed deferred_revenue "
        "customer_deposit unearned_revenue freight_clearing duty_clearing landed_cost_clearing"
    ),
    "equity": "income_summary retained_earnings dividends common_stock",
    "income": "revenue revaluation_income disposal_proceeds interest_income fx_gain_loss fx_unrealised",
}
ROOT_OF = {role: root for root, roles in ROOT.items() for role in roles.split()}


def account_of(run: Run, role: str, parent: str | None = None) -> str:
    """Return the code of the account that plays a role; one without a natural account is made with its name."""
    codes: dict[str, str] = run.facts.setdefault("accounts", {})
    if role not in codes:
        codes[role] = run.does(lambda work: _find_or_make(work, run, role, parent))
    return codes[role]


def _find_or_make(work: Work, run: Run, role: str, parent: str | None = None) -> str:
    query = select(Account.code).join(DefaultAccount, DefaultAccount.account_id == Account.id)
    found = work.session.scalar(query.where(DefaultAccount.company_id == run.company, DefaultAccount.role == role))
    return found or _make(work, run, role, parent)


def _make(work: Work, run: Run, role: str, parent: str | None) -> str:
    payload: dict[str, Any] = {
        "company": run.company, "code": role, "name": role.replace("_", " ").capitalize(),
        "root_type": ROOT_OF.get(role, "expense"),
    }  # fmt: skip
    if role == "receivable_child":
        parent = parent or "receivable"
        payload["role"] = "receivable"
    if parent is not None:
        payload["parent"] = {"code": _find_or_make(work, run, parent)}
    save(work, Account, payload)
    return role


def role_by_account(run: Run) -> dict[int, str]:
    """Return the role of each account of the scratch chart, by the account's id."""
    return run.does(lambda work: _roles(work, run))


def _roles(work: Work, run: Run) -> dict[int, str]:
    defaults = select(DefaultAccount.account_id, DefaultAccount.role).where(DefaultAccount.company_id == run.company)
    found = {row[0]: row[1] for row in work.session.execute(defaults)}
    made: dict[str, str] = run.facts.get("accounts", {})
    by_code = {code: role for role, code in made.items()}
    rows = work.session.execute(select(Account.id, Account.code).where(Account.company_id == run.company))
    return found | {row.id: by_code[row.code] for row in rows if row.code in by_code}
