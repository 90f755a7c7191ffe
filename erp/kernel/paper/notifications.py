"""Notifications: what somebody should know, kept for that person until read, in the language of the reading."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.work import Work
from erp.kernel.live.announce import notify, writes_notices
from erp.kernel.records import Base, Choice, Instant, Json, Record
from erp.kernel.text import _, _l
from erp.kernel.work import job_named, on_failure

F = TypeVar("F", bound=Callable[..., None])

MENTION, ASSIGNED, FOLLOWED, APPROVAL, JOB, MAIL, OUTSIDE, OTHER = (
    "mention", "assigned", "followed", "approval", "job", "mail", "outside", "other",
)  # fmt: skip
TYPES = {
    MENTION: _l("Somebody mentions you"), ASSIGNED: _l("Something is assigned to you, or done for you"),
    FOLLOWED: _l("Something happens to what you follow"), APPROVAL: _l("Answers, questions and deadlines of approvals"),
    JOB: _l("Something you asked for is ready, or did not work"), MAIL: _l("A mail of yours needs a decision"),
    OUTSIDE: _l("Somebody outside writes, accepts or sends a form"), OTHER: _l("Everything else"),
}  # fmt: skip
"""What notifications are about; a person chooses a channel for each."""

SCREEN, AT_ONCE, DAILY, OFF = "screen", "mail", "digest", "off"
CHANNELS = {
    SCREEN: _l("On the screen"), AT_ONCE: _l("On the screen, and by mail at once"),
    DAILY: _l("On the screen, and in one mail a day"), OFF: _l("Not at all"),
}  # fmt: skip


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
    type: Mapped[Choice] = mapped_column(default=OTHER)
    snoozed_until: Mapped[Instant | None]
    in_digest: Mapped[bool] = mapped_column(default=False)

    @property
    def text(self) -> str:
        """Return the sentence in the reader's language."""
        return _(self.message, **(self.words or {}))


class NotificationChoice(Base):
    """By which channel a person hears of one type; without a row, on the screen."""

    __tablename__ = "notification_choice"
    __table_args__ = (UniqueConstraint("user_id", "type"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[Choice]
    channel: Mapped[Choice]


_carriers: list[Callable[[Work, Notification], None]] = []


def carries_by_mail(carry: F) -> F:
    """Register who sends a notification by mail at once: ``carry(work, notification)``."""
    _carriers[:] = [carry]
    return carry


def N_(message: str) -> str:  # noqa: N802 - the extractor's own name for a sentence that is translated later
    """Mark an English sentence for translation when it is shown."""
    return message


@writes_notices
def notice(
    work: Work, user_id: int, message: str, *, values: Mapping[str, str] | None = None, url: str = "",
    about: Record | tuple[str, int] | None = None, type: str = OTHER,
) -> Notification | None:  # fmt: skip
    """Tell a user something, in the running transaction; open browsers hear of it after the commit.

    ``message`` is an English sentence marked by ``N_``; ``values`` fill its ``%(name)s`` places. ``type``: one of
    ``TYPES``; None is returned when the user does not want to hear of it.
    """
    channel = channels_of(work, user_id).get(type, SCREEN)
    if channel == OFF:
        return None
    if isinstance(about, Record):
        about = (about.__kind__, about.id)
    kind, record_id = about or (None, None)
    row = Notification(
        user_id=user_id, message=message[:500], words=dict(values) if values else None, url=url, about_kind=kind,
        about_id=record_id, created_at=work.now, type=type, in_digest=channel == DAILY,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    notify(work, user_id, row.id)
    for carry in _carriers if channel == AT_ONCE else ():
        carry(work, row)
    return row


def channels_of(work: Work, user_id: int) -> dict[str, str]:
    """Return the channels that a user chose, by type."""
    chosen = select(NotificationChoice.type, NotificationChoice.channel).where(NotificationChoice.user_id == user_id)
    return {row.type: row.channel for row in work.session.execute(chosen)}


def choose_channels(work: Work, channels: Mapping[str, str]) -> None:
    """Keep by which channel the actor hears of each type; what is not one of ours is left as it was."""
    known = {
        row.type: row
        for row in work.session.scalars(
            select(NotificationChoice).where(NotificationChoice.user_id == work.actor.user_id)
        )
    }
    for type_, channel in channels.items():
        if type_ not in TYPES or channel not in CHANNELS:
            continue
        if type_ in known:
            known[type_].channel = channel
        else:
            work.session.add(NotificationChoice(user_id=work.actor.user_id, type=type_, channel=channel))
    work.session.flush()


@on_failure
def tell_failure(work: Work, task_id: int, name: str, user_id: int | None) -> None:
    """Tell who asked for a job that it failed for good; its page says why and offers another try."""
    job = job_named(name)
    if user_id is not None:
        label = str(job.label) if job else name
        notice(
            work, user_id, N_("“%(label)s” did not work."), values={"label": label}, url=f"/jobs/{task_id}", type=JOB
        )


def forget_before(work: Work, moment: datetime) -> int:
    """Delete what was read before ``moment``."""
    old = delete(Notification).where(Notification.read_at < moment)
    return int(work.session.execute(old).rowcount)  # type: ignore[attr-defined]
