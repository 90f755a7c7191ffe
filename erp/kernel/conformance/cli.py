"""``erp conformance``: the acceptance cases against this installation."""

import json
import sys
from pathlib import Path

import click

from erp import DEPARTMENTS
from erp.kernel.cli import application
from erp.kernel.conformance.compare import plain
from erp.kernel.conformance.runner import FAIL, OK, UNSUPPORTED, Result, load_adapters, run_all


@click.command("conformance")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("--keep", is_flag=True, help="Keep the scratch companies and print their codes.")
@click.option("--only", multiple=True, help="A topic or the id of a case; may be repeated.")
def conformance(folder: Path, *, as_json: bool, keep: bool, only: tuple[str, ...]) -> None:
    """Run every case below DIR through the product's own commands in scratch companies; exit 1 on any failure."""
    results = []
    with application():
        load_adapters(DEPARTMENTS)
        for result in run_all(folder, keep=keep, only=only):
            results.append(result)
            if not as_json:
                click.echo(line_of(result, keep=keep))
    if as_json:
        click.echo(json.dumps(as_contract(results, keep=keep), ensure_ascii=False, indent=1))
    else:
        counts = {status: sum(one.status == status for one in results) for status in (OK, FAIL, UNSUPPORTED)}
        click.echo(f"{counts[OK]} passed, {counts[FAIL]} failed, {counts[UNSUPPORTED]} skipped")
    sys.exit(1 if any(one.status == FAIL for one in results) else 0)


def line_of(result: Result, *, keep: bool) -> str:
    """Return one line: ``ID ok``, ``ID FAIL path expected got``, or ``ID unsupported why``."""
    where = f" [{result.company}]" if keep and result.company else ""
    if result.status == OK:
        return f"{result.id} ok{where}" + (f" (in part: {result.reason})" if result.reason else "")
    if result.status == UNSUPPORTED:
        return f"{result.id} unsupported {result.reason}"
    told = "; ".join(f"{one.path} expected {plain(one.expected)} got {plain(one.actual)}" for one in result.diffs[:5])
    more = f" (and {len(result.diffs) - 5} more)" if len(result.diffs) > 5 else ""
    return f"{result.id} FAIL {told}{more}{where}"


def as_contract(results: list[Result], *, keep: bool) -> dict[str, object]:
    """Return all results in the shape of the contract."""
    companies = " ".join(one.company for one in results if one.company) if keep else None
    return {
        "company": companies,
        "results": [one.as_json() for one in results],
        "passed": sum(one.status == OK for one in results),
        "failed": sum(one.status == FAIL for one in results),
        "skipped": sum(one.status == UNSUPPORTED for one in results),
    }


commands = [conformance]
