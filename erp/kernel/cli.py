"""The operator's command: ``erp``. Its verbs live with what they act on and are collected here."""

import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy.exc import OperationalError

from erp.kernel.errors import Refused
from erp.kernel.modules import BrokenExtension, departments
from erp.settings import WrongSetting, use_data_folder

MODULES = (
    "erp.kernel.database.cli", "erp.kernel.operate.cli", "erp.kernel.rights.cli", "erp.kernel.work.cli",
    "erp.kernel.paper.cli", "erp.accounts.cli", "erp.kernel.conformance.cli", "erp.demo.cli", "erp.kernel.bench.cli",
)  # fmt: skip


class Commands(click.Group):
    """The verbs of all modules; a module that is not installed has none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return sorted({*super().list_commands(ctx), *self._found()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb of this name."""
        return super().get_command(ctx, cmd_name) or self._found().get(cmd_name)

    def _found(self) -> dict[str, click.Command]:
        found: dict[str, click.Command] = {}
        for name in (*MODULES, *(f"{package}.cli" for package in departments())):
            if importlib.util.find_spec(name.rpartition(".")[0]) and importlib.util.find_spec(name):
                for one in importlib.import_module(name).commands:
                    found[one.name] = one
        return found


@click.group(cls=Commands)
@click.option("--data", type=click.Path(path_type=Path), help="data folder of an instance started by bin/dev")
@click.pass_context
def cli(context: click.Context, data: Path | None) -> None:
    """Operate Daifuku."""
    if data is not None:
        use_data_folder(data)
    if "--help" not in sys.argv:
        context.with_resource(application())


@contextmanager
def application() -> Iterator[Any]:
    """Open the product for a command: settings, departments, database. Inside an open one, return that."""
    if current_app:
        yield current_app
        return
    create_app = importlib.import_module("erp.kernel.web.application").create_app
    app = create_app()
    with app.app_context():
        yield app


def tell(value: Any, *, as_json: bool, words: str = "") -> None:
    """Print a result for people, or as JSON for programs."""
    print(json.dumps(value, indent=1, default=str, ensure_ascii=False) if as_json else words or value)


def main() -> None:
    """Run the command: 0 done, 1 refused or a check failed, 2 wrong use."""
    try:
        cli(standalone_mode=True)
    except (WrongSetting, BrokenExtension) as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(2)
    except Refused as refused:
        told = [f"{one.field}: {one.message}" if one.field else str(one.message) for one in refused.problems]
        print("\n".join(told) or refused.message, file=sys.stderr)
        sys.exit(1)
    except OperationalError as error:
        print(f"erp: the database refused: {error.orig}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
