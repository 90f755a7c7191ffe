"""Running a task: lease its row, act with the rights of whoever asked, write down how it ended."""

import logging
import random
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy import select, update

from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work, new_session, run_work, unit_of_work
from erp.kernel.errors import Conflict, Refused
from erp.kernel.live import changed_task
from erp.kernel.records.base import table_of
from erp.kernel.records.types import utc_now
from erp.kernel.rights import system_actor
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.loading import actor_of
from erp.kernel.text import _, in_language
from erp.kernel.work.jobs import Job, job_named
from erp.kernel.work.task import CANCELLED, DONE, FAILED, QUEUED, RUNNING, Task

log = logging.getLogger("erp.job")
LEASE_SECONDS = 30
HEARTBEAT_SECONDS = 10
TELL_EVERY = 300_000_000
"""Nanoseconds between two words about the progress of a job."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A task as its runner took it."""

    id: int
    name: str
    args: dict[str, Any]
    user_id: int | None
    token_id: int | None
    company_id: int | None
    language: str
    timezone: str
    attempts: int
    max_attempts: int
    token: str


_running: ContextVar[Taken | None] = ContextVar("task", default=None)


class UserGone(Refused):
    """The user or the token that asked for it is no longer active, so nobody's rights remain."""

    code = "user_gone"


class LeaseLost(Refused):
    """Somebody stopped the task, or another worker has it: what was done here is taken back."""

    code = "lease_lost"


def run_task(task_id: int) -> str:
    """Run one task, if it still waits; return its state. Safe to call twice, from anywhere."""
    taken = _take(task_id)
    if taken is None:
        return "not due"
    job = job_named(taken.name)
    with _heartbeat(taken), in_language(taken.language):
        token = _running.set(taken)
        try:
            if job is None:
                raise Refused(f"no job is called {taken.name}")
            _act(job, taken)
            log.info("task %d %s done", taken.id, taken.name)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is written down and shown
            return _failed(taken, error)
        finally:
            _running.reset(token)
    return DONE


def _take(task_id: int) -> Taken | None:
    """Take a task that waits.

    The relay may still hold its row, for it hands out before it commits: then wait for it, or the task would be left
    to the next handing out, 20 seconds later.
    """
    token = uuid4().hex
    now = utc_now()
    with unit_of_work(system_actor("worker")) as work:
        task = work.session.scalars(select(Task).where(Task.id == task_id).with_for_update()).one_or_none()
        if task is None or task.state != QUEUED or task.run_at > now:
            return None
        task.state, task.lease_token, task.leased_until = RUNNING, token, now + timedelta(seconds=LEASE_SECONDS)
        task.attempts, task.started_at = task.attempts + 1, task.started_at or now
        changed_task(work, task.id, task.user_id)
        return Taken(
            task.id, task.name, dict(task.args), task.user_id, task.token_id, task.company_id, task.language,
            task.timezone, task.attempts, task.max_attempts, token,
        )  # fmt: skip


def actor_for(taken: Taken, *, as_system: bool = False) -> Actor:
    """Return who acts: the user who asked, with the rights of now; the system for its own schedules.

    Company, time zone and language are those of the moment of asking, as far as the user still has that company.
    """
    if taken.user_id is None or as_system:
        system = system_actor(taken.name)
        return replace(system, company_id=taken.company_id, language=taken.language, timezone=taken.timezone)
    session = new_session()
    try:
        actor = actor_of(session, taken.user_id, taken.token_id)
    finally:
        session.close()
    if actor is None:
        raise UserGone(_("The user, or the token, with which this was asked for is no longer active."))
    if taken.company_id is not None and (actor.companies is None or taken.company_id in actor.companies):
        actor = replace(actor, company_id=taken.company_id)
    return replace(actor, language=taken.language, timezone=taken.timezone)


def _act(job: Job, taken: Taken) -> Any:
    """Act and mark the task done in one transaction: the effect happens once."""

    def act(work: Work) -> Any:
        result = job.act(work, **taken.args)
        _done(work, taken, result)
        return result

    return run_work(actor_for(taken, as_system=job.as_system), act)


def _done(work: Work, taken: Taken, result: Any) -> None:
    kept = plain(result) if isinstance(result, dict) else {"value": plain(result)}
    finished = work.session.execute(
        update(table_of(Task))
        .where(Task.id == taken.id, Task.lease_token == taken.token, Task.state == RUNNING)
        .values(state=DONE, result=kept, ended_at=utc_now(), leased_until=None, error=None)
    )
    if finished.rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLost("stopped, or taken over by another worker")
    changed_task(work, taken.id, taken.user_id, ended=True)


