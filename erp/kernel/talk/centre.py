"""The notification centre: what one has not read, by sort, put off until later, with figures that all browsers share."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update

from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound, Problem, Problems
from erp.kernel.live.announce import notify
from erp.kernel.paper.notifications import APPROVAL, ASSIGNED, JOB, MAIL, MENTION, Notification
from erp.kernel.text import _


def unread(work: Work) -> int:
    """Return how many notifications the actor has not read."""
    return int(work.session.scalar(counting_unread(work)) or 0)


def counting_unread(work: Work) -> Select[int]:
    """Return the question how many notifications the actor has not read."""
    return select(func.count()).where(_of_actor(work), _waits(work))


def _of_actor(work: Work) -> ColumnElement[bool]:
    return Notification.user_id == work.actor.user_id


def _waits(work: Work) -> ColumnElement[bool]:
    """Return what is to be read now: not read, and not put off until later."""
    return and_(Notification.read_at.is_(None), _is_here(work))


def _is_here(work: Work) -> ColumnElement[bool]:
    return or_(Notification.snoozed_until.is_(None), Notification.snoozed_until <= work.now)


VIEWS: dict[str, tuple[str, ...]] = {
    "all": (), "unread": (), "mentions": (MENTION, ASSIGNED), "approvals": (APPROVAL,), "jobs": (JOB, MAIL), "snoozed": (),
}  # fmt: skip
"""The views of the notification centre, and the types that each shows (empty: every type)."""


def latest(work: Work, view: str = "all", *, limit: int = 50) -> list[Notification]:
    """Return the actor's notifications of a view, newest first; what is put off stands in a view of its own."""
    query = select(Notification).where(_of_actor(work), ~_is_here(work) if view == "snoozed" else _is_here(work))
    if view == "unread":
        query = query.where(Notification.read_at.is_(None))
    if VIEWS.get(view):
        query = query.where(Notification.type.in_(VIEWS[view]))
    return list(work.session.scalars(query.order_by(Notification.id.desc()).limit(limit)))


def figures(work: Work) -> dict[str, int]:
    """Return how many unread notifications each view holds, and how many are put off: one statement."""
    here = func.sum(case((_is_here(work), 1), else_=0))
    query = select(Notification.type, here, func.count()).where(_of_actor(work), Notification.read_at.is_(None))
    found = dict.fromkeys(VIEWS, 0)
    for type_, shown, count in work.session.execute(query.group_by(Notification.type)):
        for view, types in VIEWS.items():
            if not types or type_ in types:
                found[view] += int(count - shown if view == "snoozed" else shown)
    return found


def own_notification(work: Work, notification_id: int) -> Notification:
    """Return one of the actor's notifications. Raises ``NotFound``."""
    row = work.session.scalars(
        select(Notification).where(_of_actor(work), Notification.id == notification_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def mark_read(work: Work, notification_id: int | None = None) -> int:
    """Mark one of the actor's notifications as read, or all of them; return how many were unread."""
    change = update(Notification).where(_of_actor(work), Notification.read_at.is_(None))
    change = (
        change.where(Notification.id == notification_id)
        if notification_id is not None
        else change.where(_is_here(work))
    )
    count = int(work.session.execute(change.values(read_at=work.now)).rowcount)  # type: ignore[attr-defined]
    _tell_the_figures(work)
    return count


def _tell_the_figures(work: Work) -> None:
    """Let the actor's other browsers count again; there is no new message to show."""
    if work.actor.user_id is not None:
        notify(work, work.actor.user_id, None)


def mark_unread(work: Work, notification_id: int) -> None:
    """Mark one of the actor's notifications as not read."""
    own_notification(work, notification_id).read_at = None
    work.session.flush()
    _tell_the_figures(work)


def snooze(work: Work, notification_id: int, until: datetime) -> Notification:
    """Put a notification off until ``until`` (UTC); then it counts, and is shown, again. Raises ``Problems``."""
    row = own_notification(work, notification_id)
    if until <= work.now:
        raise Problems([Problem("until", "past", _("Choose a time that is still to come."))])
    row.snoozed_until, row.read_at = until, None
    work.session.flush()
    _tell_the_figures(work)
    return row


def wake(work: Work) -> int:
    """Bring back what was put off until now, with its message on the screen; return how much."""
    due = (
        select(Notification).where(Notification.snoozed_until <= work.now).limit(500).with_for_update(skip_locked=True)
    )
    rows = list(work.session.scalars(due))
    for row in rows:
        row.snoozed_until = None
        if row.read_at is None:
            notify(work, row.user_id, row.id)
    work.session.flush()
    return len(rows)
