"""Reports on pages, as fragments, by the API and as files; every answer is read from one consistent snapshot."""

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, jsonify, render_template, request, send_file
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from erp.kernel.change.hooks import rules
from erp.kernel.change.links import labels
from erp.kernel.change.work import Work, reading, run_work, snapshot
from erp.kernel.errors import BadRequest, Problems
from erp.kernel.format import Format
from erp.kernel.paper.report_paper import NUMBERS, SOON, left_out, request_report, shown_row, shown_totals
from erp.kernel.paper.reports import (
    BOOL,
    MOST,
    Parameter,
    Report,
    Table,
    all_reports,
    as_json,
    as_lines,
    ask,
    may_run,
    report_named,
    run,
)
from erp.kernel.paper.tables import write_csv, write_xlsx
from erp.kernel.paper.waiting import answer_with, wait_for
from erp.kernel.records import all_kinds
from erp.kernel.records.setup import setup
from erp.kernel.rights import may
from erp.kernel.rights.registry import surface
from erp.kernel.text import _
from erp.kernel.web.pages import reader_format

reports = Blueprint("reports", __name__)
FORMS = ("csv", "xlsx", "pdf")
ANSWERED = 10_000
"""Rows of one answer of the API; ``left`` says how many more there are, the file has all of them."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RARELY_ASKED = {"known_on", "currency", "all"}


@reports.record_once
def _own_snapshots(state: BlueprintSetupState) -> None:
    """Let these views open their own snapshot instead of the request's unit of work."""
    state.app.without_work |= {f"reports.{view}" for view in ("index", "show", "download", "answer", "answer_file")}  # type: ignore[attr-defined]


@surface("reports.index")
@reports.get("/reports")
def index() -> ResponseReturnValue:
    """List the reports that the reader may run."""
    with snapshot(g.actor) as work:
        now = setup(work.session)
        runnable = [
            one for one in all_reports() if may_run(g.actor, one) and not one.drill_only and now.is_on(one.feature)
        ]
        return render_template("report/index.html", reports=runnable, title=_("Reports"), crumbs=[(_("Reports"), None)])


@surface("reports.show")
@reports.get("/reports/<name>")
def show(name: str) -> ResponseReturnValue:
    """Show a report with its options; beside another report, only the entries behind a figure."""
    with snapshot(g.actor) as work:
        one = report_named(g.actor, name)
        try:
            table, problem = run(work, name, _given()), ""
        except Problems as refused:
            table, problem = Table([], []), refused.message
        context = _context(work, one, table, problem)
        if request.headers.get("HX-Target", "").endswith("#drill"):
            return render_template("report/_drill.html", **context)
        return render_template("report/report.html", **context), 422 if problem and _given() else 200


@surface("reports.download")
@reports.get("/reports/<name>.<any(csv, xlsx, pdf):form>")
def download(name: str, form: str) -> ResponseReturnValue:
    """Send a report as a file."""
    return _file(name, form)


@surface("reports.answer")
@reports.get("/api/v1/reports/<name>")
def answer(name: str) -> ResponseReturnValue:
    """Answer a report: columns, rows, totals, as of which day and as known when."""
    with snapshot(g.actor) as work:
        return jsonify(as_json(run(work, name, _given(), limit=ANSWERED)))


@surface("reports.answer_file")
@reports.get("/api/v1/reports/<name>.<any(csv, xlsx, pdf):form>")
def answer_file(name: str, form: str) -> ResponseReturnValue:
    """Send a report as a file."""
    return _file(name, form)


def _given() -> dict[str, str]:
    given: dict[str, str] = {}
    for key, values in request.args.lists():
        if len(values) > 1:
            raise BadRequest(_("This report knows no parameter %(name)s.", name=f"{key} × {len(values)}"))
        given[key] = values[0]
    return given


def _file(name: str, form: str) -> ResponseReturnValue:
    if form == "pdf":
        return _on_paper(name)
    with snapshot(g.actor) as work:
        one, table = report_named(g.actor, name), run(work, name, _given())
        header = [str(column.label) for column in table.columns]
        if form == "csv":
            content, mime = b"".join(write_csv(header, as_lines(table))), "text/csv; charset=utf-8"
        else:
            buffer = io.BytesIO()
            write_xlsx(str(one.label), header, as_lines(table), buffer)
            content, mime = buffer.getvalue(), XLSX
    return send_file(io.BytesIO(content), mimetype=mime, as_attachment=True, download_name=f"{name}.{form}")


