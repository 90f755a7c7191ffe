"""Laying out a chart of accounts for a company from a data file."""

import csv
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from erp.accounts.account.model import Account, DefaultAccount
from erp.kernel.change import Work
from erp.kernel.errors import NotFound
from erp.kernel.text import _l

FOLDER = Path(__file__).parent
TEMPLATES = (("generic", _l("Generic")), ("germany", _l("Germany (SKR 04)")), ("japan", _l("Japan")))


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One account of a chart template."""

    code: str
    parent: str
    name: str
    root_type: str
    is_group: bool
    role: str | None
    default: bool


def chart_rows(template: str) -> list[ChartRow]:
    """Return the accounts of a template, groups before what is below them."""
    if template not in dict(TEMPLATES):
        raise NotFound
    with (FOLDER / f"{template}.csv").open(encoding="utf-8", newline="") as file:
        return [
            ChartRow(
                row["code"], row["parent"], row["name"], row["root_type"], row["is_group"] == "1", row["role"] or None,
                row["default"] == "1",
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def lay_out_chart(work: Work, company_id: int, template: str = "generic") -> int:
    """Add the accounts of a template to a company that has none, with its default accounts; return how many."""
    if work.session.scalar(select(Account.id).where(Account.company_id == company_id).limit(1)):
        return 0
    rows, made = chart_rows(template), dict[str, Account]()
    for row in rows:
        made[row.code] = Account(
            company_id=company_id, code=row.code, name=row.name, root_type=row.root_type, is_group=row.is_group,
            role=row.role, state="active",
        )  # fmt: skip
    work.session.add_all(made.values())
    work.session.flush()
    for row in rows:
        if row.parent:
            made[row.code].parent_id = made[row.parent].id
        if row.default and row.role:
            default = DefaultAccount(company_id=company_id, role=row.role, account_id=made[row.code].id)
            work.session.add(default)
    work.session.flush()
    return len(rows)
