"""One run of a batch for each business date, in the time zone of the installation, however many clocks there are."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, select

from erp.kernel.change.work import Work, new_session, unit_of_work
from erp.kernel.records.types import utc_now
from erp.kernel.rights import system_actor
from erp.kernel.work import job, schedule
from erp.kernel.work.schedule import ScheduleRun, dispatch, start_if_due
from erp.kernel.work.task import Task

TOKYO = ZoneInfo("Asia/Tokyo")


@schedule("test.late", cron="50 23 * * *")
@job("test.late")
def late(work: Work) -> str:
    return "done"


@schedule("test.often", cron="*/5 * * * *", daily=False)
@job("test.often")
def often(work: Work) -> str:
    return "done"


@pytest.fixture(autouse=True)
def clean(app: Flask) -> Iterator[None]:
    yield
    with unit_of_work(system_actor("test")) as work:
        work.session.execute(delete(Task))
        work.session.execute(delete(ScheduleRun))


def ran(name: str, on: date) -> None:
    with unit_of_work(system_actor("test")) as work:
        work.session.add(ScheduleRun(name=name, business_date=on, created_at=utc_now()))


def runs(name: str) -> list[tuple[date, str]]:
    session = new_session()
    found = [(one.business_date, one.slot) for one in session.scalars(
        select(ScheduleRun).where(ScheduleRun.name == name).order_by(ScheduleRun.id))]  # fmt: skip
    session.close()
    return found


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 12, day, hour, minute, 30, tzinfo=TOKYO)


def test_a_batch_is_started_at_its_minute_and_once(clean: None):
    assert start_if_due("test.late", at(1, 23, 50)) is not None
    assert start_if_due("test.late", at(1, 23, 50)) is None
    assert start_if_due("test.late", at(1, 23, 51)) is None
    assert start_if_due("test.late", at(2, 23, 50)) is not None
    assert runs("test.late") == [(date(2026, 12, 1), ""), (date(2026, 12, 2), "")]


def test_a_run_missed_before_midnight_belongs_to_the_day_before(clean: None):
    ran("test.late", date(2026, 11, 30))
    assert start_if_due("test.late", at(2, 0, 10)) is not None
    assert start_if_due("test.late", at(2, 23, 50)) is not None
    assert runs("test.late")[1:] == [(date(2026, 12, 1), ""), (date(2026, 12, 2), "")]


def test_days_that_were_missed_are_made_up_for_by_one_run(clean: None):
    ran("test.late", date(2026, 11, 20))
    assert start_if_due("test.late", at(2, 9, 0)) is not None
    assert start_if_due("test.late", at(2, 9, 1)) is None
    assert runs("test.late")[1:] == [(date(2026, 12, 1), "")]


def test_a_batch_that_never_ran_waits_for_its_moment(clean: None):
    assert start_if_due("test.late", at(2, 9, 0)) is None
    assert runs("test.late") == []


def test_a_batch_of_the_day_runs_in_each_of_its_slots(clean: None):
    for minute in (0, 1, 5, 6):
        start_if_due("test.often", at(1, 8, minute))
    assert runs("test.often") == [(date(2026, 12, 1), "08:00"), (date(2026, 12, 1), "08:05")]


def test_many_clocks_at_once_start_one_run(whole_app: Flask):
    def tick(_n: int) -> int | None:
        with whole_app.app_context():
            return start_if_due("test.late", at(3, 23, 50))

    with ThreadPoolExecutor(6) as clocks:
        started = [one for one in clocks.map(tick, range(12)) if one is not None]
    assert len(started) == 1
    assert runs("test.late") == [(date(2026, 12, 3), "")]


def test_a_run_by_hand_counts_as_the_run_of_the_day(clean: None):
    assert dispatch("test.late") is not None
    assert dispatch("test.late") is None
