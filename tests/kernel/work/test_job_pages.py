"""A job's page: state, progress, result, error, another try - of one's own jobs; an administrator sees all."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from erp.kernel.change.work import Work
from erp.kernel.rights import commands
from erp.kernel.rights.loading import actor_by_login
from erp.kernel.rights.seed import seed_rights
from erp.kernel.work import later
from erp.kernel.work.task import CANCELLED, FAILED, QUEUED, RUNNING, Task

PASSWORD = "matcha and azuki"


@pytest.fixture
def people(app: Flask, work: Work) -> None:
    """Ann administrates, Ben and Carl sell."""
    app.extensions["has company"] = True
    seed_rights(work.session)
    for login, role in (("ann", "administrator"), ("ben", "sales"), ("carl", "sales")):
        commands.add_user(work, login, login.title(), password=PASSWORD, roles=[role])
    work.session.commit()


@pytest.fixture
def ben_s_job(people: None, work: Work) -> int:
    actor = actor_by_login(work.session, "ben")
    assert actor is not None
    task_id = later(Work(work.session, actor), "export.make", {"kind": "customer"})
    work.session.commit()
    return task_id


def browser(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    client.post("/login", data={"login": login, "password": PASSWORD, "csrf_token": csrf(client, "/login")})
    return client


def csrf(client: FlaskClient, page: str = "/jobs") -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def set_to(work: Work, task_id: int, **values: object) -> None:
    work.session.execute(update(Task).where(Task.id == task_id).values(**values))
    work.session.commit()


def state(work: Work, task_id: int) -> str:
    work.session.expire_all()
    return work.session.get_one(Task, task_id).state


def test_a_job_shows_its_progress_and_then_its_result(app: Flask, ben_s_job: int, work: Work):
    ben = browser(app, "ben")
    set_to(work, ben_s_job, state=RUNNING, done=30, total=120)
    page = ben.get(f"/jobs/{ben_s_job}").text
    assert 'value="25"' in page
    assert "30 / 120" in page
    set_to(work, ben_s_job, state="done", result={"url": "/files/9"})
    assert 'href="/files/9"' in ben.get(f"/jobs/{ben_s_job}").text
    set_to(work, ben_s_job, result={"url": "//elsewhere.example/"})
    assert "Open result" not in ben.get(f"/jobs/{ben_s_job}").text


def test_a_failed_job_says_why_and_is_tried_again(app: Flask, ben_s_job: int, work: Work):
    ben = browser(app, "ben")
    set_to(work, ben_s_job, state=FAILED, error="the disk is full", attempts=5, lease_token="old")
    assert "the disk is full" in ben.get(f"/jobs/{ben_s_job}").text
    assert ben.post(f"/jobs/{ben_s_job}/retry", data={"csrf_token": csrf(ben)}).status_code == 303
    again = work.session.get_one(Task, ben_s_job)
    work.session.refresh(again)
    assert (again.state, again.attempts, again.error, again.lease_token) == (QUEUED, 0, None, None)
    assert ben.post(f"/jobs/{ben_s_job}/retry", data={"csrf_token": csrf(ben)}).status_code == 409


def test_a_waiting_job_is_stopped(app: Flask, ben_s_job: int, work: Work):
    ben = browser(app, "ben")
    assert ben.post(f"/jobs/{ben_s_job}/stop", data={"csrf_token": csrf(ben)}).status_code == 303
    assert state(work, ben_s_job) == CANCELLED
    assert ben.post(f"/jobs/{ben_s_job}/stop", data={"csrf_token": csrf(ben)}).status_code == 409


def test_a_job_of_somebody_else_is_not_there(app: Flask, ben_s_job: int, work: Work):
    carl = browser(app, "carl")
    set_to(work, ben_s_job, state=FAILED)
    token = csrf(carl)
    for answer in (
        carl.get(f"/jobs/{ben_s_job}"), carl.get(f"/api/v1/jobs/{ben_s_job}"),
        carl.post(f"/jobs/{ben_s_job}/retry", data={"csrf_token": token}),
        carl.post(f"/jobs/{ben_s_job}/stop", data={"csrf_token": token}),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert "Export a list" not in carl.get("/jobs").text
    assert state(work, ben_s_job) == FAILED


def test_an_administrator_sees_and_retries_all(app: Flask, ben_s_job: int, work: Work):
    ann = browser(app, "ann")
    set_to(work, ben_s_job, state=FAILED)
    assert "Export a list" in ann.get("/jobs").text
    assert ann.post(f"/jobs/{ben_s_job}/retry", data={"csrf_token": csrf(ann)}).status_code == 303
    assert state(work, ben_s_job) == QUEUED


def test_the_api_tells_the_same(app: Flask, ben_s_job: int, work: Work):
    set_to(work, ben_s_job, state=RUNNING, done=1, total=4)
    told = browser(app, "ben").get(f"/api/v1/jobs/{ben_s_job}").get_json()
    assert {key: told[key] for key in ("state", "done", "total", "result", "error")} == {
        "state": "running", "done": 1, "total": 4, "result": None, "error": None,
    }  # fmt: skip
