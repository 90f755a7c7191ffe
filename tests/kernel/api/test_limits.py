"""How often a program may ask: told in every answer, refused beyond, and not counted while Redis is away."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask

from erp.kernel.redis_roles import connection
from tests.kernel.api.conftest import Program
from tests.kernel.without_redis import redis_away


@pytest.fixture
def three_a_minute(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A limit of three requests a minute, far from the end of a minute."""
    monkeypatch.setitem(app.config, "ERP", dataclasses.replace(app.config["ERP"], api_rate=3))
    monkeypatch.setattr("erp.kernel.web.limits.time.time", lambda: 1_800_000_010.0)
    connection("cache").flushdb()
    yield
    connection("cache").flushdb()


def test_who_asks_too_often_waits_for_the_next_minute(api: Program, three_a_minute: None):
    answers = [api.get("currencies") for _n in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    refused = answers[-1]
    assert refused.mimetype == "application/problem+json"
    assert refused.json["code"] == "too_many_requests"
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == "51"
    assert "Ask again in 51 seconds" in refused.json["detail"]


def test_a_refused_request_changes_nothing(api: Program, three_a_minute: None):
    for _n in range(3):
        api.get("currencies")
    assert api.post("customers", {"code": "NEW", "name": "New"}).status_code == 429
    connection("cache").flushdb()
    assert api.rows("customers?code=NEW") == []


def test_without_redis_nobody_is_counted_and_nobody_refused(api: Program, three_a_minute: None):
    with redis_away():
        answers = [api.get("currencies") for _n in range(5)]
    assert [one.status_code for one in answers] == [200] * 5
    assert all("RateLimit-Limit" not in one.headers for one in answers)
