"""Real workers, relays and clocks, killed in the middle: a task still runs, and its effect happens once."""

import json
import signal
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, func, select, update
from sqlalchemy.orm import Session

from erp.kernel.change.work import new_session, run_work, use_sessions
from erp.kernel.paper.notifications import Notification
from erp.kernel.records.types import utc_now
from erp.kernel.redis_roles import connection
from erp.kernel.rights import system_actor
from erp.kernel.work.heartbeat import ProcessHeartbeat
from erp.kernel.work.processes import TICK, new_clock
from erp.kernel.work.relay import hand_out, queue_named
from erp.kernel.work.schedule import ScheduleRun
from erp.kernel.work.task import DONE, FAILED, QUEUED, RUNNING, WORKER_DIED, Task, later
from tests.kernel.installed import Installed

PATIENCE = 90
"""Seconds: these tests start Python processes on a machine that does other things, too."""
READER = 7

Start = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def desk(installed: Installed, app: Flask) -> Iterator[None]:
    """The product's sessions reach the database of the lending desk, whose jobs only its processes know."""
    engine = create_engine(installed.environment["ERP_DATABASE_URL"], isolation_level="READ COMMITTED")
    use_sessions(lambda: Session(engine, autoflush=False, expire_on_commit=False))
    yield
    with Session(engine) as session:
        for table in (Task, ScheduleRun, Notification, ProcessHeartbeat):
            session.execute(delete(table))
        session.commit()
    use_sessions(None)
    engine.dispose()
    connection("queue").flushdb()


@pytest.fixture
def start(installed: Installed, desk: None) -> Iterator[Start]:
    """Start a process of the product; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def run(module: str) -> "subprocess.Popen[bytes]":
        started.append(installed.start(module))
        return started[-1]

    yield run
    for one in started:
        one.kill()
        one.wait()


def wrote(name: str, queue: str = "default", **args: Any) -> int:
    return run_work(system_actor("test"), lambda work: later(work, name, args, queue=queue))


def task(task_id: int) -> Task:
    session = new_session()
    try:
        return session.get_one(Task, task_id)
    finally:
        session.close()


def changed(task_id: int, **values: Any) -> None:
    run_work(system_actor("test"), lambda work: work.session.execute(
        update(Task).where(Task.id == task_id).values(**values)))  # fmt: skip


def eventually(is_so: Callable[[], Any], seconds: float = PATIENCE) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


def notices() -> int:
    session = new_session()
    try:
        return int(session.scalar(select(func.count()).where(Notification.user_id == READER)) or 0)
    finally:
        session.close()


def test_only_ids_travel_through_redis_and_as_json(desk: None):
    task_id = wrote("lending.nap", user=READER)
    hand_out()
    key = next(iter(connection("queue").keys("rq:job:*")))
    sent = json.loads(zlib.decompress(connection("queue").hget(key, "data")))  # type: ignore[arg-type]
    assert sent == ["erp.kernel.work.entry.run", None, [task_id], {}]


def test_ids_that_wait_behind_a_long_job_are_not_handed_out_twice(desk: None):
    task_id = wrote("lending.nap", user=READER)
    hand_out()
    changed(task_id, handed_until=utc_now() - timedelta(seconds=1))
    assert hand_out() == 1
    assert len(queue_named("default").job_ids) == 1
    connection("queue").flushdb()
    changed(task_id, handed_until=utc_now() - timedelta(seconds=1))
    hand_out()
    assert len(queue_named("default").job_ids) == 1


def test_a_task_runs_although_the_relay_is_dead(start: Start):
    relay, _worker = start("workers.relay"), start("workers.queue")
    first = wrote("lending.nap", user=READER)
    eventually(lambda: task(first).state == DONE)
    relay.kill()
    second = wrote("lending.nap", user=READER)
    eventually(lambda: task(second).state == DONE)
    assert notices() == 2


def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_next_and_it_is_done_once(start: Start):
    worker = start("workers.queue")
    task_id = wrote("lending.nap", "long", user=READER, seconds=300)
    eventually(lambda: task(task_id).state == RUNNING)
    worker.kill()
    assert (notices(), task(task_id).attempts) == (0, 1)
    changed(task_id, leased_until=utc_now() - timedelta(seconds=1), args={"user": READER})
    start("workers.queue")
    eventually(lambda: task(task_id).state == DONE)
    assert (notices(), task(task_id).attempts) == (1, 2)


def test_a_worker_that_is_told_to_stop_finishes_its_job_first(start: Start):
    worker = start("workers.queue")
    task_id = wrote("lending.nap", "long", user=READER, seconds=3)
    eventually(lambda: task(task_id).state == RUNNING)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
    assert (task(task_id).state, notices()) == (DONE, 1)


def test_a_document_that_kills_its_child_is_given_up_and_the_next_one_is_made(start: Start):
    worker = start("workers.pdf")
    deadly = wrote("lending.die", "pdf")
    changed(deadly, max_attempts=2)
    eventually(lambda: task(deadly).state == FAILED)
    assert (task(deadly).error, task(deadly).attempts) == (str(WORKER_DIED), 2)
    bomb = wrote("lending.swell", "pdf")
    changed(bomb, max_attempts=1)
    eventually(lambda: task(bomb).state == FAILED)
    assert task(bomb).error == "MemoryError"
    harmless = wrote("lending.nap", "pdf", user=READER)
    eventually(lambda: task(harmless).state == DONE)
    assert task(harmless).result["pid"] != worker.pid  # type: ignore[index]
    assert worker.poll() is None


def test_two_clocks_start_a_missed_batch_once_and_survive_that_redis_forgets(start: Start):
    start("workers.scheduler")
    start("workers.scheduler")
    clock = new_clock()
    eventually(lambda: TICK in clock)
    connection("queue").flushdb()
    eventually(lambda: TICK in clock)
    assert [str(one) for one in connection("queue").zrange(clock.scheduled_jobs_key, 0, -1)] == [str(TICK.encode())]
    ran = ScheduleRun(name="lending.remind", business_date=date(2020, 1, 1), created_at=utc_now())
    run_work(system_actor("test"), lambda work: work.session.add(ran))
    start("workers.queue")
    for _ in range(2):
        connection("queue").zadd(clock.scheduled_jobs_key, {TICK: 1})
        eventually(lambda: float(connection("queue").zscore(clock.scheduled_jobs_key, TICK) or 0) > 1)  # type: ignore[arg-type]
    eventually(lambda: batches() == [DONE])
    time.sleep(2)
    assert batches() == [DONE]


def batches() -> list[str]:
    session = new_session()
    try:
        return list(session.scalars(select(Task.state).where(Task.name == "lending.remind")))
    finally:
        session.close()


def test_what_is_not_due_stays(desk: None):
    task_id = wrote("lending.nap", user=READER)
    changed(task_id, run_at=utc_now() + timedelta(minutes=5))
    assert hand_out() == 0
    assert task(task_id).state == QUEUED
