"""The unit of work on two real connections: what collides is run again as a whole, and tells only once."""

import logging
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from erp.kernel.change.work import TRIES, Work, run_work, snapshot, unit_of_work
from erp.kernel.errors import Conflict
from tests.kernel.house import SYSTEM, Apart, House, second_connection

LOCK = text("SELECT last FROM number_series WHERE company_id = 1 AND kind = 'test' AND period = :p FOR UPDATE")
ADD = text("UPDATE number_series SET last = last + 1 WHERE company_id = 1 AND kind = 'test' AND period = :p")
AT_ONCE = text("SET SESSION innodb_lock_wait_timeout = 0")
PATIENT = text("SET SESSION innodb_lock_wait_timeout = DEFAULT")


@pytest.fixture
def counters(house: House) -> House:
    """Two counters, at zero, that two people move at once."""
    make = "INSERT INTO number_series (company_id, kind, period, pattern, last) VALUES (1, 'test', :p, '', 0)"
    house.does(lambda work: [work.session.execute(text(make), {"p": name}) for name in ("one", "other")])
    return house


def count(house: House, name: str) -> int:
    return int(
        house.value("SELECT last FROM number_series WHERE company_id = 1 AND kind = 'test' AND period = :p", p=name)
    )


def test_after_a_deadlock_the_whole_unit_runs_again_and_tells_once(counters: House) -> None:
    meet = Barrier(2)
    tries: dict[str, int] = {"a": 0, "b": 0}
    told: list[str] = []

    def both(name: str, first: str, second: str) -> Callable[[Work], None]:
        def act(work: Work) -> None:
            tries[name] += 1
            work.session.execute(ADD, {"p": first})
            if tries[name] == 1:
                meet.wait(20)
            work.session.execute(ADD, {"p": second})
            work.after_commit(lambda: told.append(name))

        return act

    ways = [both("a", "one", "other"), both("b", "other", "one")]
    for apart in [Apart(counters.app, lambda way=way: run_work(SYSTEM, way)) for way in ways]:
        apart.result()
    assert sorted(tries.values()) == [1, 2]
    assert sorted(told) == ["a", "b"]
    assert (count(counters, "one"), count(counters, "other")) == (2, 2)


def test_after_a_lock_that_was_waited_for_too_long_it_runs_again(counters: House) -> None:
    tries = []

    def act(work: Work) -> None:
        tries.append(work.session)
        work.session.execute(AT_ONCE)
        try:
            work.session.execute(ADD, {"p": "one"})
        finally:
            work.session.execute(PATIENT)
            if len(tries) == 2:
                holder.rollback()

    with second_connection() as holder:
        holder.execute(LOCK, {"p": "one"})
        run_work(SYSTEM, act)
    assert len(tries) >= 3
    assert len(set(map(id, tries))) == len(tries), "each try has a session of its own"
    assert count(counters, "one") == 1


def test_what_changed_since_it_was_read_is_read_again(counters: House) -> None:
    """Error 1020, as newer servers raise it by themselves in a snapshot."""
    seen: list[int] = []

    def act(work: Work) -> None:
        session = work.session
        if not seen:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            session.execute(text("SET SESSION innodb_snapshot_isolation = ON"))
        seen.append(
            session.scalar(
                text("SELECT last FROM number_series WHERE company_id = 1 AND kind = 'test' AND period = 'one'")
            )
        )
        if len(seen) == 1:
            with unit_of_work(SYSTEM) as other:
                other.session.execute(ADD, {"p": "one"})
        try:
            session.execute(ADD, {"p": "one"})
        finally:
            session.execute(text("SET SESSION innodb_snapshot_isolation = OFF"))

    run_work(SYSTEM, act)
    assert seen == [0, 1]
    assert count(counters, "one") == 2


def test_it_gives_up_after_five_tries_and_changes_nothing(counters: House) -> None:
    tries = []

    def act(work: Work) -> None:
        tries.append(1)
        work.session.execute(ADD, {"p": "other"})
        work.after_commit(lambda: tries.append(99))
        work.session.execute(AT_ONCE)
        try:
            work.session.execute(ADD, {"p": "one"})
        finally:
            work.session.execute(PATIENT)

    with second_connection() as holder:
        holder.execute(LOCK, {"p": "one"})
        with pytest.raises(Conflict) as refused:
            run_work(SYSTEM, act)
    assert tries == [1] * TRIES
    assert "Nothing was changed" in refused.value.message
    assert count(counters, "other") == 0


def test_any_other_fault_is_not_tried_again(counters: House) -> None:
    tries = []

    def act(work: Work) -> None:
        tries.append(1)
        work.session.execute(text("INSERT INTO number_series (company_id, kind, period, pattern, last)"
                                  " VALUES (1, 'test', 'one', '', 0)"))  # fmt: skip

    with pytest.raises(IntegrityError):
        run_work(SYSTEM, act)
    assert tries == [1]


def test_a_deadlock_inside_a_savepoint_is_still_a_deadlock(counters: House) -> None:
    """The server has rolled everything back, so the savepoint is gone: what is told must be the deadlock."""
    meet = Barrier(2)
    tries: list[str] = []

    def act(name: str, first: str, second: str) -> Callable[[Work], None]:
        def run(work: Work) -> None:
            tries.append(name)
            work.session.execute(ADD, {"p": first})
            with work.session.begin_nested():
                if tries.count(name) == 1:
                    meet.wait(20)
                work.session.execute(ADD, {"p": second})

        return run

    ways = [act("a", "one", "other"), act("b", "other", "one")]
    for apart in [Apart(counters.app, lambda way=way: run_work(SYSTEM, way)) for way in ways]:
        apart.result()
    assert len(tries) == 3
    assert (count(counters, "one"), count(counters, "other")) == (2, 2)


def test_what_fails_after_the_commit_changes_nothing(counters: House, caplog: Any) -> None:
    told = []

    def act(work: Work) -> None:
        work.session.execute(ADD, {"p": "one"})
        work.after_commit(lambda: 1 / 0)
        work.after_commit(lambda: told.append("still told"))

    with caplog.at_level(logging.WARNING, "erp.work"):
        run_work(SYSTEM, act)
    assert count(counters, "one") == 1
    assert told == ["still told"]
    assert "after commit" in caplog.text


def test_a_report_sees_one_instant(counters: House) -> None:
    read = text("SELECT last FROM number_series WHERE company_id = 1 AND kind = 'test' AND period = 'one'")
    with snapshot(SYSTEM) as work:
        before = work.session.scalar(read)
        counters.does(lambda other: other.session.execute(ADD, {"p": "one"}))
        after = work.session.scalar(read)
        with pytest.raises(DBAPIError, match="READ ONLY"):
            work.session.execute(ADD, {"p": "one"})
    assert (before, after, count(counters, "one")) == (0, 0, 1)


def test_a_writing_transaction_sees_what_others_commit(counters: House) -> None:
    read = text("SELECT last FROM number_series WHERE company_id = 1 AND kind = 'test' AND period = 'one'")
    with unit_of_work(SYSTEM) as work:
        before = work.session.scalar(read)
        counters.does(lambda other: other.session.execute(ADD, {"p": "one"}))
        assert (before, work.session.scalar(read)) == (0, 1)