def _on_paper(name: str) -> ResponseReturnValue:
    """Let the PDF worker make the report: send it when that takes a moment, else say which job makes it."""
    given = _given()
    task_id = run_work(g.actor, lambda work: request_report(work, name, given))
    wait_for(task_id, SOON)
    with reading(g.actor) as work:
        return answer_with(work, task_id)


def _cut(table: Table) -> None:
    """Leave out what no reader would scroll through; how much that is, is told."""
    rows = list(table.rows)
    table.left += max(0, len(rows) - MOST)
    table.rows = rows[:MOST]


def _format(table: Table) -> Format:
    fmt = reader_format()
    return Format(fmt.language, fmt.zone, table.currency or fmt.currency)


def _context(work: Work, one: Report, table: Table, problem: str) -> dict[str, Any]:
    fmt = _format(table)
    query = urlencode(_given())
    files = {form: f"/reports/{one.name}.{form}?{query}" for form in FORMS} if not problem else {}
    facts = table.facts
    _cut(table)
    asked = {} if problem else ask(work, one, _given())
    parameters = [_parameter(work, parameter, asked) for parameter in one.parameters]
    rare = _rare(one)
    shown: dict[str, Any] = {
        "report": one, "title": table.subtitle or one.label, "subtitle": table.subtitle, "problem": problem,
        "parameters": [parameter for parameter in parameters if parameter["name"] not in rare],
        "rare": [parameter for parameter in parameters if parameter["name"] in rare],
        "about": "" if problem else _about(work, asked, table, fmt),
        "columns": table.columns, "rows": [shown_row(row, table.columns, fmt) for row in table.rows],
        "totals": shown_totals(table, fmt),
        "count": fmt.number(facts.get("entries", len(list(table.rows)))),
        "as_of": fmt.date(table.as_of) if table.as_of else "", "note": left_out(table, fmt) or table.note, "export_urls": files,
        "words": next((n for n, column in enumerate(table.columns) if column.type in NUMBERS), 0) or 1,
        "self_url": request.full_path.rstrip("?"), "full_url": request.full_path.rstrip("?"), "topic": _topic(),
        "crumbs": [(_("Reports"), "/reports"), (str(one.label), None)],
    }  # fmt: skip
    if "balanced" in facts:
        shown["balanced"] = facts["balanced"]
    return shown


def _rare(one: Report) -> set[str]:
    """Return the parameters that stand behind "More": of two ways to name a day, the one that the report needs less."""
    names = [parameter.name for parameter in one.parameters]
    other = {"as_of"} if "from" in names else {"to"}
    return {*RARELY_ASKED, *(other if {"to", "as_of"} <= set(names) else ())}


def _about(work: Work, asked: Mapping[str, Any], table: Table, fmt: Format) -> str:
    """Return of which company, period and currency the figures are: one line below the heading."""
    company = labels(work.session, "company", [asked["company"]]).get(asked["company"])
    start, end = table.facts.get("from"), table.as_of
    if start and end:
        when = _("%(start)s to %(end)s", start=fmt.date(start), end=fmt.date(end))
    else:
        when = _("up to %(end)s", end=fmt.date(end)) if end else ""
    return " · ".join(part for part in (company.text if company else "", when, table.currency or "") if part)


def _topic() -> str:
    """Return the kinds of document whose changes change what was booked: vouchers that post and may be read."""
    return " ".join(
        kind.__kind__ for kind in all_kinds() if rules("posts", kind.__kind__) and may(g.actor, "read", kind.__kind__)
    )


def _parameter(work: Work, parameter: Parameter, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return a parameter as the options bar shows it, with what was chosen: a record by its id, never by its place."""
    value = text = request.args.get(parameter.name, "")
    chosen = asked.get(parameter.name) if parameter.link else None
    if chosen is not None:
        value, text = f"id:{chosen}", labels(work.session, parameter.link, [chosen])[chosen].text
    return {
        "name": parameter.name, "label": parameter.label, "type": parameter.type, "link": parameter.link,
        "choices": parameter.choices, "required": parameter.required, "text": text,
        "value": value == "1" if parameter.type == BOOL else value,
    }  # fmt: skip
