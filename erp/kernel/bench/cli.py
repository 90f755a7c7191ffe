"""``erp bench``: the benchmarks of ``tests/load`` against a running instance."""

import importlib
import sys

import click

from erp.kernel.cli import tell
from erp.settings import ROOT, settings


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True)
@click.option("--count", default=200, help="how many requests each figure is the median of")
def bench(name: str | None, as_json: bool, count: int) -> None:
    """Measure a running instance: CPU time of all its processes together, through nginx."""
    sys.path.insert(0, str(ROOT))
    figures = importlib.import_module("tests.load.figures")
    found = figures.measure(settings(), name, count)
    lines = [
        f"{'ok  ' if one['ok'] else 'MISS'} {one['name']:48} median {one['median']:>9} p95 {one['p95']:>9}"
        f" {one['unit']:6} target {one['target']}"
        for one in found
    ]
    tell(found, as_json=as_json, words="\n".join(lines))
    sys.exit(0 if all(one["ok"] for one in found) else 1)


commands: list[click.Command] = [bench]
