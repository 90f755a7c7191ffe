"""Prints in pages and by the API: the preview, the PDF when it is there, and the wait for it."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.find import find
from erp.kernel.change.work import Work, run_work
from erp.kernel.paper.layouts import style
from erp.kernel.paper.pages import download, record_in_url
from erp.kernel.paper.prints import failed_task, layouts_of, made, preview, request_print, wanted
from erp.kernel.records import Record
from erp.kernel.text import LANGUAGES
from erp.kernel.web.problems import wants_json
from erp.kernel.work.held_up import held_up

prints_pages = Blueprint("prints", __name__)
SHEET_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'self'"


@prints_pages.get("/<collection>/<int:record_id>/print.pdf")
@prints_pages.get("/api/v1/<collection>/<int:record_id>/print.pdf")
def print_pdf(collection: str, record_id: int) -> ResponseReturnValue:
    """Send the PDF (``?format=&lang=``); while a worker makes it, say so with 202."""
    work, record = record_in_url(collection, record_id, lines=True)
    what = wanted(work, record, request.args.get("format"), request.args.get("lang"))
    file = made(work, what)
    if file is not None:
        return download(file)
    task = run_work(work.actor, lambda own: _requested(own, record))
    if wants_json():
        return jsonify(job=task), 202
    return render_template(
        "paper/print_wait.html", title=what.file_name, **_waiting(work, collection, record_id, task)
    ), 202


def _waiting(work: Work, collection: str, record_id: int, task: int) -> dict[str, Any]:
    """Return what the page of a print in the making shows; ``view`` says that the PDF is shown within it."""
    query = urlencode({name: request.args[name] for name in ("format", "lang", "view") if name in request.args})
    base = f"/{collection}/{record_id}/print"
    return {
        "job": task,
        "url": f"{base}.pdf?{query}",
        "wait_url": f"{base}/wait?{query}",
        "missing": held_up(work, "pdf"),
    }


@prints_pages.get("/<collection>/<int:record_id>/print/wait")
def print_wait(collection: str, record_id: int) -> ResponseReturnValue:
    """Lead to the PDF when it is there; until then show that it is being made."""
    work, record = record_in_url(collection, record_id, lines=True)
    what = wanted(work, record, request.args.get("format"), request.args.get("lang"))
    waiting = _waiting(work, collection, record_id, 0)
    if made(work, what):
        if "view" in request.args:
            return render_template("paper/_print_view.html", title=str(record.title), **waiting)
        return "", 200, {"HX-Redirect": waiting["url"]}
    failed = failed_task(work, what)
    if failed is None:
        waiting["job"] = run_work(work.actor, lambda own: _requested(own, record))
    return render_template("paper/_print_wait.html", failed=failed, **waiting)


def _requested(work: Work, record: Record) -> int:
    """Ask for the print in a unit of work of its own: it is a wish for later, whatever comes of this request."""
    again = find(work, type(record), record.id)
    return request_print(work, wanted(work, again, request.args.get("format"), request.args.get("lang")))


@prints_pages.get("/<collection>/<int:record_id>/print")
def print_preview(collection: str, record_id: int) -> ResponseReturnValue:
    """Show the PDF itself, with its layouts and languages to choose from; where it is not there, ask and wait for it."""
    work, record = record_in_url(collection, record_id, lines=True)
    what = wanted(work, record, request.args.get("format"), request.args.get("lang"))
    ready, failed = made(work, what) is not None, failed_task(work, what)
    base = f"/{collection}/{record_id}/print"
    query = urlencode({"format": what.layout.format, "lang": what.language})
    return render_template(
        "paper/print.html", record=record, what=what, layouts=layouts_of(record.__kind__), languages=LANGUAGES,
        title=str(record.title), base=base, ready=ready, failed=failed, job=0, url=f"{base}.pdf?{query}",
        wait_url=f"{base}/wait?{query}&view=1", missing=held_up(work, "pdf"), again_url=f"{base}.pdf?{query}",
        crumbs=[(str(record.__plural_label__), f"/{collection}"), (str(record.title), f"/{collection}/{record_id}")],
    )  # fmt: skip


@prints_pages.get("/<collection>/<int:record_id>/print/sheet")
def print_sheet(collection: str, record_id: int) -> ResponseReturnValue:
    """Return the sheet alone: the same template and strings as the PDF."""
    work, record = record_in_url(collection, record_id, lines=True)
    what = wanted(work, record, request.args.get("format"), request.args.get("lang"))
    response = Response(preview(work, what, "/print/style.css"), mimetype="text/html")
    response.headers["Content-Security-Policy"] = SHEET_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@prints_pages.get("/print/style.css")
def print_style() -> ResponseReturnValue:
    """Return the style of printed pages for previews."""
    response = Response(style(), mimetype="text/css")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
