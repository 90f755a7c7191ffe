"""A signed address opens one path, to one site, until a moment; everything else is refused, and all refusals are alike."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from erp.kernel.records.types import utc_now
from erp.kernel.rights import commands
from erp.kernel.rights.user import User
from tests.kernel.house import House, Program

SHOP = "https://shop.example"


@pytest.fixture
def ada(house: House) -> Program:
    return house.program("ada")


@pytest.fixture
def order(house: House, ada: Program) -> dict[str, Any]:
    return dict(ada.post("sales-orders?submit=1", house.order("3", "4")).get_json())


def embed(ada: Program, path: str, origin: str | None = SHOP, **more: Any) -> dict[str, Any]:
    answer = ada.post("embeds", {"path": path, "origin": origin, "expires_in": 3600, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def ask(house: House, url: str, origin: str | None = SHOP, method: str = "GET", **more: Any) -> TestResponse:
    """Ask as the page of a site does: with its origin, and without any cookie of ours."""
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"} if origin else {}
    path = url[url.index("/embed/") :]
    return house.app.test_client().open(path, method=method, headers={**headers, **more.pop("headers", {})}, **more)


def test_one_document_is_shown_to_its_site(house: House, ada: Program, order: dict[str, Any]) -> None:
    url = embed(ada, f"/sales-orders/{order['id']}")["url"]
    answer = ask(house, url)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers
    assert order["number"] in answer.text
    assert "<html" not in answer.text
    assert re.findall(r'(?:href|src|action|hx-\w+)="(?!closest|outerHTML)([^"]+)"', answer.text) == []


def refusals(house: House, ada: Program, order: dict[str, Any]) -> dict[str, TestResponse]:
    path = f"/sales-orders/{order['id']}"
    right, over, revoked, changed = (embed(ada, path) for _n in range(4))
    house.does(
        lambda work: work.session.execute(
            text("UPDATE embed SET expires_at = :at WHERE id = :id"), {"at": utc_now() - timedelta(1), "id": over["id"]}
        )
    )
    ended = ada.post(f"embeds/{revoked['id']}/revocation", {}, If_Match='"1"')
    assert ended.status_code == 200, ended.text
    ada.ask("PATCH", f"embeds/{changed['id']}", {"fields": "number"}, If_Match='"1"')
    head, _dot, rest = right["url"].rpartition(".")
    other = embed(ada, path)["url"]
    return {
        "wrong site": ask(house, right["url"], "https://evil.example"),
        "its subdomain": ask(house, right["url"], "https://a.shop.example"),
        "other scheme": ask(house, right["url"], "http://shop.example"),
        "null": ask(house, right["url"], "null"),
        "no cors": ask(
            house, right["url"], None, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        ),
        "over": ask(house, over["url"]),
        "revoked": ask(house, revoked["url"]),
        "what it is bound to changed": ask(house, changed["url"]),
        "changed id": ask(house, f"{head[:-3]}AAA.{rest}"),
        "other signature": ask(house, f"{head}.{other.rpartition('.')[2]}"),
        "garbage": ask(house, "/embed/garbage"),
        "preflight of a wrong site": ask(house, right["url"], "https://evil.example", "OPTIONS"),
        "post of a wrong site": ask(house, right["url"], "https://evil.example", "POST", data={"do": "accept"}),
    }


def test_every_refusal_is_the_same(house: House, ada: Program, order: dict[str, Any]) -> None:
    found = refusals(house, ada, order)
    told = {
        name: (one.status_code, one.text, "Access-Control-Allow-Origin" in one.headers, one.headers["Vary"])
        for name, one in found.items()
    }
    assert set(told.values()) == {(403, told["garbage"][1], False, "Origin, Sec-Fetch-Mode")}, told
    assert order["number"] not in "".join(one.text for one in found.values())


def test_the_browser_of_the_right_site_may_ask_before(house: House, ada: Program, order: dict[str, Any]) -> None:
    url = embed(ada, f"/sales-orders/{order['id']}")["url"]
    answer = ask(house, url, SHOP, "OPTIONS", headers={"Access-Control-Request-Headers": "hx-request"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "hx-request" in answer.headers["Access-Control-Allow-Headers"].lower()


def test_a_frame_is_held_to_its_site(house: House, ada: Program, order: dict[str, Any]) -> None:
    url = embed(ada, f"/sales-orders/{order['id']}")["url"]
    frame = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
    page = ask(house, url, None, headers={**frame, "Referer": f"{SHOP}/"})
    assert page.status_code == 200
    assert f"frame-ancestors {SHOP} 'self'" in page.headers["Content-Security-Policy"]
    assert "<html" in page.text
    assert ask(house, url, None, headers={**frame, "Referer": "https://evil.example/"}).status_code == 403


def test_it_shows_the_named_fields_and_no_other(house: House, ada: Program, order: dict[str, Any]) -> None:
    url = embed(ada, f"/sales-orders/{order['id']}", fields=["number", "lines.quantity"])["url"]
    shown = ask(house, url).text
    assert ">3<" in shown
    assert ">4<" in shown
    assert "Apple" not in shown
    assert "<dl" not in shown


def test_when_its_maker_may_no_longer_see_it_nobody_does(house: House, order: dict[str, Any]) -> None:
    sam = house.program("sam", "sales")
    url = embed(sam, f"/sales-orders/{order['id']}")["url"]
    assert ask(house, url).status_code == 200
    house.does(lambda work: commands.set_roles(work, work.session.get_one(User, sam.user), [], []))
    assert ask(house, url).status_code == 403


@pytest.mark.parametrize(
    ("path", "origin", "field"),
    [
        ("/sales-orders/999999", SHOP, "path"),
        ("/users/1", "*", "origin"),
        ("/nothing", SHOP, "path"),
        ("https://evil.example/sales-orders/1", SHOP, "path"),
        ("/settings/roles", SHOP, "path"),
        ("/sales-orders?nonsense=1", SHOP, "path"),
        ("/sales-orders", "shop.example", "origin"),
        ("/sales-orders", "https://shop.example/page", "origin"),
        ("/sales-orders", None, "origin"),
    ],
)
def test_what_cannot_be_opened_is_said_beside_the_field(
    house: House, ada: Program, path: str, origin: str | None, field: str
) -> None:
    del house
    answer = ada.post("embeds", {"path": path, "origin": origin, "expires_in": "1h"})
    assert answer.status_code == 422
    assert field in {one["field"] for one in answer.get_json()["errors"]}


def test_nobody_opens_what_he_may_not_see_himself(house: House, ada: Program, order: dict[str, Any]) -> None:
    nora = house.program("nora", "buyer")
    answer = nora.post("embeds", {"path": f"/sales-orders/{order['id']}", "origin": SHOP, "expires_in": 60})
    assert answer.status_code == 422
    hidden = nora.post("embeds", {"path": "/sales-orders/999999", "origin": SHOP, "expires_in": 60})
    assert hidden.get_json()["errors"] == answer.get_json()["errors"]


def test_a_list_and_a_report_are_shown(house: House, ada: Program, order: dict[str, Any]) -> None:
    url = embed(ada, f"/sales-orders?number={order['number']}")["url"]
    assert order["number"] in ask(house, url).text
    report = embed(ada, f"/reports/trial-balance?company={house.company}")["url"]
    answer = ask(house, report)
    assert answer.status_code == 200
    assert "<tfoot" in answer.text or "<tbody" in answer.text


def test_a_form_makes_a_draft_once(house: House, ada: Program) -> None:
    customer = house.value("SELECT id FROM customer WHERE company_id IS NULL OR company_id = :c", c=house.company)
    made = embed(
        ada, f"/sales-orders/new?customer={customer}", fields=["customer_reference", "lines.item", "lines.quantity"]
    )  # fmt: skip
    form = ask(house, made["url"]).text
    assert 'name="lines.1.quantity"' in form
    item = house.value("SELECT id FROM item WHERE code = 'A' ORDER BY id DESC LIMIT 1")
    key = re.findall(r'name="idempotency_key" value="(\w+)"', form)[0]
    sent = {
        "idempotency_key": key, "customer_reference": "PO 9", "lines.1.item": str(item), "lines.1.quantity": "2",
        "customer": "999", "note": "not asked",
    }  # fmt: skip
    before = house.value("SELECT COUNT(*) FROM sales_order")
    first, second = (ask(house, made["url"], method="POST", data=sent) for _n in range(2))
    assert (first.status_code, second.status_code) == (200, 200), first.text
    assert "Thank you" in first.text
    assert house.value("SELECT COUNT(*) FROM sales_order") == before + 1
    row = house.value(
        "SELECT CONCAT(state, '|', customer_id, '|', COALESCE(note, '')) FROM sales_order ORDER BY id DESC"
    )
    assert row == f"draft|{customer}|"
    assert house.value("SELECT COUNT(*) FROM notification WHERE user_id = :u", u=ada.user) == 1
    wrong = ask(house, made["url"], method="POST", data={**sent, "idempotency_key": "k2", "lines.1.quantity": "many"})
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text, "what was typed is kept"
    assert 'aria-invalid="true"' in wrong.text


def test_a_customer_comments_and_accepts(house: House, ada: Program, order: dict[str, Any]) -> None:
    made = embed(ada, f"/sales-orders/{order['id']}", None, comments=True, acceptance=True)
    page = ask(house, made["url"], None, headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
    assert page.status_code == 200
    said = {"do": "comment", "name": "Hanako", "text": "By noon, please. @ada", "idempotency_key": "c1"}
    assert ask(house, made["url"], None, "POST", data=said).status_code == 200
    assert (
        ask(house, made["url"], None, "POST", data={"do": "accept", "name": "", "idempotency_key": "a0"}).status_code
        == 422
    )
    accepted = ask(house, made["url"], None, "POST", data={"do": "accept", "name": "Hanako", "idempotency_key": "a1"})
    assert "Accepted by Hanako" in accepted.text
    again = ask(house, made["url"], None, "POST", data={"do": "accept", "name": "Taro", "idempotency_key": "a2"})
    assert "Accepted by Hanako" in again.text
    comments = ada.get(f"sales-orders/{order['id']}/comments").get_json()["data"]
    assert [(one["text"], one["created_by"]) for one in comments] == [
        ("By noon, please. @ada", {"id": None, "label": "Hanako"})
    ]
    assert house.value("SELECT COUNT(*) FROM audit_entry WHERE action = 'accepted' AND user_name = 'Hanako'") == 1
    assert house.value("SELECT COUNT(*) FROM notification WHERE user_id = :u", u=ada.user) == 2
    plain = embed(ada, f"/sales-orders/{order['id']}", None)
    assert ask(house, plain["url"], None, "POST", data={"do": "accept", "name": "X"}).status_code == 403
    assert "Hanako" not in ask(house, plain["url"], None).text


def test_too_many_are_asked_to_wait(house: House, ada: Program, order: dict[str, Any]) -> None:
    made = embed(ada, f"/sales-orders/{order['id']}", None, comments=True)
    answers = [
        ask(house, made["url"], None, "POST", data={"do": "comment", "name": "H", "text": f"{n}"}) for n in range(45)
    ]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
