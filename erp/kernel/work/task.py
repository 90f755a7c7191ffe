"""The task table: what must happen is a row of the business transaction; Redis only wakes somebody up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, Select, String, UniqueConstraint, func, select, text, update
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.change.work import Work, unit_of_work
from erp.kernel.records.base import Base, table_of
from erp.kernel.records.types import Choice, Instant, Json, LongText, utc_now
from erp.kernel.rights import system_actor
from erp.kernel.text import _, _l, language
from erp.kernel.work.jobs import job_named, writes_tasks
from erp.kernel.work.nudge import nudge

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
LAST_INSERTED = text("LAST_INSERT_ID(id)")
WORKER_DIED = _l("Its worker ended in the middle, at every attempt.")
HANDED_SECONDS = 20
"""How long RQ may sit on an id before it is handed out again: Redis may have forgotten it."""


class Task(Base):
    """One thing that must happen: for whom, with which arguments, how far it is, how it ended."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("unique_key"),
        Index("ix_task_due", "state", "run_at", "id"),
        Index("ix_task_user", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    name: Mapped[Choice]
    queue: Mapped[Choice]
    args: Mapped[Json]
    unique_key: Mapped[str | None] = mapped_column(String(190, collation="utf8mb4_nopad_bin"))
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    token_id: Mapped[int | None] = mapped_column(BigInteger)
    company_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[Choice] = mapped_column(default="en")
    timezone: Mapped[Choice] = mapped_column(default="UTC")
    priority: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[Choice] = mapped_column(default=QUEUED)
    run_at: Mapped[Instant]
    handed_until: Mapped[Instant | None]
    leased_until: Mapped[Instant | None]
    lease_token: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=5)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    result: Mapped[Json | None]
    error: Mapped[LongText | None]
    created_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]

    @property
    def label(self) -> str:
        """Return the words of the job, in the reader's language."""
        job = job_named(self.name)
        return str(job.label) if job else self.name

    @property
    def error_text(self) -> str:
        """Return what went wrong, in the reader's language where it is a sentence of ours."""
        return _(self.error) if self.error else ""

    @property
    def percent(self) -> int:
        """Return how far it is, in whole percent."""
        if self.state == DONE:
            return 100
        return min(100, int(100 * self.done / self.total)) if self.total else 0


@writes_tasks
def later(
    work: Work, name: str, args: dict[str, Any] | None = None, *, unique: str | None = None,
    run_at: datetime | None = None, queue: str | None = None, priority: int = 0,
) -> int:  # fmt: skip
    """Write the task in the running transaction and wake a worker after the commit; return its id.

    With ``unique`` a task of that key is written once for ever: asking again returns the first one, and lets a
    failed one run again.
    """
    job = job_named(name)
    actor = work.actor
    values = {
        "name": name, "queue": queue or (job.queue if job else "default"), "args": args or {}, "unique_key": unique,
        "user_id": actor.user_id, "token_id": actor.token_id, "company_id": actor.company_id, "language": language(),
        "timezone": actor.timezone,
        "priority": priority, "state": QUEUED, "run_at": run_at or work.now, "attempts": 0,
        "max_attempts": job.attempts if job else 5, "done": 0, "created_at": work.now,
    }  # fmt: skip
    task_id = _again(work.session, unique) if unique else None
    if task_id is None:
        inserted: Any = work.session.execute(insert(table_of(Task)).on_duplicate_key_update(id=LAST_INSERTED), values)
        task_id = int(inserted.lastrowid)
    work.after_commit(nudge)
    return task_id


def _again(session: Session, unique: str) -> int | None:
    """Return the task of this key, if there is one; a failed one is queued again."""
    row = session.execute(select(Task.id, Task.state).where(Task.unique_key == unique).with_for_update()).one_or_none()
    if row is None:
        return None
    if row.state in {FAILED, CANCELLED}:
        requeue(session, row.id)
    return int(row.id)


def requeue(session: Session, task_id: int) -> None:
    """Let a task run again from its beginning."""
    session.execute(
        update(table_of(Task)).where(Task.id == task_id)
        .values(
            state=QUEUED, run_at=utc_now(), attempts=0, done=0, total=None, handed_until=None, leased_until=None,
            lease_token=None, error=None, started_at=None, ended_at=None,
        )
    )  # fmt: skip


CLAIM = text(
    "SELECT id, queue, attempts, handed_until IS NOT NULL AS again FROM task WHERE state = 'queued' AND run_at <= :now"
    " AND (handed_until IS NULL OR handed_until < :now) ORDER BY priority DESC, run_at, id LIMIT :limit FOR UPDATE SKIP LOCKED"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A task to hand out; ``again``: it was handed out before, and may still wait in Redis."""

    id: int
    queue: str
    attempts: int
    again: bool


def claim_due(session: Session, now: datetime, limit: int = 200) -> list[Due]:
    """Take due tasks for handing out; what a dead worker left behind becomes due again first.

    A task whose worker died at its last attempt has failed: it would only kill the next one.
    """
    dead = (Task.state == RUNNING, Task.leased_until < now)
    over = {"state": FAILED, "error": str(WORKER_DIED), "ended_at": now, "leased_until": None, "lease_token": None}
    again = {"state": QUEUED, "handed_until": None, "leased_until": None, "lease_token": None}
    session.execute(update(table_of(Task)).where(*dead, Task.attempts >= Task.max_attempts).values(**over))
    session.execute(update(table_of(Task)).where(*dead).values(**again))
    found = session.execute(CLAIM, {"now": now, "limit": limit})
    rows = [Due(int(row.id), str(row.queue), int(row.attempts), bool(row.again)) for row in found]
    if rows:
        session.execute(
            update(table_of(Task)).where(Task.id.in_([row.id for row in rows]))
            .values(handed_until=now + timedelta(seconds=HANDED_SECONDS))
        )  # fmt: skip
    return rows


def abandon(task_id: int) -> None:
    """End the lease of a task whose runner is known to be dead; the relay then hands it out again, or gives it up."""
    with unit_of_work(system_actor("worker")) as work:
        running = (Task.id == task_id, Task.state == RUNNING)
        work.session.execute(update(table_of(Task)).where(*running).values(leased_until=utc_now()))


def running_count(work: Work) -> int:
    """Return how many jobs of this user are waiting or running."""
    return int(work.session.scalar(counting_running(work)) or 0)


def counting_running(work: Work) -> Select[int]:
    """Return the question how many jobs of this user are waiting or running."""
    return select(func.count()).where(Task.user_id == work.actor.user_id, Task.state.in_((QUEUED, RUNNING)))
