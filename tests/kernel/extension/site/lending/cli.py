"""``erp loans``."""

import click

from erp.kernel.change.work import reading
from erp.kernel.cli import application
from erp.kernel.rights import system_actor
from lending.loan import Loan


@click.command()
def loans() -> None:
    """Count the loans."""
    with application(), reading(system_actor("loans")) as work:
        click.echo(f"{work.session.query(Loan).count()} loans")


commands: list[click.Command] = [loans]
