"""The operator's commands of the demo."""

import gc
import json
import time

import click

from erp.demo.load import load_demo
from erp.demo.users import PASSWORD, USERS


@click.group("demo")
def demo() -> None:
    """The demo company; never on an installation with real books."""


@demo.command("load")
@click.option("--keep-dates", is_flag=True, help="Keep the days of 1996 to 1998 instead of moving them to today.")
@click.option("--json", "as_json", is_flag=True, help="Print what was loaded as JSON.")
def load(*, keep_dates: bool, as_json: bool) -> None:
    """Load users, Northwind with 830 orders, and a German and a Japanese company; what is there already stays."""
    began, told = time.monotonic(), 0
    gc.set_threshold(100_000, 20, 20)  # millions of short-lived objects: looking for garbage less often saves a tenth

    def progress(done: int, total: int) -> None:
        nonlocal told
        percent = 100 * done // total
        if not as_json and percent >= told + 10:
            told = percent - percent % 10
            click.echo(f"orders, invoices and payments: {told} %")

    loaded = load_demo(keep_dates=keep_dates, progress=progress)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        click.echo(json.dumps({"loaded": loaded.counts, "seconds": str(seconds)}))
        return
    for name, count in loaded.counts.items():
        click.echo(f"{name}: {count}")
    click.echo(f"demo loaded in {seconds} s; logins {', '.join(user.login for user in USERS)}, password {PASSWORD}")


commands = [demo]
