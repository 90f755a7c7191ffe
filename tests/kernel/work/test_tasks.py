"""A task is written with the business change and runs once, whoever dies meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event, select, update

from erp.kernel.change.work import Work, new_session, run_work, unit_of_work
from erp.kernel.errors import Refused
from erp.kernel.records import db
from erp.kernel.records.types import utc_now
from erp.kernel.redis_roles import connection
from erp.kernel.rights import system_actor
from erp.kernel.work import job, later, progress, run_task
from erp.kernel.work.heartbeat import beat, last_beat
from erp.kernel.work.housekeeping import tidy
from erp.kernel.work.jobs import Job
from erp.kernel.work.relay import hand_out, queue_named, relay_is_silent
from erp.kernel.work.schedule import ScheduleRun, all_schedules, dispatch
from erp.kernel.work.task import CANCELLED, DONE, FAILED, QUEUED, RUNNING, WORKER_DIED, Task, claim_due, requeue

calls: list[str] = []


@job("test.note", queue="default")
def note(work: Work, text: str) -> dict[str, str]:
    progress(1, 2)
    calls.append(text)
    return {"said": text}


@job("test.break", queue="default", attempts=2)
def break_down(work: Work) -> None:
    raise RuntimeError("broken pipe")


@job("test.refuse", queue="default")
def refuse(work: Work) -> None:
    raise Refused("not today")


@job("test.count")
def count_up(work: Work) -> None:
    for n in range(1, 1001):
        progress(n, 1000)


@job("test.stop")
def stop_itself(work: Work, then: str) -> None:
    """Write something; meanwhile somebody stops the job, and perhaps starts it again."""
    work.session.add(ScheduleRun(name="effect", business_date=date(2026, 1, 1), created_at=work.now))
    work.session.flush()
    with unit_of_work(system_actor("somebody")) as other:
        mine = other.session.scalars(select(Task.id).where(Task.name == "test.stop")).one()
        other.session.execute(update(Task).where(Task.id == mine).values(state=CANCELLED))
        if then == "start":
            requeue(other.session, mine)


@pytest.fixture
def clean(app: Flask) -> Iterator[None]:
    """Real transactions on real connections: what the test leaves behind is removed."""
    calls.clear()
    yield
    with unit_of_work(system_actor("test")) as work:
        work.session.execute(delete(Task))
        work.session.execute(delete(ScheduleRun))
    connection("queue").flushdb()


def wrote(name: str, **options: object) -> int:
    return run_work(system_actor("test"), lambda work: later(work, name, **options))  # type: ignore[arg-type]


def task(task_id: int) -> Task:
    session = new_session()
    try:
        return session.get_one(Task, task_id)
    finally:
        session.close()


def test_a_task_runs_if_its_transaction_commits(clean: None):
    task_id = wrote("test.note", args={"text": "hello"})
    assert run_task(task_id) == DONE
    assert (calls, task(task_id).result, task(task_id).done) == (["hello"], {"said": "hello"}, 1)


def test_a_task_of_a_rolled_back_transaction_never_was(clean: None):
    def fail(work: Work) -> None:
        later(work, "test.note", {"text": "never"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_work(system_actor("test"), fail)
    session = new_session()
    assert session.scalars(select(Task)).all() == []
    session.close()


def test_a_task_that_is_done_is_not_run_again(clean: None):
    task_id = wrote("test.note", args={"text": "once"})
    run_task(task_id)
    assert run_task(task_id) == "not due"
    assert calls == ["once"]


def test_a_task_that_the_relay_is_still_handing_out_is_waited_for(whole_app: Flask, clean: None):
    task_id = wrote("test.note", args={"text": "waited"})
    session = new_session()

    def run() -> str:
        with whole_app.app_context():
            return run_task(task_id)

    with ThreadPoolExecutor(1) as pool:
        claim_due(session, utc_now())
        found = pool.submit(run)
        with pytest.raises(TimeoutError):
            found.result(0.3)
        session.commit()
        assert found.result(10) == DONE
    session.close()


def test_a_unique_task_is_written_once(clean: None):
    first = wrote("test.note", args={"text": "a"}, unique="one")
    assert wrote("test.note", args={"text": "b"}, unique="one") == first


def test_a_failed_unique_task_may_be_asked_for_again(clean: None):
    first = wrote("test.refuse", unique="again")
    assert run_task(first) == FAILED
    assert wrote("test.refuse", unique="again") == first
    assert task(first).state == QUEUED


def test_a_failure_is_kept_in_words_and_tried_again_later(clean: None):
    task_id = wrote("test.break")
    assert run_task(task_id) == QUEUED
    again = task(task_id)
    assert again.run_at > utc_now()
    assert "broken pipe" in (again.error or "")


def test_after_the_last_attempt_a_task_has_failed(clean: None):
    task_id = wrote("test.break")
    for _ in range(2):
        run_task(task_id)
        make_due(task_id)
    assert (task(task_id).state, task(task_id).attempts) == (FAILED, 2)


def make_due(task_id: int) -> None:
    with unit_of_work(system_actor("test")) as work:
        past = utc_now() - timedelta(seconds=1)
        work.session.execute(update(Task).where(Task.id == task_id, Task.state == QUEUED).values(run_at=past))


def test_a_refusal_is_final(clean: None):
    task_id = wrote("test.refuse")
    assert run_task(task_id) == FAILED
    assert task(task_id).error == "not today"


def test_what_a_dead_worker_held_is_handed_out_again(clean: None):
    task_id = wrote("test.note", args={"text": "revived"})
    with unit_of_work(system_actor("test")) as work:
        past = utc_now() - timedelta(seconds=5)
        gone = {"state": RUNNING, "leased_until": past, "lease_token": "dead"}
        work.session.execute(update(Task).where(Task.id == task_id).values(**gone))
    session = new_session()
    assert [due.id for due in claim_due(session, utc_now())] == [task_id]
    session.commit()
    session.close()
    assert run_task(task_id) == DONE


def test_the_relay_hands_ids_to_the_queue_of_the_job_and_not_twice(clean: None):
    task_id = wrote("test.note", args={"text": "by relay"})
    assert hand_out() == 1
    assert hand_out() == 0
    waiting = queue_named("default").jobs
    assert [list(one.args) for one in waiting] == [[task_id]]


def test_a_batch_runs_once_for_each_business_date(clean: None):
    name = next(one.name for one in all_schedules() if one.daily)
    assert dispatch(name) is not None
    assert dispatch(name) is None


def test_a_silent_relay_is_noticed(clean: None):
    beat("relay")
    session = new_session()
    assert relay_is_silent(session) is False
    assert last_beat(session, "nobody") is None
    session.close()


def effects() -> list[str]:
    session = new_session()
    found = list(session.scalars(select(ScheduleRun.name)))
    session.close()
    return found


def test_a_job_that_was_stopped_in_the_middle_is_taken_back_and_stays_stopped(clean: None):
    task_id = wrote("test.stop", args={"then": "nothing"})
    assert run_task(task_id) == CANCELLED
    assert (task(task_id).state, task(task_id).error, effects()) == (CANCELLED, None, [])


def test_a_job_that_was_started_again_meanwhile_waits_for_its_new_run(clean: None):
    task_id = wrote("test.stop", args={"then": "start"})
    assert run_task(task_id) == QUEUED
    assert (task(task_id).state, task(task_id).error, effects()) == (QUEUED, None, [])


def test_two_who_ask_for_the_same_at_once_get_the_same(whole_app: Flask, clean: None):
    def ask(_n: int) -> int:
        with whole_app.app_context():
            return wrote("test.note", args={"text": "x"}, unique="both")

    with ThreadPoolExecutor(4) as askers:
        assert len(set(askers.map(ask, range(8)))) == 1


def test_a_task_whose_worker_died_at_every_attempt_has_failed(clean: None):
    task_id = wrote("test.note", args={"text": "deadly"})
    with unit_of_work(system_actor("test")) as work:
        past = utc_now() - timedelta(seconds=5)
        gone = {"state": RUNNING, "leased_until": past, "lease_token": "dead", "attempts": 5}
        work.session.execute(update(Task).where(Task.id == task_id).values(**gone))
    session = new_session()
    assert claim_due(session, utc_now()) == []
    session.commit()
    session.close()
    assert (task(task_id).state, task(task_id).error) == (FAILED, str(WORKER_DIED))


def test_progress_is_written_a_few_times_a_second_and_at_the_end(clean: None):
    counting = wrote("test.count")
    commits: list[object] = []
    note_commit = commits.append
    event.listen(db.engine, "commit", note_commit)
    run_task(counting)
    event.remove(db.engine, "commit", note_commit)
    assert (task(counting).done, task(counting).total) == (1000, 1000)
    assert 3 <= len(commits) < 100


def test_what_ended_long_ago_is_dropped_and_what_must_happen_once_is_remembered(clean: None):
    old, unique, fresh = wrote("test.note"), wrote("test.note", unique="once"), wrote("test.note")
    with unit_of_work(system_actor("test")) as work:
        ended = {"state": DONE, "ended_at": utc_now() - timedelta(days=31)}
        work.session.execute(update(Task).where(Task.id.in_([old, unique])).values(**ended))
        work.session.execute(update(Task).where(Task.id == fresh).values(state=DONE, ended_at=utc_now()))
    with unit_of_work(system_actor("test")) as work:
        assert tidy(work) == {"tasks": 1, "runs": 0}
        assert set(work.session.scalars(select(Task.id))) == {unique, fresh}


def test_jobs_keep_their_queue_and_words():
    assert Job("a", note, "pdf", "Making", 5).queue == "pdf"
