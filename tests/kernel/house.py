"""A company that sells, committed; its people with a browser or a program each; and a second connection."""

import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pymysql
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from deploy.layout import Instance
from erp.kernel.change.work import Work, reading, run_work
from erp.kernel.records import db
from erp.kernel.rights import commands, csrf, sessions, system_actor, tokens
from erp.kernel.rights.loading import actor_of
from tests.selling.shop import open_shop

T = TypeVar("T")
SYSTEM = system_actor("test")


@dataclass
class Program:
    """A program with a token of its user."""

    app: Flask
    token: str
    user: int

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request to the API; ``If_Match`` and ``Idempotency_Key`` are headers."""
        sent = {"Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client().open(f"/api/v1/{path}", method=method, json=body, headers=sent)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a POST; without a body an empty object."""
        return self.ask("POST", path, body if body is not None else {}, **headers)

    def get(self, path: str) -> TestResponse:
        """Send a GET."""
        return self.ask("GET", path)


@dataclass
class Browser:
    """A browser in which somebody is signed in."""

    client: FlaskClient
    secret: bytes
    user: int

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form with the proof of our own page."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, data=form or {}, headers={"X-CSRF-Token": csrf.masked(self.secret), **sent})

    def version(self, path: str) -> str:
        """Return the version that the form of a page carries."""
        found = re.search(r'name="version" value="(\d+)"', self.get(path).text)
        assert found, path
        return found[1]


@dataclass
class House:
    """The company ``company`` with a customer C, items A (10 each, 19 %) and F, and an approval limit of 1000."""

    app: Flask
    company: int

    def user(self, login: str, *roles: str, language: str = "en", companies: list[int] | None = None) -> int:
        """Make a user of this company."""
        own = [self.company] if companies is None else companies

        def make(work: Work) -> int:
            user = commands.add_user(work, login, login.title(), roles=roles, companies=own, language=language)
            return int(user.id)

        return run_work(SYSTEM, make)

    def program(self, login: str = "ada", *roles: str, scopes: tuple[str, ...] = ("all",)) -> Program:
        """Make a user with a token; an administrator unless roles are named."""
        user = self.user(login, *(roles or ("administrator",)))

        def make(work: Work) -> str:
            life = timedelta(hours=1)
            return tokens.make_token(work.session, user, list(scopes), now=work.now, life=life)[0]

        return Program(self.app, run_work(SYSTEM, make), user)

    def browser(self, login: str = "ben", *roles: str, language: str = "en") -> Browser:
        """Make a user who is signed in; an administrator unless roles are named."""
        return self.sign_in(self.user(login, *(roles or ("administrator",)), language=language))

    def sign_in(self, user: int) -> Browser:
        """Sign a user in with a further browser."""
        opened = run_work(SYSTEM, lambda work: _session(work, user))
        client = self.app.test_client()
        client.set_cookie("sid", opened[0])
        return Browser(client, opened[1], user)

    def does(self, act: Callable[[Work], T], user: int | None = None) -> T:
        """Run one unit of work, as the product itself or as a user."""
        if user is None:
            return run_work(SYSTEM, act)
        with reading(SYSTEM) as work:
            actor = actor_of(work.session, user)
        assert actor is not None
        return run_work(actor, act)

    def value(self, query: str, **values: Any) -> Any:
        """Return one value as it is committed now."""
        with db.engine.connect() as connection:
            return connection.scalar(text(query), values)

    def order(self, *quantities: str) -> dict[str, Any]:
        """Return the body of an order of apples."""
        lines = [{"item": {"code": "A"}, "quantity": quantity} for quantity in quantities or ("1",)]
        return {"company": self.company, "customer": {"code": "C"}, "lines": lines}


def _session(work: Work, user: int) -> tuple[str, bytes]:
    sid, row = sessions.open_session(work.session, user, now=work.now)
    return sid, bytes(row.csrf)


def open_house(app: Flask) -> House:
    """Return a committed company."""
    app.extensions["has company"] = True
    return House(app, run_work(SYSTEM, lambda work: open_shop(work).ledger.company))


@contextmanager
def second_connection() -> Iterator[Connection]:
    """A second connection in a transaction of its own, rolled back at the end."""
    with db.engine.connect() as connection:
        yield connection
        connection.rollback()


def until_waiting(count: int) -> None:
    """Return when so many transactions of this database wait for a lock; asked as the server's root."""
    instance = Instance(Path(os.environ["ERP_TEST_DATA"]))
    root = pymysql.connect(user="root", unix_socket=str(instance.socket("mariadb")), autocommit=True)
    query = (
        "SELECT COUNT(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p"
        " ON p.id = t.trx_mysql_thread_id WHERE t.trx_state = 'LOCK WAIT' AND p.db = %s"
    )
    with root, root.cursor() as cursor:
        for _try in range(80):
            cursor.execute(query, [db.engine.url.database])
            row = cursor.fetchone()
            if row and row[0] == count:
                return
            # The server refreshes this table when nobody read it for a tenth of a second: two who ask must not keep step.
            time.sleep(random.uniform(0.12, 0.6))
    raise AssertionError(f"{count} transactions should wait for a lock")


class Apart(Thread):
    """Something done at the same time on a connection of its own; ``result`` waits and raises what it raised."""

    def __init__(self, app: Flask, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.app, self.act, self.value, self.raised = app, act, None, None
        self.start()

    def run(self) -> None:
        try:
            with self.app.app_context():
                self.value = self.act()
        except BaseException as error:  # noqa: BLE001 - handed to the one who waits
            self.raised = error

    def result(self) -> Any:
        """Wait for the end."""
        self.join(60)
        assert not self.is_alive(), "still running after a minute"
        if self.raised is not None:
            raise self.raised
        return self.value
