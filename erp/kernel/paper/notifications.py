"""Notifications: what somebody should know, kept for that person until read, in the language of the reading."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BigInteger, Index, Select, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.work import Work
from erp.kernel.live.announce import notify, writes_notices
from erp.kernel.records import Base, Choice, Instant, Json, Record
from erp.kernel.text import _
from erp.kernel.work import job_named, on_failure


class Notification(Base):
    """One thing for one user. ``message`` is the English sentence, translated when it is shown."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_user", "user_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(String(500))
    words: Mapped[Json | None]
    url: Mapped[str] = mapped_column(String(500), default="")
    about_kind: Mapped[Choice | None]
    about_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    read_at: Mapped[Instant | None]

    @property
    def text(self) -> str:
        """Return the sentence in the reader's language."""
        return _(self.message, **(self.words or {}))


def N_(message: str) -> str:  # noqa: N802 - the extractor's own name for a sentence that is translated later
    """Mark an English sentence for translation when it is shown."""
    return message


@writes_notices
def notice(
    work: Work, user_id: int, message: str, *, values: Mapping[str, str] | None = None, url: str = "",
    about: Record | tuple[str, int] | None = None,
) -> Notification:  # fmt: skip
    """Tell a user something, in the running transaction; open browsers hear of it after the commit.

    ``message`` is an English sentence marked by ``N_``; ``values`` fill its ``%(name)s`` places.
    """
    if isinstance(about, Record):
        about = (about.__kind__, about.id)
    kind, record_id = about or (None, None)
    row = Notification(
        user_id=user_id, message=message[:500], words=dict(values) if values else None, url=url, about_kind=kind,
        about_id=record_id, created_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    notify(work, user_id, row.id)
    return row


@on_failure
def tell_failure(work: Work, task_id: int, name: str, user_id: int | None) -> None:
    """Tell who asked for a job that it failed for good; its page says why and offers another try."""
    job = job_named(name)
    if user_id is not None:
        label = str(job.label) if job else name
        notice(work, user_id, N_("“%(label)s” did not work."), values={"label": label}, url=f"/jobs/{task_id}")


def unread(work: Work) -> int:
    """Return how many notifications the actor has not read."""
    return int(work.session.scalar(counting_unread(work)) or 0)


def counting_unread(work: Work) -> Select[int]:
    """Return the question how many notifications the actor has not read."""
    return select(func.count()).where(Notification.user_id == work.actor.user_id, Notification.read_at.is_(None))


def latest(work: Work, *, only_unread: bool = False, limit: int = 50) -> list[Notification]:
    """Return the actor's notifications, newest first."""
    query = select(Notification).where(Notification.user_id == work.actor.user_id)
    if only_unread:
        query = query.where(Notification.read_at.is_(None))
    return list(work.session.scalars(query.order_by(Notification.id.desc()).limit(limit)))


def mark_read(work: Work, notification_id: int | None = None) -> int:
    """Mark one of the actor's notifications as read, or all of them; return how many were unread."""
    change = update(Notification).where(Notification.user_id == work.actor.user_id, Notification.read_at.is_(None))
    if notification_id is not None:
        change = change.where(Notification.id == notification_id)
    return int(work.session.execute(change.values(read_at=work.now)).rowcount)  # type: ignore[attr-defined]


def forget_before(work: Work, moment: datetime) -> int:
    """Delete what was read before ``moment``."""
    old = delete(Notification).where(Notification.read_at < moment)
    return int(work.session.execute(old).rowcount)  # type: ignore[attr-defined]
