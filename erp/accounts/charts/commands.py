"""Laying out a chart of accounts for a company from a data file."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from erp.accounts.account.model import Account, DefaultAccount
from erp.company.company import Company
from erp.kernel.change import Saved, Work, after, command
from erp.kernel.errors import Conflict, NotFound
from erp.kernel.text import _, _l

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
    """Add the accounts of a template to a company that has none, with its default accounts; return how many.

    A chart that came by itself with the company, in this same unit of work, gives way to the one chosen now.
    """
    rows = chart_rows(template)
    by_itself = work.facts.pop(("chart came by itself", company_id), None)
    if by_itself is not None and by_itself != template:
        _take_away(work, company_id)
    elif work.session.scalar(select(Account.id).where(Account.company_id == company_id).limit(1)):
        return 0
    made: dict[str, Account] = {}
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


def _take_away(work: Work, company_id: int) -> None:
    """Remove a chart that nobody has used yet."""
    work.session.execute(delete(DefaultAccount).where(DefaultAccount.company_id == company_id))
    work.session.execute(update(Account).where(Account.company_id == company_id).values(parent_id=None))
    work.session.execute(delete(Account).where(Account.company_id == company_id))


BY_COUNTRY = {"DE": "germany", "AT": "germany", "JP": "japan"}


@after(Saved, Company)
def give_a_chart(work: Work, company: Company) -> None:
    """Give a new company the chart that is usual in its country, so that it can post at once."""
    if work.facts.get(("fresh", "company", company.id)) is False or company.version > 1:
        return
    template = BY_COUNTRY.get(company.country, "generic")
    if lay_out_chart(work, company.id, template):
        work.facts["chart came by itself", company.id] = template


@command(
    Company,
    "chart",
    route="chart",
    label=_l("Lay out a chart"),
    told=_l("laid out the chart of accounts"),
    right="update",
    when=lambda _company: False,
)
def choose_chart(work: Work, company: Company, *, template: Any = "generic", **given: Any) -> None:  # noqa: ARG001
    """Lay out the accounts of a template in a company that has none."""
    if not lay_out_chart(work, company.id, str(template)):
        raise Conflict(_("The company has a chart of accounts already. Nothing was changed."))
