"""Notifications by mail: each at once, or those of a day in one; for whoever chose so."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from erp.kernel.change.work import Work
from erp.kernel.errors import Problems
from erp.kernel.paper.letters import letter
from erp.kernel.paper.mail import send_mail
from erp.kernel.paper.notifications import Notification, carries_by_mail
from erp.kernel.rights import Actor, active_actors
from erp.kernel.rights.loading import actor_of
from erp.kernel.text import in_language
from erp.settings import settings

MORNING = 7
"""The hour, where the reader lives, from which the mail of the day leaves."""

MOST_TOLD = 100


@carries_by_mail
def carry(work: Work, row: Notification) -> None:
    """Send one notification by mail, if its reader has an address."""
    reader = actor_of(work.session, row.user_id)
    if reader is None or not reader.email:
        return
    with in_language(reader.language):
        text = row.text
    said = letter("notice", reader.language, who=reader.name, text=text, url=_address(row), settings_url=_settings())
    _send(work, reader, said.subject, said.text, key=f"notice:{row.id}")


def _address(row: Notification) -> str:
    base = settings().base_url.rstrip("/")
    return f"{base}{row.url}" if row.url.startswith("/") else f"{base}/notifications"


def _settings() -> str:
    return f"{settings().base_url.rstrip('/')}/settings/notifications"


def _send(work: Work, reader: Actor, subject: str, text: str, *, key: str) -> None:
    try:
        send_mail(work, to=[reader.email], subject=subject, text=text, key=key)
    except Problems:  # an address that nobody can write to: the notification stands in the centre
        return


def last_morning(now: datetime, zone: str) -> datetime:
    """Return the last moment at which it was morning in ``zone``; instants are UTC without zone."""
    here = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone or "UTC"))
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning > here:
        morning -= timedelta(days=1)
    return morning.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def send_digests(work: Work) -> int:
    """Send one mail to each who wants one a day and has something unread from before this morning; return how many.

    What has been read meanwhile is not told, and nothing is told twice.
    """
    waiting = select(Notification).where(Notification.in_digest).order_by(Notification.user_id, Notification.id)
    rows = list(work.session.scalars(waiting.with_for_update(skip_locked=True).limit(5000)))
    people = {one.user_id: one for one in active_actors(work.session)}
    count = 0
    for user_id in dict.fromkeys(row.user_id for row in rows):
        own, reader = [row for row in rows if row.user_id == user_id], people.get(user_id)
        if reader is None:
            for row in own:
                row.in_digest = False
            continue
        before = last_morning(work.now, reader.timezone)
        count += _digest(work, reader, [row for row in own if row.created_at < before], before)
    return count


def _digest(work: Work, reader: Actor, rows: Iterable[Notification], morning: datetime) -> int:
    told = []
    for row in rows:
        row.in_digest = False
        if row.read_at is None:
            with in_language(reader.language):
                told.append({"text": row.text, "url": _address(row)})
    work.session.flush()
    if not told or not reader.email:
        return 0
    said = letter(
        "digest", reader.language, who=reader.name, rows=told[:MOST_TOLD], count=len(told), more=len(told[MOST_TOLD:]),
        url=f"{settings().base_url.rstrip('/')}/notifications", settings_url=_settings(),
    )  # fmt: skip
    _send(work, reader, said.subject, said.text, key=f"digest:{reader.user_id}:{morning.isoformat()}")
    return 1
