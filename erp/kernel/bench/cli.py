"""``erp bench``: the benchmarks of ``tests/load`` against a running instance."""

import importlib
import sys

import click

from erp.kernel.cli import tell
from erp.settings import ROOT, settings


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="print [{name, median, p95, unit, target, ok}]")
@click.option("--count", default=200, show_default=True, help="how many requests each figure is the median of")
@click.option("--user", default="admin", show_default=True, help="the administrator in whose name requests are sent")
@click.option("--yes", is_flag=True, help="write into this instance although it is no demo")
def bench(name: str | None, *, as_json: bool, count: int, user: str, yes: bool) -> None:
    """Measure a running instance: CPU of all its processes together, through nginx, each figure beside its target.

    NAME is one of durability, memory, posting, hand, together, lists, slow, live, crowd, busy, sockets; without it all are taken.
    "live" takes the last four: a quiet house, a busy one, 300 open browsers, and thousands of sockets.

    Invoices are posted into companies of the benchmark's own (BENCH, BENCH-1K, BENCH-100K), which are archived
    afterwards and used again by the next run; what is posted stays, as always. For the lists 100,000 invoices are
    thrown in once: copies of a posted one made in bulk, each with its own number, line, ledger entries and open item
    (about a minute, 300 MB). Nothing else is changed. It needs a demo instance, or --yes.
    """
    if not settings().demo and not yes:
        raise click.UsageError("This is no demo instance. With --yes the benchmark writes its own companies into it.")
    sys.path.insert(0, str(ROOT))
    figures = importlib.import_module("tests.load.figures")
    reasons = importlib.import_module("tests.load.instance")
    try:
        found, missing = figures.measure(settings(), name, count, user)
    except (reasons.NotMeasured, reasons.Refused) as reason:
        raise click.ClickException(str(reason)) from None
    lines = [
        f"{'ok  ' if one['ok'] else 'MISS'} {one['name']:58} median {one['median']:>9} p95 {one['p95']:>9}"
        f" {one['unit']:6} target {one['target']}"
        for one in found
    ]
    tell(found, as_json=as_json, words="\n".join(lines))
    for name_and_why in missing:
        print(f"not measured: {name_and_why}", file=sys.stderr)
    sys.exit(0 if found and not missing and all(one["ok"] for one in found) else 1)


commands: list[click.Command] = [bench]
