"""``erp report``: any report on the command line, and making projections anew."""

import json
import sys
from typing import Any

import click
from sqlalchemy import select

from erp.accounts.settlement.rebuild import rebuild_open_items, rebuild_party_balances
from erp.company.company import Company
from erp.kernel.change import run_work, snapshot
from erp.kernel.change.work import Work
from erp.kernel.cli import application
from erp.kernel.errors import NotFound, Refused
from erp.kernel.paper.reports import all_reports, as_json, as_lines
from erp.kernel.paper.reports import run as run_report
from erp.kernel.paper.tables import write_csv
from erp.kernel.rights.actor import system_actor


@click.command("report")
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="company, from, to, as_of, known_on ...")
@click.option("--as-of", help="The day of the statement; the same as --param as_of=DAY.")
@click.option("--company", help="Code of the company; not needed where there is one only.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
def report(name: str, params: tuple[str, ...], as_of: str | None, company: str | None, form: str) -> None:
    """Run the report NAME (trial-balance, general-ledger, ...) and print it."""
    if any("=" not in param for param in params):
        raise click.UsageError("--param wants KEY=VALUE")
    given = dict(param.split("=", 1) for param in params)
    given |= {key: value for key, value in (("as_of", as_of), ("company", company)) if value}
    with application(), snapshot(system_actor("report")) as work:
        try:
            table = run_report(work, name, _with_company(work, given), limit=None)
        except NotFound:
            known = ", ".join(sorted(one.name for one in all_reports()))
            raise click.UsageError(f"there is no report “{name}”; try: {known}") from None
        except Refused as refused:
            click.echo(refused.message, err=True)
            sys.exit(1)
        if form == "json":
            click.echo(json.dumps(as_json(table), ensure_ascii=False, indent=1))
        else:
            for chunk in write_csv([str(column.label) for column in table.columns], as_lines(table)):
                sys.stdout.buffer.write(chunk)


def _with_company(work: Work, given: dict[str, str]) -> dict[str, str]:
    """Return the parameters with the only company there is, where none was named."""
    if "company" in given:
        return given
    found = list(work.session.scalars(select(Company.id).order_by(Company.id).limit(2)))
    return given | {"company": str(found[0])} if len(found) == 1 else given


@click.command("rebuild")
@click.option("--company", required=True, help="Code of the company.")
def rebuild(company: str) -> None:
    """Make open items and party balances anew from the ledger, as after a failed audit."""

    def act(work: Work) -> Any:
        found = work.session.scalar(select(Company.id).where(Company.code == company))
        if found is None:
            raise click.UsageError(f"there is no company “{company}”")
        rebuild_party_balances(work, found)
        return rebuild_open_items(work, found)

    with application():
        wrong: int = run_work(system_actor("rebuild"), act)
        click.echo(f"{wrong} open items were wrong")


commands = [report, rebuild]
