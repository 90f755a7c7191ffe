"""Import and export in pages and by the API: a list leaves as a file, a file comes in as records."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from erp.kernel.change.described import described
from erp.kernel.change.work import current_work
from erp.kernel.errors import NotAllowed, NotFound, Problem, Problems
from erp.kernel.paper.export_jobs import AT_ONCE, request_export
from erp.kernel.paper.exports import CSV, TYPES, counted, export, file_name
from erp.kernel.paper.files import IMPORT, LARGEST_UPLOAD, clean_name, store, type_of
from erp.kernel.paper.import_plan import read_map
from erp.kernel.paper.import_runs import ImportRun, find_run, start, start_check
from erp.kernel.paper.imports import MODES, UPSERT, profiles_of
from erp.kernel.paper.pages import readable_kind
from erp.kernel.paper.tables import write_csv
from erp.kernel.records import Record, kind_of
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web.pages import see_other

tables = Blueprint("tables", __name__)


@tables.get("/<collection>/export")
@tables.post("/<collection>/export")
@tables.get("/api/v1/<collection>/export")
def export_list(collection: str) -> ResponseReturnValue:
    """Send the list that the URL describes as a file (``format=csv|xlsx``, ``columns=a,b``, ``labels=1``)."""
    work, kind = current_work(), _allowed(collection, "export")
    form = request.form.get("format") or request.args.get("format") or CSV
    if form not in TYPES:
        raise Problems([Problem("format", "not_a_choice", _("Choose one of: %(list)s.", list=", ".join(TYPES)))])
    filters = {key: value for key, value in request.args.items() if key not in {"format", "columns", "labels", "lines"}}
    how: dict[str, Any] = {
        "columns": [name for name in request.args.get("columns", "").split(",") if name],
        "labels": bool(request.args.get("labels")), "lines": request.args.get("lines") != "0",
    }  # fmt: skip
    if request.method == "POST" and counted(work, kind, filters) > AT_ONCE:
        request_export(work, kind, {"filters": filters, "form": form, **how})
        return see_other("/jobs")
    made = export(work, kind, filters, **how)
    return send_file(made.written(form), mimetype=TYPES[form], as_attachment=True, download_name=file_name(made, form))


def _allowed(collection: str, verb: str) -> type[Record]:
    kind = readable_kind(collection)
    if not may(current_work().actor, verb, kind.__kind__):
        raise NotAllowed(_("You may not do this here. Nothing was changed."))
    return kind


@tables.get("/<collection>/import")
def import_form(collection: str) -> ResponseReturnValue:
    """Show where a file is handed in."""
    kind = _allowed(collection, "import")
    return render_template("paper/import.html", **_form_context(kind))


def _form_context(kind: type[Record]) -> dict[str, Any]:
    work = current_work()
    description = described(work, kind.__kind__, "form")
    return {
        "d": description,
        "import_url": f"/{kind.__collection__}/import",
        "template_url": f"/{kind.__collection__}/import/columns.csv",
        "profiles": profiles_of(work, kind.__kind__),
        "may_submit": description.is_voucher and may(work.actor, "submit", kind.__kind__),
        "idempotency_key": uuid4().hex,
        "title": _("Import %(plural)s", plural=description.plural),
        "crumbs": [(str(description.plural), f"/{kind.__collection__}"), (_("Import"), None)],
    }


@tables.get("/<collection>/import/columns.csv")
def import_columns(collection: str) -> ResponseReturnValue:
    """Send an empty file with the right columns."""
    kind = _allowed(collection, "import")
    description = described(current_work(), kind.__kind__, "form")
    names = [info.name for info in description.form_fields if not info.readonly or info.name == "number"]
    names += [
        f"{name}.{info.name}"
        for name, line in description.lines.items()
        for info in line.form_fields
        if not info.readonly
    ]
    response = Response(b"".join(write_csv(names, [])), mimetype=TYPES[CSV])
    response.headers["Content-Disposition"] = f'attachment; filename="{collection}.csv"'
    return response


@tables.post("/<collection>/import")
def hand_in(collection: str) -> ResponseReturnValue:
    """Keep the file and check it as a job: nothing is imported yet, unless the form says so."""
    work, kind = current_work(), _allowed(collection, "import")
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Problems([Problem("file", "required", _("Choose a file."))])
    name = clean_name(sent.filename)
    type_of(name, b"")
    file = store(work, name, sent.stream, type_of(name, b""), purpose=IMPORT, limit=LARGEST_UPLOAD)  # type: ignore[arg-type]
    mode = request.form.get("mode", UPSERT)
    if mode not in MODES:
        raise Problems([Problem("mode", "not_a_choice", _("Choose one of: %(list)s.", list=", ".join(MODES)))])
    fields = read_map(request.form.get("map", "")) if request.form.get("map", "").strip() else None
    options = {
        "mode": mode, "skip_bad": bool(request.form.get("skip_bad")), "submit": bool(request.form.get("submit")),
        "map": fields.as_json() if fields is not None else None, "profile": request.form.get("profile") or None,
    }  # fmt: skip
    run = start_check(work, kind, file, options)
    if request.form.get("dry_run") == "":
        start(work, run)
    return see_other(f"/imports/{run.id}")


@tables.get("/imports/<int:run_id>")
def show_run(run_id: int) -> ResponseReturnValue:
    """Show an import: its progress, what a trial found, what was done."""
    work = current_work()
    run = find_run(work, run_id)
    kind = kind_of(run.kind)
    if not may(work.actor, "import", run.kind):
        raise NotFound
    context = {**_form_context(kind), "run": run, "result": run.result, "waiting": run.is_waiting}
    template = (
        "paper/_import_run.html"
        if request.headers.get("HX-Request") and request.args.get("part")
        else "paper/import_run.html"
    )
    return render_template(template, **context)


@tables.post("/imports/<int:run_id>/start")
def start_run(run_id: int) -> ResponseReturnValue:
    """Import what was checked."""
    work = current_work()
    run: ImportRun = find_run(work, run_id, for_update=True)
    if not may(work.actor, "import", run.kind):
        raise NotFound
    start(work, run)
    return see_other(f"/imports/{run_id}")
