"""The notification centre in pages and by the API, the choice of channels, and the figures that every page shows."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from erp.kernel.change import approvals
from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work, current_work
from erp.kernel.paper.notifications import CHANNELS, SCREEN, TYPES, Notification, channels_of, choose_channels
from erp.kernel.rights.registry import surface
from erp.kernel.talk import centre
from erp.kernel.talk.assigning import counting_todo
from erp.kernel.text import _, _l
from erp.kernel.web.account import page
from erp.kernel.web.chrome import counts
from erp.kernel.web.pages import see_other
from erp.kernel.web.problems import wants_json

notices = Blueprint("notices", __name__)
counts("unread")(centre.counting_unread)
LABELS = {
    "all": _l("All"), "unread": _l("Unread"), "mentions": _l("For me"), "approvals": _l("Approvals"), "jobs": _l("Jobs and mails"),
    "snoozed": _l("Put off"),
}  # fmt: skip
ICONS = {
    "mention": "message-square",
    "assigned": "list-checks",
    "followed": "eye",
    "approval": "stamp",
    "job": "file-text",
    "mail": "mail",
}
LATER = {"hour": _l("In an hour"), "tomorrow": _l("Tomorrow morning"), "monday": _l("On Monday morning")}
MORNING = 8


@notices.get("/notifications")
@notices.get("/api/v1/notifications")
@surface("notices.show_notifications", own=True, note="one's own")
def show_notifications() -> ResponseReturnValue:
    """Show the reader's notifications of one view (``?view=``), or the menu's part of them (``?show=menu``)."""
    work, view = current_work(), request.args.get("view", "all")
    view = view if view in centre.VIEWS else "all"
    rows = centre.latest(work, view, limit=8 if request.args.get("show") == "menu" else 100)
    found = centre.figures(work)
    if wants_json():
        return jsonify(data=[notification_json(row) for row in rows], unread=found["unread"])
    return render_template(
        "talk/notifications.html", notifications=rows, figures=found, view=view, labels=LABELS, icons=ICONS, later=LATER,
        title=_("Notifications"), crumbs=[(_("Notifications"), None)],
    )  # fmt: skip


@notices.get("/live/counts")
@surface("notices.show_counts", own=True, note="one's own")
def show_counts() -> ResponseReturnValue:
    """Return the figures of the frame: what is unread, what waits for the reader's decision, what he is asked to do."""
    work = current_work()
    asked = select(centre.counting_unread(work).scalar_subquery(), counting_todo(work).scalar_subquery())
    unread, todo = work.session.execute(asked).one()
    return jsonify(unread=unread, todo=todo, approvals=approvals.pending_count(work))


@notices.get("/notifications/<int:notification_id>")
@surface("notices.show_notification", own=True, note="one's own")
def show_notification(notification_id: int) -> ResponseReturnValue:
    """Show one of the reader's notifications as the message that pops up."""
    row = centre.own_notification(current_work(), notification_id)
    return render_template("paper/_notice.html", notification=row)


@notices.post("/notifications/reading")
@notices.post("/notifications/<int:notification_id>/reading")
@notices.post("/api/v1/notifications/<int:notification_id>/reading")
@surface("notices.read_notifications", own=True, note="one's own")
def read_notifications(notification_id: int | None = None) -> ResponseReturnValue:
    """Mark one notification, or all of them, as read; a notification then leads to what it is about."""
    work = current_work()
    row = centre.own_notification(work, notification_id) if notification_id is not None else None
    changed = centre.mark_read(work, notification_id)
    if wants_json():
        return jsonify(read=changed)
    leads_on = row is not None and row.url.startswith("/") and request.form.get("stay") != "1"
    return see_other(row.url if leads_on and row is not None else _back())


def _back() -> str:
    view = request.form.get("view", "")
    return f"/notifications?view={view}" if view in centre.VIEWS and view != "all" else "/notifications"


@notices.post("/notifications/<int:notification_id>/unreading")
@notices.post("/api/v1/notifications/<int:notification_id>/unreading")
@surface("notices.unread_notification", own=True, note="one's own")
def unread_notification(notification_id: int) -> ResponseReturnValue:
    """Mark one of the reader's notifications as not read."""
    centre.mark_unread(current_work(), notification_id)
    return jsonify(unread=1) if wants_json() else see_other(_back())


@notices.post("/notifications/<int:notification_id>/snooze")
@notices.post("/api/v1/notifications/<int:notification_id>/snooze")
@surface("notices.snooze_notification", own=True, note="one's own")
def snooze_notification(notification_id: int) -> ResponseReturnValue:
    """Put a notification off: ``until`` is ``hour``, ``tomorrow``, ``monday``, or an instant in ISO 8601."""
    work = current_work()
    given: Any = request.get_json(silent=True) if wants_json() else request.form
    asked = given.get("until") if hasattr(given, "get") else ""
    row = centre.snooze(work, notification_id, moment(work, str(asked or "")))
    return jsonify(notification_json(row)) if wants_json() else see_other(_back())


def moment(work: Work, asked: str) -> datetime:
    """Return when a notification comes back, as an instant in UTC; what nobody can read is now, and is refused."""
    zone = work.zone()
    here = work.now.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    days = {"tomorrow": 1, "monday": 7 - here.weekday()}
    if asked == "hour":
        return work.now + timedelta(hours=1)
    if asked in days:
        morning = (here + timedelta(days=days[asked])).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return morning.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
    try:
        found = datetime.fromisoformat(asked)
    except ValueError:
        return work.now
    return found.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


@notices.get("/settings/notifications")
@surface("notices.choose", own=True, note="one's own")
def choose() -> ResponseReturnValue:
    """Show by which channel the reader hears of what."""
    work = current_work()
    chosen = channels_of(work, work.actor.user_id or 0)
    rows = [(type_, label, chosen.get(type_, SCREEN)) for type_, label in TYPES.items()]
    return page("notifications", _("Notifications"), rows=rows, channels=CHANNELS, address=work.actor.email)


@notices.post("/settings/notifications")
@surface("notices.keep_choice", own=True, note="one's own")
def keep_choice() -> ResponseReturnValue:
    """Keep by which channel the reader hears of what."""
    choose_channels(current_work(), request.form.to_dict())
    return see_other("/settings/notifications?done=1")


def notification_json(row: Notification) -> dict[str, Any]:
    """Return a notification as the API writes it."""
    return {
        "id": row.id, "text": row.text, "url": row.url, "type": row.type, "created_at": plain(row.created_at),
        "read_at": plain(row.read_at), "snoozed_until": plain(row.snoozed_until),
        "about": {"kind": row.about_kind, "id": row.about_id} if row.about_kind else None,
    }  # fmt: skip
