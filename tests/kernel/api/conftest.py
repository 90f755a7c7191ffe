"""A program that talks to the API of a shop, rolled back with the test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from erp.kernel.change import Work
from erp.kernel.rights import commands, tokens
from erp.kernel.rights.seed import seed_rights


@dataclass
class Program:
    """Who asks with a token."""

    client: FlaskClient
    token: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request below ``/api/v1/``; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Authorization"] = f"Bearer {self.token}"
        how: dict[str, Any] = {"json": body} if body is not None else {}
        return self.client.open(f"/api/v1/{path}", method=method, headers=sent, **how)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.ask("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> TestResponse:
        return self.ask("DELETE", path, **headers)

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the documents of a list that must answer."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["data"]  # type: ignore[index]
        return found


@pytest.fixture
def shop(work: Work) -> Any:
    """A company in EUR with a chart, a tax of 19 %, an approval limit of 1000, two items and a customer."""
    from tests.selling.shop import open_shop

    return open_shop(work)


@pytest.fixture
def program_of(app: Flask, work: Work) -> Callable[..., Program]:
    """Make a user with these roles and a token of these scopes."""
    app.extensions["has company"] = True
    seed_rights(work.session)

    def make(name: str = "robot", roles: tuple[str, ...] = ("administrator",), scopes: tuple[str, ...] = ("all",),
             company: int | None = None) -> Program:  # fmt: skip
        user = commands.add_user(work, name, name.title(), roles=list(roles), companies=[company] if company else None)
        text, _row = tokens.make_token(work.session, user.id, list(scopes), now=work.now, life=timedelta(hours=1))
        work.session.commit()
        return Program(app.test_client(), text)

    return make


@pytest.fixture
def api(shop: Any, program_of: Callable[..., Program]) -> Program:
    """An administrator's program in the shop."""
    return program_of()


def problems(answer: TestResponse) -> list[tuple[str, int | None, str]]:
    """Return (field, line, code) of each problem of a refusal."""
    assert answer.mimetype == "application/problem+json", answer.text
    body: Any = answer.json
    assert body["status"] == answer.status_code
    return [(one["field"], one["line"], one["code"]) for one in body["errors"]]
