"""The timetable: rq-scheduler is the clock, a table is the truth - one run for each batch and business date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from croniter import croniter
from sqlalchemy import BigInteger, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.work import Work, run_work
from erp.kernel.records.base import Base, table_of
from erp.kernel.records.types import Choice, Instant, utc_now
from erp.kernel.rights import system_actor
from erp.kernel.work.jobs import job_named
from erp.kernel.work.task import later
from erp.settings import settings

F = TypeVar("F", bound=Callable[..., Any])
FRESH = timedelta(minutes=2)
"""How long after its moment even a batch that never ran is started."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A batch: which job, when (cron in the installation's time zone), and whether it is once a day."""

    name: str
    job: str
    cron: str
    daily: bool


class ScheduleRun(Base):
    """One run of a batch for one business date: the unique key makes it once."""

    __tablename__ = "schedule_run"
    __table_args__ = (UniqueConstraint("name", "business_date", "slot"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    name: Mapped[Choice]
    business_date: Mapped[date]
    slot: Mapped[Choice] = mapped_column(default="")
    task_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Instant]


_schedules: dict[str, Schedule] = {}


def schedule(name: str, *, cron: str, daily: bool = True) -> Callable[[F], F]:
    """Schedule the job ``name``: a decorator beside ``@job``. ``cron`` has five fields."""

    def register(act: F) -> F:
        _schedules[name] = Schedule(name, name, cron, daily)
        return act

    return register


def all_schedules() -> list[Schedule]:
    """Return the timetable."""
    return list(_schedules.values())


TAKE = text(
    "INSERT IGNORE INTO schedule_run (name, business_date, slot, created_at) VALUES (:name, :date, :slot, :now)"
)


def start_run(work: Work, name: str, business_date: date, slot: str = "") -> int | None:
    """Queue the batch for ``business_date``; None when that run was taken already."""
    taken = work.session.execute(TAKE, {"name": name, "date": business_date, "slot": slot, "now": work.now})
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    job = job_named(_schedules[name].job)
    if job is None:
        raise LookupError(name)
    task_id = later(work, job.name, {})
    run = (ScheduleRun.name == name, ScheduleRun.business_date == business_date, ScheduleRun.slot == slot)
    work.session.execute(update(table_of(ScheduleRun)).where(*run).values(task_id=task_id))
    return task_id


def business_now() -> datetime:
    """Return the wall clock of the installation."""
    return utc_now().replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(settings().timezone))


def start_due(now: datetime | None = None) -> list[str]:
    """Start every batch whose moment has come; return their names. Called each minute, by however many clocks.

    A run that nobody started while the product was off is made up for: once, for the last business date missed - a
    batch works on what is so now. A batch that never ran before waits for its own moment.
    """
    now = now or business_now()
    return [name for name in _schedules if start_if_due(name, now) is not None]


def start_if_due(name: str, now: datetime) -> int | None:
    """Start the run of a batch that was due last before ``now``, unless it was started."""
    one = _schedules[name]
    due = croniter(one.cron, now).get_prev(datetime) if not croniter.match(one.cron, now) else now
    slot = "" if one.daily else due.strftime("%H:%M")

    def start(work: Work) -> int | None:
        if now - due > FRESH and not _ran_before(work, name):
            return None
        return start_run(work, name, due.date(), slot)

    return run_work(system_actor("scheduler"), start)


def _ran_before(work: Work, name: str) -> bool:
    return work.session.scalars(select(ScheduleRun.id).where(ScheduleRun.name == name).limit(1)).first() is not None


def dispatch(name: str) -> int | None:
    """Start today's run of a batch by hand, unless it was started."""
    now = business_now()
    slot = "" if _schedules[name].daily else now.strftime("%H:%M")
    return run_work(system_actor("scheduler"), lambda work: start_run(work, name, now.date(), slot))
