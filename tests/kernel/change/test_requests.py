"""A request on real connections: run again as a whole after a collision, answered once for each key."""

import io
import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from erp.kernel.change.work import current_work
from erp.kernel.records.types import utc_now
from erp.kernel.rights.csrf import masked
from erp.kernel.rights.jobs import tidy
from erp.kernel.web.application import create_app
from tests.kernel.house import Apart, House, Program, second_connection, until_waiting

HEAVY = text(
    "INSERT INTO login_attempt (`key`, failures, last_at, open_at)"
    " WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 900)"
    " SELECT UNHEX(SHA2(n, 256)), 0, NOW(6), NOW(6) FROM many"
)
"""So much work that a deadlock takes the other one: the server rolls back who has done less."""

SERIES = text("SELECT last FROM number_series WHERE id = :id FOR UPDATE")
ORDER = text("SELECT version FROM sales_order WHERE id = :id FOR UPDATE")


@pytest.fixture
def ada(house: House) -> Program:
    return house.program("ada")


def test_a_submission_that_loses_a_deadlock_is_done_again_as_a_whole(
    house: House, ada: Program, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "erp.work")
    first = ada.post("sales-orders?submit=1", house.order()).get_json()
    draft = ada.post("sales-orders", house.order()).get_json()
    series = house.value("SELECT id FROM number_series WHERE kind = 'sales_order'")
    with second_connection() as other:
        other.execute(HEAVY)
        other.execute(SERIES, {"id": series})
        asked = Apart(house.app, lambda: ada.post(f"sales-orders/{draft['id']}/submission", If_Match='"1"'))
        until_waiting(1)
        other.execute(ORDER, {"id": draft["id"]})
        other.rollback()
        answer = asked.result()
    assert answer.status_code == 200, answer.text
    assert "unit of work collided (1213), try 1" in caplog.text
    body = answer.get_json()
    assert (body["state"], body["number"][-5:]) == ("submitted", "00002")
    assert first["number"][-5:] == "00001"
    submits = house.value(
        "SELECT COUNT(*) FROM audit_entry WHERE action = 'submit' AND record_id = :id AND kind = 'sales_order'",
        id=draft["id"],
    )
    assert submits == 1
    assert house.value("SELECT COUNT(*) FROM issued_number WHERE kind = 'sales_order'") == 2


@pytest.fixture
def own_app(house: House) -> Flask:
    """An application with a view that collides at its first two tries, on a lock that somebody holds."""
    app = create_app()
    app.testing = True
    app.extensions["has company"] = True
    seen = app.extensions["seen"] = []

    def collide() -> ResponseReturnValue:
        session = current_work().session
        file = request.files.get("file")
        seen.append((request.form.get("word"), file.read() if file else b"", request.get_data()))
        if len(seen) < 3:
            session.execute(
                text("SET STATEMENT innodb_lock_wait_timeout = 0 FOR UPDATE company SET version = version + 1")
            )
        return {"tries": len(seen)}

    app.add_url_rule("/collision", "collision", collide, methods=["POST"])
    return app


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"data": {"word": "tea"}}, ("tea", b"", b"")),
        ({"data": {"word": "tea", "file": (io.BytesIO(b"leaves"), "leaves.txt")}}, ("tea", b"leaves", b"")),
        ({"json": {"word": "tea"}}, (None, b"", b'{"word": "tea"}')),
    ],
    ids=["form", "file", "json"],
)
def test_every_try_reads_the_whole_body(house: House, own_app: Flask, sent: dict[str, Any], read: Any) -> None:
    cy = House(own_app, house.company).browser("cy")
    with second_connection() as other:
        other.execute(text("SELECT id FROM company FOR UPDATE"))
        headers = {"X-CSRF-Token": masked(cy.secret), "Idempotency-Key": "k1"}
        answer = cy.client.post("/collision", headers=headers, **sent)
    assert answer.get_json() == {"tries": 3}
    assert own_app.extensions["seen"] == [read, read, read]


