"""The operator's command: ``erp``. Its verbs live with what they act on; what a verb needs is loaded when it runs."""

import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from erp.kernel.errors import Refused
from erp.settings import WrongSetting, use_data_folder

VERBS = {
    "audit": ("erp.kernel.operate.cli", "Recompute and verify every invariant; name the documents that break one."),
    "backup": ("erp.kernel.database.cli", "Write the database and the attachments into FOLDER, with checksums."),
    "bench": ("erp.kernel.bench.cli", "Measure a running instance, each figure beside its target."),
    "conformance": ("erp.kernel.conformance.cli", "Run accounting cases through the product and compare its ledgers."),
    "demo": ("erp.demo.cli", "The demo company; never on an installation with real books."),
    "describe": ("erp.kernel.operate.cli", "Show the fields, lines and verbs of a kind of document."),
    "doctor": ("erp.kernel.operate.cli", "Look for what is wrong with this installation, and say what to do."),
    "export": ("erp.kernel.paper.cli", "Export the records of KIND; the file can be imported again."),
    "import": ("erp.kernel.paper.cli", "Import FILE (CSV or XLSX) as records of KIND; print what was done as JSON."),
    "mails": ("erp.kernel.paper.cli", "Name the mails that somebody must decide about."),
    "migrate": ("erp.kernel.database.cli", "Bring the database to the newest schema and seed rights."),
    "rebuild": ("erp.accounts.cli", "Make open items and party balances anew from the ledger."),
    "reindex": ("erp.kernel.paper.cli", "Write the search entries of KINDS (all when none is named) anew."),
    "report": ("erp.accounts.cli", "Run the report NAME (trial-balance, general-ledger, ...) and print it."),
    "restore": ("erp.kernel.database.cli", "Replace the present content by a backup, then audit it."),
    "run": ("erp.kernel.work.cli", "Run a batch now, in this process, and show its result."),
    "schedules": ("erp.kernel.work.cli", "Show the timetable."),
    "shell": ("erp.kernel.operate.cli", "Open Python with the product loaded."),
    "status": ("erp.kernel.operate.cli", "Show the processes of this instance, and what /readyz says."),
    "token": ("erp.kernel.rights.cli", "API tokens: keys for programs."),
    "user": ("erp.kernel.rights.cli", "Users: who may sign in."),
}
"""Where each verb lives and what it does: enough to list them without loading the product."""


class Commands(click.Group):
    """The verbs of all modules, and those of extension apps."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return sorted({*super().list_commands(ctx), *VERBS, *_of_apps()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb of this name, from its module."""
        if cmd_name in VERBS:
            return _named(VERBS[cmd_name][0]).get(cmd_name)
        return super().get_command(ctx, cmd_name) or _of_apps().get(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List what each verb does."""
        del ctx
        rows = [(name, words) for name, (_module, words) in VERBS.items()]
        rows += [(name, one.get_short_help_str(100)) for name, one in _of_apps().items()]
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows))


def _named(module: str) -> dict[str, click.Command]:
    return {str(one.name): one for one in importlib.import_module(module).commands}


def _of_apps() -> dict[str, click.Command]:
    """Return the verbs of extension apps; only an app that is installed is loaded."""
    found: dict[str, click.Command] = {}
    for point in entry_points(group="erp.modules"):
        name = f"{point.value}.cli"
        try:
            if importlib.util.find_spec(point.value) and importlib.util.find_spec(name):
                found |= _named(name)
        except Exception as error:
            broken = importlib.import_module("erp.kernel.modules").BrokenExtension
            raise broken(f"the extension app {point.value} cannot be loaded: {error}") from error
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
    running = importlib.import_module("flask").current_app
    if running:
        yield running
        return
    create_app = importlib.import_module("erp.kernel.web.application").create_app
    app = create_app()
    with app.app_context():
        yield app


def tell(value: Any, *, as_json: bool, words: str = "") -> None:
    """Print a result for people, or as JSON for programs."""
    print(json.dumps(value, indent=1, default=str, ensure_ascii=False) if as_json else words or value)


def main() -> None:
    """Run the command: 0 done, 1 refused or a check failed, 2 wrong use, 3 a server is away."""
    try:
        cli(standalone_mode=True)
    except Refused as refused:
        lines = [f"{one.field}: {one.message}" if one.field else str(one.message) for one in refused.problems]
        end("\n".join(lines) or refused.message, 1)
    except WrongSetting as wrong:
        end(str(wrong), 2)
    except Exception as error:
        code, told = importlib.import_module("erp.kernel.operate.explaining").explained(error)
        if not told:
            raise
        end(told, code)


def end(words: str, code: int) -> None:
    """Say why and leave."""
    print(words, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
