"""Comments, history and notifications in pages and by the API."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work, current_work
from erp.kernel.paper.comments import Comment, comment, comments_of
from erp.kernel.paper.file_pages import may_attach, shown_files
from erp.kernel.paper.mail import may_mail
from erp.kernel.paper.notifications import Notification, counting_unread, latest, mark_read, unread
from erp.kernel.paper.pages import back_to, is_fragment, reader_format, record_in_url
from erp.kernel.paper.timeline import timeline
from erp.kernel.records import Record
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web.chrome import counts
from erp.kernel.web.pages import see_other
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
        "comments_url": f"{base}/comments",
        "timeline": timeline(work, record, reader_format()),
        "print_url": f"{base}/print" if may(work.actor, "print", record.__kind__) else None,
        "mail_url": f"{base}/mail" if may_mail(work.actor, record.__kind__) else None,
    }


@talk.get("/<collection>/<int:record_id>/comments")
@talk.get("/api/v1/<collection>/<int:record_id>/comments")
def list_comments(collection: str, record_id: int) -> ResponseReturnValue:
    """List what was said about a record; a page gets the whole history."""
    work, record = record_in_url(collection, record_id)
    if wants_json():
        return jsonify(data=[comment_json(row) for row in comments_of(work, record)])
    return render_template("document/_timeline.html", timeline=timeline(work, record, reader_format()))


@talk.post("/<collection>/<int:record_id>/comments")
@talk.post("/api/v1/<collection>/<int:record_id>/comments")
def add_comment(collection: str, record_id: int) -> ResponseReturnValue:
    """Say something about a record: ``{"text": ...}`` or a form."""
    work, record = record_in_url(collection, record_id)
    sent: Any = request.get_json(silent=True) if wants_json() else request.form
    text = sent.get("text") if hasattr(sent, "get") else ""
    row = comment(work, record, text if isinstance(text, str) else "")
    if wants_json():
        return jsonify(comment_json(row)), 201
    if is_fragment():
        return render_template("document/_timeline.html", timeline=timeline(work, record, reader_format()))
    return back_to(record, "#timeline")


def comment_json(row: Comment) -> dict[str, Any]:
    """Return a comment as the API writes it."""
    return {
        "id": row.id, "text": row.text, "created_at": plain(row.created_at),
        "created_by": {"id": row.created_by_id, "label": row.created_by_name},
    }  # fmt: skip


counts("unread")(counting_unread)


@talk.get("/notifications")
@talk.get("/api/v1/notifications")
def show_notifications() -> ResponseReturnValue:
    """Show the reader's notifications, or the menu's part of them."""
    work = current_work()
    rows = latest(work, limit=8 if request.args.get("show") == "menu" else 100)
    if wants_json():
        return jsonify(data=[notification_json(row) for row in rows], unread=unread(work))
    if request.args.get("show") == "latest":
        return render_template("paper/_notice.html", notification=next((row for row in rows if not row.read_at), None))
    return render_template(
        "paper/notifications.html", notifications=rows, unread_now=unread(work), title=_("Notifications"),
        crumbs=[(_("Notifications"), None)],
    )  # fmt: skip


@talk.get("/notifications/count")
def count_notifications() -> ResponseReturnValue:
    """Return the figure on the bell, for a browser that hears of a notice."""
    return render_template("paper/_unread.html", unread=unread(current_work()))


@talk.get("/notifications/<int:notification_id>")
def show_notification(notification_id: int) -> ResponseReturnValue:
    """Show one of the reader's notifications as the message that pops up."""
    row = next((one for one in latest(current_work(), limit=200) if one.id == notification_id), None)
    return render_template("paper/_notice.html", notification=row) if row is not None else ("", 204)


@talk.post("/notifications/reading")
@talk.post("/notifications/<int:notification_id>/reading")
@talk.post("/api/v1/notifications/<int:notification_id>/reading")
def read_notifications(notification_id: int | None = None) -> ResponseReturnValue:
    """Mark one notification, or all of them, as read; a notification then leads to what it is about."""
    work = current_work()
    row = next((one for one in latest(work, limit=200) if one.id == notification_id), None)
    changed = mark_read(work, notification_id)
    if wants_json():
        return jsonify(read=changed)
    return see_other(row.url if row is not None and row.url.startswith("/") else "/notifications")


def notification_json(row: Notification) -> dict[str, Any]:
    """Return a notification as the API writes it."""
    return {
        "id": row.id,
        "text": row.text,
        "url": row.url,
        "created_at": plain(row.created_at),
        "read_at": plain(row.read_at),
        "about": {"kind": row.about_kind, "id": row.about_id} if row.about_kind else None,
    }
