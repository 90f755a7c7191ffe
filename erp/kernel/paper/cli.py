"""The operator's commands of this package: import, export, mails that need a decision, the search index."""

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from erp.kernel.change.work import run_work, snapshot
from erp.kernel.cli import application
from erp.kernel.errors import NotFound, Refused
from erp.kernel.paper.exports import CSV, XLSX, export
from erp.kernel.paper.import_plan import FieldMap, map_of, read_map
from erp.kernel.paper.imports import MODES, Options, Result, import_table, keep_profile, profile
from erp.kernel.paper.mail import FAILED, UNKNOWN, Mail
from erp.kernel.paper.search import rebuild, searchable
from erp.kernel.paper.tables import UnreadableTable, read_table
from erp.kernel.records import Record, all_kinds, collection, has_kind, kind_of
from erp.kernel.rights.actor import system_actor


def the_kind(name: str) -> type[Record]:
    """Return the kind of this name: ``sales_invoice``, ``sales-invoice`` or ``sales-invoices``."""
    plain = name.replace("-", "_")
    if has_kind(plain):
        return kind_of(plain)
    try:
        return collection(name.replace("_", "-"))
    except NotFound:
        raise click.UsageError(
            f"there is no kind “{name}”; try: {', '.join(sorted(kind.__collection__ for kind in all_kinds()))}"
        ) from None


@click.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML: {key, columns, constants, group_by}.",
)
@click.option("--profile", "profile_name", help="A map kept under this name.")
@click.option("--keep-profile", help="Keep the map of --map under this name.")
@click.option("--mode", type=click.Choice(MODES), default="create", show_default=True)
@click.option("--skip-bad", is_flag=True, help="Leave out documents with errors and import the rest.")
@click.option("--submit", is_flag=True, help="Submit each document; approvals are noted as not required.")
@click.option("--dry-run", is_flag=True, help="Check everything and save nothing.")
@click.option("--company", help="Code of the company, where the file does not name it.")
@click.option("--json", "as_json", is_flag=True, help="Say nothing but the JSON.")
def import_command(kind: str, file: Path, as_json: bool, **options: Any) -> None:
    """Import FILE (CSV or XLSX) as records of KIND through the same rules as a form; print what was done as JSON."""
    with application():
        record = the_kind(kind)
        try:
            result = _imported(record, file, options)
        except (UnreadableTable, Refused) as refused:
            raise click.ClickException(str(refused)) from None
    if not as_json:
        _tell(result, dry_run=options["dry_run"])
    click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    if result.failed and not (options["skip_bad"] and result.created + result.updated + result.skipped):
        sys.exit(1)


def _imported(record: type[Record], file: Path, options: dict[str, Any]) -> Result:
    fields = _fields(record, options)
    table = read_table(file.read_bytes(), file.name)
    wanted = Options(
        fields, options["mode"], options["skip_bad"], options["submit"], options["dry_run"], options["company"]
    )
    return import_table(system_actor("import"), record, table, wanted)


def _fields(record: type[Record], options: dict[str, Any]) -> FieldMap:
    """Return the field map that the options name."""
    actor = system_actor("import")
    if options["map_file"] is not None:
        fields = read_map(options["map_file"].read_text(encoding="utf-8"))
        if options["keep_profile"]:
            run_work(actor, lambda work: keep_profile(work, record.__kind__, options["keep_profile"], fields))
        return fields
    if options["profile_name"]:
        kept = run_work(actor, lambda work: profile(work, record.__kind__, options["profile_name"]))
        if kept is None:
            raise click.UsageError(f"there is no profile “{options['profile_name']}” for {record.__collection__}")
        return map_of(kept.fields)
    return FieldMap()


def _tell(result: Result, *, dry_run: bool) -> None:
    """Say in words what was done, beside the JSON."""
    for error in result.errors:
        place = f"row {error.row}" + (f", {error.column}" if error.column else "")
        click.echo(f"{place}: {error.message} ({error.code})", err=True)
    counts = f"{result.created} created, {result.updated} updated, {result.skipped} skipped, {result.failed} failed"
    click.echo(f"{result.rows} rows: {counts}" + (" (dry run: nothing was saved)" if dry_run else ""), err=True)


@click.command("export")
@click.argument("kind")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write here; otherwise to standard output."
)
@click.option(
    "--format", "form", type=click.Choice([CSV, XLSX]), help="By default what the name of the output says, else CSV."
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FIELD=VALUE",
    help="As in the list's URL: status=overdue, total__gte=100.",
)
@click.option("--columns", default="", help="API names, separated by commas; all when empty.")
@click.option("--labels", is_flag=True, help="Head the columns with words instead of API names.")
def export_command(
    kind: str, *, output: Path | None, form: str | None, filters: tuple[str, ...], columns: str, labels: bool
) -> None:
    """Export the records of KIND; the file can be imported again."""
    wrong = [one for one in filters if "=" not in one]
    if wrong:
        raise click.UsageError(f"a filter is FIELD=VALUE: {wrong[0]}")
    args = dict(one.split("=", 1) for one in filters)
    form = form or (XLSX if output is not None and output.suffix.lower() == ".xlsx" else CSV)
    names = [name for name in columns.split(",") if name]
    try:
        with application(), snapshot(system_actor("export")) as work:
            content = export(work, the_kind(kind), args, columns=names, labels=labels).written(form)
    except Refused as refused:
        raise click.ClickException(refused.message) from None
    if output is None:
        shutil.copyfileobj(content, sys.stdout.buffer)
        return
    with output.open("wb") as into:
        shutil.copyfileobj(content, into)


@click.command("mails")
@click.option("--json", "as_json", is_flag=True)
def mails_command(as_json: bool) -> None:
    """Name the mails that somebody must decide about: refused, or of unknown outcome."""
    query = select(Mail).where(Mail.state.in_((FAILED, UNKNOWN))).order_by(Mail.id)
    with application():
        rows = run_work(system_actor("mails"), lambda work: list(work.session.scalars(query)))
    found = [
        {"id": row.id, "state": row.state, "to": row.recipients, "subject": row.subject, "answer": row.answer}
        for row in rows
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.id} {row.state} {', '.join(row.recipients)} “{row.subject}”: {row.answer}")
    click.echo(f"{len(rows)} mails to decide about")


@click.command("reindex")
@click.argument("kinds", nargs=-1)
def reindex_command(kinds: tuple[str, ...]) -> None:
    """Write the search entries of KINDS (all when none is named) anew."""
    with application():
        wanted = [the_kind(name) for name in kinds] or [kind for kind in all_kinds() if searchable(kind)]
        for kind in wanted:
            count = run_work(system_actor("reindex"), partial(rebuild, kind=kind))
            click.echo(f"{kind.__collection__}: {count}")


commands = [import_command, export_command, mails_command, reindex_command]
