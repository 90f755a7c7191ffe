"""Following and assignments, at the record and on a page of one's own."""

from datetime import date
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import Problem, Problems
from erp.kernel.paper.pages import back_to, reader_format, record_in_url
from erp.kernel.records import Record
from erp.kernel.rights import active_actors
from erp.kernel.talk.assigning import assign, assignments_of, counting_todo, end, own_assignments
from erp.kernel.talk.following import follow
from erp.kernel.talk.model import DONE, WITHDRAWN, Assignment
from erp.kernel.talk.people import who_see
from erp.kernel.talk.views import sent
from erp.kernel.text import _, _l
from erp.kernel.web.chrome import counts
from erp.kernel.web.pages import see_other
from erp.kernel.web.problems import wants_json
from erp.kernel.web.undoing import offer_undo

todo = Blueprint("todo", __name__)
counts("todo")(counting_todo)
VIEWS = {"mine": _l("For me"), "asked": _l("Asked of others"), "done": _l("Ended")}


@todo.post("/<collection>/<int:record_id>/following")
@todo.post("/api/v1/<collection>/<int:record_id>/following")
def set_following(collection: str, record_id: int) -> ResponseReturnValue:
    """Hear of a record from now on (``on``: yes or no)."""
    work, record = record_in_url(collection, record_id)
    given: Any = request.get_json(silent=True) if wants_json() else request.form
    is_on = str(given.get("on") if hasattr(given, "get") else "").casefold() in {"1", "true", "yes"}
    follow(work, record, is_on=is_on)
    return jsonify(on=is_on) if wants_json() else back_to(record)


@todo.get("/<collection>/<int:record_id>/assignments")
@todo.get("/api/v1/<collection>/<int:record_id>/assignments")
def list_assignments(collection: str, record_id: int) -> ResponseReturnValue:
    """List what is to be done about a record; a page gets the form that asks somebody."""
    work, record = record_in_url(collection, record_id)
    if wants_json():
        return jsonify(data=[assignment_json(row) for row in assignments_of(work, record)])
    return _form(work, record, {})


def _form(work: Work, record: Record, problems: dict[str, str], status: int = 200) -> ResponseReturnValue:
    people = [(one.user_id, one.name) for one in who_see(work, record)]
    crumbs = [(record.__plural_label__, f"/{record.__collection__}"), (record.title, _url(record)), (_("Assign"), None)]
    page = render_template(
        "talk/assign.html", title=_("Assign"), record=record, people=people, url=f"{_url(record)}/assignments",
        problems=problems, typed=request.form, crumbs=crumbs, back=_url(record),
    )  # fmt: skip
    return page, status


def _url(record: Record) -> str:
    return f"/{record.__collection__}/{record.id}"


@todo.post("/<collection>/<int:record_id>/assignments")
@todo.post("/api/v1/<collection>/<int:record_id>/assignments")
def add_assignment(collection: str, record_id: int) -> ResponseReturnValue:
    """Ask a user to do something: ``{"user": id or login, "note": ..., "due_on": "2026-12-24"}`` or a form."""
    work, record = record_in_url(collection, record_id)
    try:
        row = assign(work, record, _user(work), note=sent("note"), due_on=_day())
    except Problems as refused:
        if wants_json():
            raise
        return _form(work, record, {one.field: one.message for one in refused.problems}, 422)
    if wants_json():
        return jsonify(assignment_json(row)), 201
    offer_undo(work)
    return back_to(record)


def _user(work: Work) -> int | None:
    given: Any = request.get_json(silent=True) if wants_json() else request.form
    asked = str(given.get("user") if hasattr(given, "get") else "").casefold()
    if asked.isdigit():
        return int(asked)
    return next((one.user_id for one in active_actors(work.session) if one.login == asked), None)


def _day() -> date | None:
    text = sent("due_on").strip()
    try:
        return None if not text else date.fromisoformat(text) if wants_json() else reader_format().read_date(text)
    except ValueError:
        raise Problems([Problem("due_on", "not_a_date", _("This is not a date."))]) from None


@todo.post("/<collection>/<int:record_id>/assignments/<int:assignment_id>/completion")
@todo.post("/api/v1/<collection>/<int:record_id>/assignments/<int:assignment_id>/completion")
def complete(collection: str, record_id: int, assignment_id: int) -> ResponseReturnValue:
    """Say that it is done."""
    return _ended(collection, record_id, assignment_id, DONE)


@todo.post("/<collection>/<int:record_id>/assignments/<int:assignment_id>/withdrawal")
@todo.post("/api/v1/<collection>/<int:record_id>/assignments/<int:assignment_id>/withdrawal")
def withdraw(collection: str, record_id: int, assignment_id: int) -> ResponseReturnValue:
    """Say that nobody needs to do it."""
    return _ended(collection, record_id, assignment_id, WITHDRAWN)


def _ended(collection: str, record_id: int, assignment_id: int, state: str) -> ResponseReturnValue:
    work, record = record_in_url(collection, record_id)
    row = end(work, record, assignment_id, state=state)
    if wants_json():
        return jsonify(assignment_json(row))
    return see_other("/assignments") if request.form.get("from") == "list" else back_to(record)


@todo.get("/assignments")
@todo.get("/api/v1/assignments")
def show_assignments() -> ResponseReturnValue:
    """Show what the reader is asked to do, asked of others, or has ended: ``?show=mine|asked|done``."""
    work, show = current_work(), request.args.get("show", "mine")
    show = show if show in VIEWS else "mine"
    found = own_assignments(work, show)
    if wants_json():
        return jsonify(data=[assignment_json(row) for row, _record in found])
    fmt = reader_format()
    rows = [
        {"id": row.id, "title": record.title, "url": _url(record), "kind": record.__label__, "note": row.note,
         "who": row.created_by_name if row.user_id == work.actor.user_id else row.user_name, "due": fmt.date(row.due_on),
         "is_late": row.due_on is not None and row.due_on < work.today(getattr(record, "company_id", None)),
         "when": fmt.ago(row.ended_at or row.created_at), "state": row.state}
        for row, record in found
    ]  # fmt: skip
    return render_template(
        "talk/assignments.html", title=_("To do"), crumbs=[(_("To do"), None)], rows=rows, show=show, views=VIEWS
    )


def assignment_json(row: Assignment) -> dict[str, Any]:
    """Return an assignment as the API writes it."""
    return {
        "id": row.id, "about": {"kind": row.about_kind, "id": row.about_id}, "user": {"id": row.user_id, "label": row.user_name},
        "note": row.note, "due_on": plain(row.due_on), "state": row.state, "created_at": plain(row.created_at),
        "created_by": {"id": row.created_by_id, "label": row.created_by_name}, "ended_at": plain(row.ended_at),
    }  # fmt: skip