def _failed(taken: Taken, error: Exception) -> str:
    """Write the failure down; try again later with growing pauses, unless trying again cannot help.

    Nothing is written when the task is no longer ours: it was stopped, or another worker has it.
    """
    passes = not isinstance(error, Refused) or isinstance(error, Conflict)
    final = not passes or taken.attempts >= taken.max_attempts
    words = error.message if isinstance(error, Refused) else "".join(traceback.format_exception_only(error)).strip()
    log.warning("task %d %s failed: %s", taken.id, taken.name, words, exc_info=not isinstance(error, Refused))
    pause = min(3600, 2 ** (2 * taken.attempts)) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    now = utc_now()
    values: dict[str, Any] = {"error": words[:4000], "leased_until": None, "lease_token": None, "handed_until": None}
    if final:
        values |= {"state": FAILED, "ended_at": now}
    else:
        values |= {"state": QUEUED, "run_at": now + timedelta(seconds=pause)}

    def write(work: Work) -> str:
        ours = (Task.id == taken.id, Task.lease_token == taken.token, Task.state == RUNNING)
        written: Any = work.session.execute(update(table_of(Task)).where(*ours).values(**values))
        changed_task(work, taken.id, taken.user_id, ended=final)
        if written.rowcount and final:
            for tell in _on_failure:
                tell(work, taken.id, taken.name, taken.user_id)
        return str(work.session.scalar(select(Task.state).where(Task.id == taken.id)))

    return run_work(system_actor("worker"), write)


_on_failure: list[Callable[[Work, int, str, int | None], None]] = []


def on_failure(tell: Callable[[Work, int, str, int | None], None]) -> Callable[[Work, int, str, int | None], None]:
    """Register who tells a user that his job failed for good: ``tell(work, task_id, job_name, user_id)``."""
    _on_failure.append(tell)
    return tell


@contextmanager
def _heartbeat(taken: Taken) -> Iterator[None]:
    """Renew the lease while the job runs; when this process dies, the lease ends and another worker takes over."""
    stop = threading.Event()
    app = _app()

    def beat() -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            with app.app_context():
                _renew(taken)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=1)


def _app() -> Any:
    from_flask: Any = current_app
    return from_flask._get_current_object()  # noqa: SLF001 - the documented way to leave the proxy


def _renew(taken: Taken) -> None:
    try:
        with unit_of_work(system_actor("worker")) as work:
            work.session.execute(_lease(taken))
    except Exception:  # noqa: BLE001 - the next beat tries again
        log.info("the lease of task %d was not renewed", taken.id)


def _lease(taken: Taken, **more: Any) -> Any:
    until = utc_now() + timedelta(seconds=LEASE_SECONDS)
    mine = (Task.id == taken.id, Task.lease_token == taken.token)
    return update(table_of(Task)).where(*mine).values(leased_until=until, **more)


def progress(done: int, total: int | None = None) -> None:
    """Tell how far the running job is; shown at once, and at most a few times a second."""
    taken = _running.get()
    if taken is None or not _is_time_to_tell(taken.id, is_last=done == total):
        return
    with unit_of_work(system_actor("worker")) as work:
        work.session.execute(_lease(taken, done=done, total=total))
        changed_task(work, taken.id, taken.user_id, done=done, total=total)


_told: dict[int, int] = {}


def _is_time_to_tell(task_id: int, *, is_last: bool) -> bool:
    """Return whether the last word about this task is a moment old; each word costs a commit."""
    now = time.monotonic_ns()
    if not is_last and now - _told.get(task_id, 0) < TELL_EVERY:
        return False
    _told.clear()
    _told[task_id] = now
    return True


def running_id() -> int | None:
    """Return the task that this process is running for the caller, or None outside a job."""
    taken = _running.get()
    return taken.id if taken is not None else None


def is_cancelled() -> bool:
    """Return whether somebody asked the running job to stop; long jobs ask between chunks."""
    taken = _running.get()
    if taken is None:
        return False
    session = new_session()
    try:
        return session.scalar(select(Task.state).where(Task.id == taken.id)) == CANCELLED
    finally:
        session.close()
