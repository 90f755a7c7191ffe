"""What one did a moment ago can be taken back: by oneself, once, for ten seconds, and all of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from erp.kernel.change.undo import TAKEN
from tests.kernel.house import Browser, House, Program


@pytest.fixture
def ada(house: House) -> Program:
    return house.program("ada")


@pytest.fixture
def ben(house: House) -> Browser:
    return house.browser("ben")


def deleted(house: House, ada: Program, ben: Browser) -> tuple[dict[str, Any], str]:
    """Make a draft, delete it in the browser; return what it was and the way back."""
    made = ada.post("sales-orders", {**house.order("3", "4"), "customer_reference": "PO 7", "note": "By noon."})
    order = dict(made.get_json())
    path = f"/sales-orders/{order['id']}"
    answer = ben.post(f"{path}/deletion", {"version": "1"})
    assert answer.status_code == 303, answer.text
    assert ada.get(path[1:]).status_code == 404
    step = answer.headers["Set-Cookie"].split("undo=")[1].split(".")[0]
    return order, f"/undo/{step}"


def without_times(order: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in order.items() if name not in {"updated_at", "updated_by"}}


def test_a_deleted_draft_comes_back_as_it_was(house: House, ada: Program, ben: Browser) -> None:
    order, way = deleted(house, ada, ben)
    page = ben.get("/sales-orders").text
    assert f'action="{way}"' in page
    assert "It was deleted." in page
    answer = ben.post(way)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sales-orders/{order['id']}")
    assert without_times(ada.get(f"sales-orders/{order['id']}").get_json()) == without_times(order)
    assert 'action="/undo/' not in ben.get("/sales-orders").text
    assert "took the deletion back" in ben.get(f"/sales-orders/{order['id']}").text


def test_a_deleted_master_comes_back_too(house: House, ada: Program, ben: Browser) -> None:
    made = ada.post("customers", {"code": "NEW", "name": "New", "credit_limit": "500"}).get_json()
    answer = ben.post(f"/customers/{made['id']}/deletion", {"version": str(made["version"])})
    ben.post(f"/undo/{answer.headers['Set-Cookie'].split('undo=')[1].split('.')[0]}")
    assert without_times(ada.get(f"customers/{made['id']}").get_json()) == without_times(made)


def test_only_once_only_oneself_and_only_soon(house: House, ada: Program, ben: Browser) -> None:
    _order, way = deleted(house, ada, ben)
    assert house.browser("carl").post(way).status_code == 404
    assert ben.post(way).status_code == 303
    assert ben.post(way).status_code == 409
    _order, late = deleted(house, ada, ben)
    older = text("UPDATE undo_step SET at = at - INTERVAL :s SECOND")
    house.does(lambda work: work.session.execute(older, {"s": TAKEN.total_seconds() + 1}))
    answer = ben.post(late)
    assert answer.status_code == 409
    assert "too late" in answer.text


def test_what_took_its_place_stays(house: House, ada: Program, ben: Browser) -> None:
    made = ada.post("customers", {"code": "NEW", "name": "New"}).get_json()
    answer = ben.post(f"/customers/{made['id']}/deletion", {"version": "1"})
    other = ada.post("customers", {"code": "NEW", "name": "Other"}).get_json()
    assert ben.post(f"/undo/{answer.headers['Set-Cookie'].split('undo=')[1].split('.')[0]}").status_code == 409
    assert ada.get(f"customers/{other['id']}").get_json()["name"] == "Other"


def test_a_mail_waits_ten_seconds_and_can_stay(house: House, ada: Program, ben: Browser) -> None:
    order = ada.post("sales-orders?submit=1", house.order()).get_json()
    path = f"/sales-orders/{order['id']}"
    sent = {"to": "c@c.example", "subject": "Your order", "text": "Hello", "idempotency_key": "m1"}
    answer = ben.post(f"{path}/mail", sent)
    assert answer.status_code == 303, answer.text
    waits = house.value(
        "SELECT TIMESTAMPDIFF(SECOND, created_at, run_at) FROM task WHERE name = 'mail.send' ORDER BY id DESC"
    )
    assert timedelta(seconds=int(waits)) == timedelta(seconds=10)
    step = next(one for one in answer.headers.getlist("Set-Cookie") if "undo=" in one).split("undo=")[1].split(".")[0]
    assert ben.post(f"/undo/{step}").status_code == 303
    assert house.value("SELECT state FROM mail ORDER BY id DESC LIMIT 1") == "dropped"


def test_a_mail_that_has_left_is_gone(house: House, ada: Program, ben: Browser) -> None:
    order = ada.post("sales-orders?submit=1", house.order()).get_json()
    sent = {"to": "c@c.example", "subject": "Your order", "text": "Hello", "idempotency_key": "m1"}
    answer = ben.post(f"/sales-orders/{order['id']}/mail", sent)
    step = answer.headers["Set-Cookie"].split("undo=")[1].split(".")[0]
    house.does(lambda work: work.session.execute(text("UPDATE mail SET state = 'sent', attempts = 1")))
    assert ben.post(f"/undo/{step}").status_code == 409
