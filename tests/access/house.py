"""Two companies full of records, and somebody of one role who belongs to the first."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from erp.kernel.change.work import Work
from erp.kernel.records import Record, all_kinds
from erp.kernel.rights import commands, tokens
from erp.kernel.rights.seed import seed_rights
from tests.access.makers import MADE_ELSEWHERE, Made, make_all
from tests.access.table import OWN_CLERK, Try


@dataclass
class House:
    """Two companies full of records, and somebody of one role who belongs to company A."""

    app: Flask
    work: Work
    role: str
    made: Made
    token: str

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def ask(self, one: Try) -> TestResponse:
        """Send the request; unsafe ones carry a version that is long gone, so that nothing changes."""
        headers = {"Authorization": f"Bearer {self.token}", "If-Match": '"999999"'}
        if one.method == "GET":
            return self.client.get(one.url, headers=headers)
        if one.url.startswith("/api/"):
            return self.client.open(one.url, method=one.method, headers=headers, json={})
        return self.client.open(one.url, method=one.method, headers=headers, data={"version": "999999"})


@pytest.fixture
def house(app: Flask, work: Work, role: str) -> House:
    app.extensions["has company"] = True
    seed_rights(work.session)
    clerk = commands.add_role(work, OWN_CLERK, "Clerk")
    for kind in kinds():
        for verb in ("read", "update"):
            commands.set_right(work, clerk, kind.__kind__, verb, "own")
    user = commands.add_user(work, role, role, roles=[] if role == "nobody" else [role], companies=[])
    made = make_all(work.session, user.id)
    keys = [commands.EVERY_COMPANY] if role == "administrator" else [f"company:{made['company', 'A']}"]
    commands.set_roles(work, user, commands.roles_and_keys(work, user.id)[0], keys)
    token, _row = tokens.make_token(work.session, user.id, ["all"], now=work.now, life=timedelta(hours=1))
    work.session.commit()
    return House(app, work, role, made, token)


def kinds() -> list[type[Record]]:
    """Return the kinds of which there are records."""
    return [kind for kind in all_kinds() if kind.__kind__ not in MADE_ELSEWHERE]
