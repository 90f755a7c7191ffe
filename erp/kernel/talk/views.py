"""Comments and the history that they join, in pages and by the API."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work
from erp.kernel.paper.file_pages import may_attach, shown_files
from erp.kernel.paper.mail import may_mail
from erp.kernel.paper.pages import back_to, is_fragment, reader_format, record_in_url
from erp.kernel.records import Record
from erp.kernel.rights import may
from erp.kernel.talk.assigning import assignments_of
from erp.kernel.talk.comments import Comment, change_comment, comment, comments_of, react, signs_of
from erp.kernel.talk.following import follows
from erp.kernel.talk.model import SIGNS, Reaction
from erp.kernel.talk.people import offered
from erp.kernel.talk.tagging import tags_of
from erp.kernel.talk.timeline import timeline
from erp.kernel.web.problems import wants_json
from erp.kernel.web.slots import fills_rail

talk = Blueprint("talk", __name__)


@fills_rail
def rail(work: Work, record: Record) -> dict[str, Any]:
    """Put files, comments, history, print and mail beside every record."""
    base = f"/{record.__collection__}/{record.id}"
    return {
        "files": shown_files(work, record),
        "files_url": f"{base}/files" if may_attach(work, record) else None,
        "print_url": f"{base}/print" if may(work.actor, "print", record.__kind__) else None,
        "mail_url": f"{base}/mail" if may_mail(work.actor, record.__kind__) else None,
        "follows": follows(work, record), "talk_url": base, "assignments": shown_assignments(work, record),
        "tags": tags_of(work, record),
        **stream(work, record),
    }  # fmt: skip


def shown_assignments(work: Work, record: Record) -> list[dict[str, Any]]:
    """Return what is to be done about a record as its page shows it."""
    fmt, today = reader_format(), work.today(getattr(record, "company_id", None))
    return [
        {
            "id": row.id, "who": row.user_name, "by": row.created_by_name, "note": row.note, "due": fmt.date(row.due_on),
            "is_late": row.due_on is not None and row.due_on < today, "is_mine": row.user_id == work.actor.user_id,
            "may_end": work.actor.is_admin or work.actor.user_id in {row.user_id, row.created_by_id},
        }
        for row in assignments_of(work, record)
    ]  # fmt: skip


def stream(work: Work, record: Record) -> dict[str, Any]:
    """Return the words of the history's template; ``?whole=1`` asks for all of it."""
    return {
        "timeline": timeline(work, record, reader_format(), whole=request.args.get("whole") == "1"), "signs": SIGNS,
        "comments_url": f"/{record.__collection__}/{record.id}/comments",
    }  # fmt: skip


def shown_stream(work: Work, record: Record) -> str:
    """Return the history as a part of a page."""
    return render_template("document/_timeline.html", **stream(work, record))


@talk.get("/<collection>/<int:record_id>/comments")
@talk.get("/api/v1/<collection>/<int:record_id>/comments")
def list_comments(collection: str, record_id: int) -> ResponseReturnValue:
    """List what was said about a record; a page gets the whole history."""
    work, record = record_in_url(collection, record_id)
    if not wants_json():
        return shown_stream(work, record)
    rows = comments_of(work, record)
    signs = signs_of(work, rows)
    return jsonify(data=[comment_json(row, signs[row.id]) for row in rows])


@talk.post("/<collection>/<int:record_id>/comments")
@talk.post("/api/v1/<collection>/<int:record_id>/comments")
def add_comment(collection: str, record_id: int) -> ResponseReturnValue:
    """Say something about a record: ``{"text": ...}`` or a form."""
    work, record = record_in_url(collection, record_id)
    return _answer(work, record, comment(work, record, sent("text")), 201)


@talk.post("/<collection>/<int:record_id>/comments/<int:comment_id>")
@talk.patch("/api/v1/<collection>/<int:record_id>/comments/<int:comment_id>")
def edit_comment(collection: str, record_id: int, comment_id: int) -> ResponseReturnValue:
    """Change one's own remark: ``{"text": ...}`` or a form; what it said before stays to be read."""
    work, record = record_in_url(collection, record_id)
    return _answer(work, record, change_comment(work, record, comment_id, sent("text")), 200)


@talk.post("/<collection>/<int:record_id>/comments/<int:comment_id>/reactions")
@talk.post("/api/v1/<collection>/<int:record_id>/comments/<int:comment_id>/reactions")
def add_reaction(collection: str, record_id: int, comment_id: int) -> ResponseReturnValue:
    """Put one's sign at a remark, or take it away: ``{"sign": "agree"}`` or a form."""
    work, record = record_in_url(collection, record_id)
    is_on = react(work, record, comment_id, sent("sign"))
    if wants_json():
        return jsonify(on=is_on)
    return shown_stream(work, record) if is_fragment() else back_to(record, "#timeline")


@talk.get("/<collection>/<int:record_id>/mentions")
def list_mentions(collection: str, record_id: int) -> ResponseReturnValue:
    """Offer whom one may name at a record: only who may see it."""
    work, record = record_in_url(collection, record_id)
    return render_template("talk/_mentions.html", offered=offered(work, record, request.args.get("q", "")))


def sent(name: str) -> str:
    """Return a text of a form, or of the JSON that the API was sent."""
    given: Any = request.get_json(silent=True) if wants_json() else request.form
    value = given.get(name) if hasattr(given, "get") else ""
    return value if isinstance(value, str) else ""


def _answer(work: Work, record: Record, row: Comment, status: int) -> ResponseReturnValue:
    if wants_json():
        return jsonify(comment_json(row, signs_of(work, [row])[row.id])), status
    return shown_stream(work, record) if is_fragment() else back_to(record, "#timeline")


def comment_json(row: Comment, signs: dict[str, list[Reaction]]) -> dict[str, Any]:
    """Return a comment as the API writes it."""
    return {
        "id": row.id, "text": row.text, "created_at": plain(row.created_at), "edited_at": plain(row.edited_at),
        "created_by": {"id": row.created_by_id, "label": row.created_by_name},
        "reactions": {sign: [{"id": one.user_id, "label": one.user_name} for one in rows] for sign, rows in signs.items()},
    }  # fmt: skip
