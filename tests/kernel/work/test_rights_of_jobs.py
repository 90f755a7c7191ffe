"""A job acts for whoever asked: with the rights of now, as narrow as the token, in the asker's company, zone, language."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict
from erp.kernel.rights import commands, tokens
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.loading import actor_of, identify_token
from erp.kernel.rights.seed import seed_rights
from erp.kernel.rights.tokens import ApiToken
from erp.kernel.rights.user import User
from erp.kernel.talk.centre import latest
from erp.kernel.text import in_language, language
from erp.kernel.work import job, later, run_task
from erp.kernel.work.task import DONE, FAILED, QUEUED, Task

seen: list[dict[str, Any]] = []


@job("test.look")
def look(work: Work) -> None:
    seen.append({
        "user": work.actor.user_id, "roles": sorted(work.actor.roles), "scopes": work.actor.token_scopes,
        "zone": work.actor.timezone, "language": language(), "company": work.actor.company_id,
        "system": work.actor.is_system,
    })  # fmt: skip


@job("test.system", as_system=True)
def act_alone(work: Work) -> None:
    look(work)


@job("test.busy")
def too_busy(work: Work) -> None:
    raise Conflict("many people")


@pytest.fixture
def ben(app: Flask, work: Work) -> User:
    """A salesman in Tokyo who reads Japanese."""
    seen.clear()
    seed_rights(work.session)
    user = commands.add_user(work, "ben", "Ben", roles=["sales"], companies=[])
    user.language, user.timezone = "ja", "Asia/Tokyo"
    work.session.commit()
    return user


def as_user(work: Work, user: User, **changes: Any) -> Work:
    actor = actor_of(work.session, user.id)
    assert actor is not None
    return Work(work.session, dataclasses.replace(actor, **changes))


def asked(work: Work, name: str, **options: Any) -> int:
    task_id = later(work, name, **options)
    work.session.commit()
    return task_id


def state(work: Work, task_id: int) -> tuple[str, str | None]:
    work.session.expire_all()
    task = work.session.get_one(Task, task_id)
    return task.state, task.error


def test_rights_are_those_of_the_moment_it_runs(work: Work, ben: User):
    task_id = asked(as_user(work, ben), "test.look")
    commands.set_roles(work, ben, ["stock"], [])
    work.session.commit()
    assert run_task(task_id) == DONE
    assert (seen[0]["user"], seen[0]["roles"]) == (ben.id, ["stock"])


def test_who_left_has_no_rights(work: Work, ben: User):
    task_id = asked(as_user(work, ben), "test.look")
    ben.state = "archived"
    work.session.commit()
    assert run_task(task_id) == FAILED
    assert seen == []
    assert state(work, task_id)[1] == "The user, or the token, with which this was asked for is no longer active."


def test_what_was_allowed_when_asked_happens_although_the_user_left(work: Work, ben: User):
    task_id = asked(as_user(work, ben), "test.system")
    ben.state = "archived"
    work.session.commit()
    assert run_task(task_id) == DONE
    assert seen[0]["system"] is True


def test_language_and_time_zone_travel_along(work: Work, ben: User):
    with in_language("ja"):
        task_id = asked(as_user(work, ben), "test.look")
    ben.language, ben.timezone = "en", "UTC"
    work.session.commit()
    run_task(task_id)
    assert (seen[0]["zone"], seen[0]["language"]) == ("Asia/Tokyo", "ja")


def test_the_company_travels_along_while_the_user_still_has_it(work: Work, ben: User):
    commands.set_roles(work, ben, ["sales"], ["company:5", "company:6"])
    work.session.commit()
    task_id = asked(as_user(work, ben, company_id=6), "test.look")
    run_task(task_id)
    again = asked(as_user(work, ben, company_id=6), "test.look")
    commands.set_roles(work, ben, ["sales"], ["company:5"])
    work.session.commit()
    run_task(again)
    assert [one["company"] for one in seen] == [6, 5]


def with_token(work: Work, user: User) -> tuple[Actor, ApiToken]:
    text, row = tokens.make_token(work.session, user.id, ["customers:read"], now=work.now, life=timedelta(days=1))
    work.session.commit()
    identity = identify_token(work.session, text, work.now)
    assert identity is not None
    return identity.actor, row


def test_a_token_stays_as_narrow_in_the_job_as_it_was_in_the_request(work: Work, ben: User):
    actor, _row = with_token(work, ben)
    assert run_task(asked(Work(work.session, actor), "test.look")) == DONE
    assert seen[0]["scopes"] == frozenset({"customers:read"})


def test_a_revoked_token_takes_its_jobs_along(work: Work, ben: User):
    actor, row = with_token(work, ben)
    task_id = asked(Work(work.session, actor), "test.look")
    row.revoked_at = work.now
    work.session.commit()
    assert run_task(task_id) == FAILED
    assert seen == []


def test_a_failure_is_told_to_whoever_asked(work: Work, ben: User):
    mine = as_user(work, ben)
    task_id = asked(mine, "test.unknown")
    assert run_task(task_id) == FAILED
    (told,) = latest(mine)
    assert (told.text, told.url) == ("“test.unknown” did not work.", f"/jobs/{task_id}")


def test_a_collision_passes_and_is_tried_again(work: Work, ben: User):
    task_id = asked(as_user(work, ben), "test.busy")
    assert run_task(task_id) == QUEUED
    assert state(work, task_id) == (QUEUED, "many people")