def test_a_repeat_gets_the_first_answer(house: House, ada: Program) -> None:
    first = ada.post("sales-orders?submit=1", house.order("2"), Idempotency_Key="one")
    again = ada.post("sales-orders?submit=1", house.order("2"), Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    shown = ("ETag", "Location", "Content-Type")
    assert [again.headers[name] for name in shown] == [first.headers[name] for name in shown]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert house.value("SELECT COUNT(*) FROM sales_order") == 1


def test_the_same_key_for_another_request_is_refused(house: House, ada: Program) -> None:
    ada.post("sales-orders", house.order("2"), Idempotency_Key="one")
    for answer in (
        ada.post("sales-orders", house.order("3"), Idempotency_Key="one"),
        ada.post("sales-orders?submit=1", house.order("2"), Idempotency_Key="one"),
    ):
        assert answer.status_code == 422
        assert [one["code"] for one in answer.get_json()["errors"]] == ["key_reused"]
    assert house.value("SELECT COUNT(*) FROM sales_order") == 1


def test_everybody_has_keys_of_his_own(house: House, ada: Program) -> None:
    ben = house.program("ben")
    ids = {one.post("sales-orders", house.order(), Idempotency_Key="one").get_json()["id"] for one in (ada, ben)}
    assert len(ids) == 2


def test_a_refusal_is_not_remembered(house: House, ada: Program) -> None:
    wrong = {**house.order(), "customer": {"code": "NOBODY"}}
    refused = ada.post("sales-orders", wrong, Idempotency_Key="one")
    assert refused.status_code == 422
    assert ada.post("sales-orders", house.order(), Idempotency_Key="one").status_code == 201
    assert house.value("SELECT COUNT(*) FROM idempotency_key") == 1


def test_an_answer_is_remembered_for_thirty_days(house: House, ada: Program) -> None:
    ada.post("sales-orders", house.order(), Idempotency_Key="old")
    ada.post("sales-orders", house.order(), Idempotency_Key="young")
    age = text("UPDATE idempotency_key SET created_at = :at WHERE `key` = :key")
    for key, days in (("old", 30.1), ("young", 29.9)):
        at = utc_now() - timedelta(days=days)
        house.does(lambda work, at=at, key=key: work.session.execute(age, {"at": at, "key": key}))
    assert "1 answers" in house.does(tidy)
    assert house.value("SELECT GROUP_CONCAT(`key`) FROM idempotency_key") == "young"


def test_while_the_first_still_runs_the_second_waits_then_is_told_to_come_back(house: House, ada: Program) -> None:
    ada.post("sales-orders?submit=1", house.order())
    series = house.value("SELECT id FROM number_series WHERE kind = 'sales_order'")
    with second_connection() as other:
        other.execute(SERIES, {"id": series})
        first = Apart(house.app, lambda: ada.post("sales-orders?submit=1", house.order(), Idempotency_Key="slow"))
        until_waiting(1)
        started = time.monotonic()
        second = ada.post("sales-orders?submit=1", house.order(), Idempotency_Key="slow")
        waited = time.monotonic() - started
        other.rollback()
    assert (second.status_code, second.headers["Retry-After"]) == (409, "2")
    assert waited >= 1.5
    done = first.result()
    assert done.status_code == 201
    third = ada.post("sales-orders?submit=1", house.order(), Idempotency_Key="slow")
    assert third.get_json()["id"] == done.get_json()["id"]


def test_who_waits_less_than_two_seconds_gets_the_first_answer(house: House, ada: Program) -> None:
    ada.post("sales-orders?submit=1", house.order())
    series = house.value("SELECT id FROM number_series WHERE kind = 'sales_order'")
    with second_connection() as other:
        other.execute(SERIES, {"id": series})
        ask = lambda: ada.post("sales-orders?submit=1", house.order(), Idempotency_Key="k")  # noqa: E731
        first = Apart(house.app, ask)
        until_waiting(1)
        second = Apart(house.app, ask)
        until_waiting(2)
        other.rollback()
    answers = [first.result(), second.result()]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].get_json()["id"] == answers[1].get_json()["id"]
    assert house.value("SELECT COUNT(*) FROM sales_order") == 2


def test_a_double_click_on_a_form_makes_one_document(house: House) -> None:
    ben = house.browser("ben")
    form = {
        "_form": "sales_order", "idempotency_key": "click", "company": "", "customer": "C", "lines.n1.item": "A",
        "lines.n1.quantity": "2",
    }  # fmt: skip
    clicks = [
        Apart(house.app, lambda: ben.post("/sales-orders/submission", form, HX_Request="true")) for _n in range(2)
    ]
    answers = [click.result() for click in clicks]
    assert {answer.status_code for answer in answers} == {204}
    assert len({answer.headers["HX-Location"] for answer in answers}) == 1
    assert house.value("SELECT COUNT(*) FROM sales_order") == 1
    assert house.value("SELECT COUNT(*) FROM issued_number") == 1
