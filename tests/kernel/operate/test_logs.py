"""One line a request: who, what, how long, how many statements - and never a secret."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from erp.kernel.logs import JsonLines
from erp.kernel.records import db
from tests.kernel.house import House

PASSWORD = "matcha and azuki"


class Lines(logging.Handler):
    """Keeps what the log would say, as it would say it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def requests(self) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.lines]
        return [one for one in found if one["log"] == "erp.request"]


@pytest.fixture
def log() -> Iterator[Lines]:
    lines, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(level)


def test_a_request_is_one_line_with_user_duration_and_statements(house: House, log: Lines):
    ada = house.browser("ada")
    answer = ada.get("/customers?q=secret-word", X_Request_ID="req-7")
    assert answer.headers["X-Request-ID"] == "req-7"
    (line,) = log.requests()
    told = {key: line[key] for key in ("id", "user", "method", "path", "status")}
    assert told == {"id": "req-7", "user": ada.user, "method": "GET", "path": "/customers", "status": 200}
    assert line["ms"] > 0
    assert line["queries"] > 2
    assert "secret-word" not in "\n".join(log.lines)


def test_neither_passwords_nor_tokens_nor_cookies_are_logged(house: House, app: Flask, log: Lines):
    program, ada = house.program("bot"), house.browser("ada")
    program.get("customers")
    ada.get("/customers")
    app.test_client().post("/login", data={"login": "ada", "password": PASSWORD})
    app.test_client().get("/api/v1/customers", headers={"Authorization": "Bearer erp_1_" + "s" * 43})
    cookie = ada.client.get_cookie("sid")
    assert cookie is not None
    said = "\n".join(log.lines)
    assert len(log.requests()) == 4
    for secret in (program.token, PASSWORD, "s" * 43, cookie.value):
        assert secret not in said


def test_a_statement_that_fails_does_not_tell_its_values(app: Flask):
    with db.engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT no_such_column FROM `user` WHERE name = :p"), {"p": PASSWORD})
    assert PASSWORD not in str(failed.value)
