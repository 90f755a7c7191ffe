"""Documents of the API: what may be set, links, lines, versions, deletion."""

from typing import Any

import pytest

from tests.kernel.api.conftest import Program, problems

ORDER = {"customer": {"code": "C"}, "order_date": "2026-03-01", "lines": [{"item": "A", "quantity": "2"}]}


def test_the_life_of_a_record_is_not_a_field(api: Program, shop: Any) -> None:
    sent = {"state": "submitted", "status": "paid", "number": "X-1", "submitted_at": "2020-01-01T00:00:00Z",
            "cancel_reason": "none", "id": 5, "version": 9, "created_at": "2020-01-01T00:00:00Z"}  # fmt: skip
    made = api.post("sales-orders", {**ORDER, "company": shop.ledger.company, **sent})
    assert made.status_code == 201
    assert (made.json["state"], made.json["status"], made.json["number"]) == ("draft", "draft", None)
    assert (made.json["submitted_at"], made.json["cancel_reason"], made.json["version"]) == (None, None, 1)
    customer = api.post("customers", {"company": shop.ledger.company, "code": "N", "name": "New", "state": "archived"})
    assert customer.json["state"] == "active"
    refused = api.post("sales-orders", {**ORDER, "company": shop.ledger.company, "approval_state": "approved"})
    assert refused.status_code in {201, 422}
    if refused.status_code == 201:
        assert refused.json["status"] == "draft"


def test_an_answer_carries_the_whole_envelope(api: Program, shop: Any) -> None:
    made = api.post("sales-orders", {**ORDER, "company": shop.ledger.company})
    assert made.headers["Location"] == f"/api/v1/sales-orders/{made.json['id']}"
    assert made.headers["ETag"] == '"1"'
    envelope = {"id", "number", "state", "status", "version", "created_at", "created_by", "updated_at", "updated_by",
                "company", "currency", "links"}  # fmt: skip
    assert envelope <= set(made.json)
    assert made.json["customer"] == {"id": shop.ledger.customer, "code": "C", "label": "Customer"}
    assert set(made.json["created_by"]) == {"id", "code", "label"}
    figures = {name: made.json[name] for name in ("net", "tax", "total", "rounding", "payable")}
    assert figures == {"net": "20.00", "tax": "3.80", "total": "23.80", "rounding": "0.00", "payable": "23.80"}
    assert made.json["taxes"] == [{"code": "V19", "rate_percent": "19", "base": "20", "amount": "3.80"}]


@pytest.mark.parametrize("name", ["id", "text", "code", "number"])
def test_a_link_may_be_given_by_id_or_code(api: Program, shop: Any, name: str) -> None:
    link = {"id": shop.ledger.customer, "text": "C", "code": {"code": "C"}, "number": {"number": "C"}}[name]
    made = api.post("sales-orders", {**ORDER, "company": shop.ledger.company, "customer": link})
    assert made.json["customer"]["id"] == shop.ledger.customer


def test_every_problem_is_told_at_once_with_its_place(api: Program, shop: Any) -> None:
    lines = [
        {"item": "A", "quantity": "1"},
        {"item": "NOPE", "quantity": "１"},
        {"item": "A", "price": 1.5, "colour": "red"},
    ]
    answer = api.post("sales-orders", {"company": shop.ledger.company, "order_date": "soon", "lines": lines})
    assert answer.status_code == 422
    assert set(problems(answer)) == {
        ("order_date", None, "not_a_date"),
        ("lines.2.quantity", 2, "not_a_number"),
        ("lines.3.price", 3, "not_a_number"),
        ("lines.3.colour", 3, "unknown_field"),
        ("lines.2.item", 2, "not_found"),
        ("customer", None, "required"),
    }


def test_an_unknown_company_is_not_a_missing_one(api: Program) -> None:
    assert problems(api.post("sales-orders", {**ORDER, "company": "NOPE"})) == [("company", None, "not_found")]


def test_a_code_that_exists_is_refused_at_its_field(api: Program, shop: Any) -> None:
    body = {"company": shop.ledger.company, "code": "C", "name": "Another"}
    answer = api.post("customers", body)
    assert (answer.status_code, problems(answer)) == (422, [("code", None, "duplicate")])


def test_lines_keep_their_identity_and_order_by_position(api: Program, shop: Any) -> None:
    made = api.post("sales-orders", {
        **ORDER, "company": shop.ledger.company,
        "lines": [{"description": name, "quantity": "1", "price": "1"} for name in ("one", "two", "three")],
    }).json  # fmt: skip
    one, two, three = made["lines"]
    assert [line["position"] for line in made["lines"]] == [1, 2, 3]
    path, tag = f"sales-orders/{made['id']}", f'"{made["version"]}"'
    sent = [{"id": two["id"], "quantity": "5"}, {"description": "four", "quantity": "1", "price": "1"}]
    changed = api.patch(path, {"lines": sent}, If_Match=tag).json
    assert [line["description"] for line in changed["lines"]] == ["one", "two", "three", "four"]
    assert [line["quantity"] for line in changed["lines"]] == ["1", "5", "1", "1"]
    assert [line["uid"] for line in changed["lines"]][:3] == [one["uid"], two["uid"], three["uid"]]
    moved = [{"id": three["id"], "position": 1}, {"id": one["id"], "_delete": True}, {"id": two["id"], "position": 2}]
    after = api.patch(path, {"lines": moved}, If_Match=f'"{changed["version"]}"').json
    assert [(line["position"], line["description"]) for line in after["lines"]] == [
        (1, "three"),
        (2, "two"),
        (3, "four"),
    ]


def test_an_answer_can_be_sent_back_as_it_is(api: Program, shop: Any) -> None:
    made = api.post("sales-orders", {**ORDER, "company": shop.ledger.company}).json
    again = api.patch(f"sales-orders/{made['id']}", made, If_Match='"1"')
    assert (again.status_code, again.json["version"]) == (200, 1)
    customer = api.get(f"customers/{shop.ledger.customer}")
    again = api.patch(f"customers/{shop.ledger.customer}", customer.json, If_Match=customer.headers["ETag"])
    assert (again.status_code, again.json["version"]) == (200, customer.json["version"])


@pytest.mark.parametrize(
    "wrong", [{"id": 999999}, {"id": "²"}, {"id": "x"}, {"id": [1]}, {"position": 0}, {"position": "x"}]
)
def test_a_line_of_another_document_or_place_is_refused(api: Program, shop: Any, wrong: dict[str, Any]) -> None:
    line = {"item": "A", "quantity": "1", **wrong}
    answer = api.post("sales-orders", {**ORDER, "company": shop.ledger.company, "lines": [line]})
    assert answer.status_code == 422
    assert [(field, line) for field, line, _code in problems(answer)] == [(f"lines.1.{next(iter(wrong))}", 1)]


def test_a_change_says_which_version_it_was_made_on(api: Program, shop: Any) -> None:
    path = f"sales-orders/{api.post('sales-orders', {**ORDER, 'company': shop.ledger.company}).json['id']}"
    change = {"note": "hello"}
    assert api.patch(path, change).status_code == 428
    assert api.patch(path, change, If_Match='"7"').status_code == 412
    assert api.patch(path, change, If_Match="soon").status_code == 400
    assert api.patch(path, change, If_Match="²").status_code == 400
    done = api.patch(path, change, If_Match='"1"')
    assert (done.status_code, done.json["version"], done.headers["ETag"]) == (200, 2, '"2"')
    assert api.post(f"{path}/submission", If_Match='"1"').status_code == 412
    assert api.delete(path, If_Match='"1"').status_code == 412
    assert api.post(f"{path}/submission", If_Match='"2"').status_code == 200


def test_drafts_are_deleted_and_nothing_else(api: Program, shop: Any) -> None:
    draft = api.post("sales-orders", {**ORDER, "company": shop.ledger.company}).json["id"]
    assert api.delete(f"sales-orders/{draft}").status_code == 204
    assert api.get(f"sales-orders/{draft}").status_code == 404
    submitted = api.post("sales-orders?submit=1", {**ORDER, "company": shop.ledger.company}).json["id"]
    assert api.delete(f"sales-orders/{submitted}").status_code == 409
    assert api.delete(f"customers/{shop.ledger.customer}").status_code == 409
    fresh = api.post("customers", {"company": shop.ledger.company, "code": "N", "name": "New"}).json["id"]
    assert api.delete(f"customers/{fresh}").status_code == 204


def test_masters_are_archived_and_restored_and_never_submitted(api: Program, shop: Any) -> None:
    path = f"customers/{shop.ledger.customer}"
    assert api.post(f"{path}/archival").json["state"] == "archived"
    refused = api.post("sales-orders", {**ORDER, "company": shop.ledger.company})
    assert problems(refused) == [("customer", None, "not_found")]
    assert api.post(f"{path}/restoration").json["state"] == "active"
    assert api.post(f"{path}/submission").status_code == 404
    assert api.post("customers?submit=1", {"code": "N", "name": "New"}).status_code == 400


def test_what_is_asked_wrongly_is_told_exactly(api: Program, shop: Any) -> None:
    path = f"sales-orders/{api.post('sales-orders', {**ORDER, 'company': shop.ledger.company}).json['id']}"
    assert api.get(f"{path}/submission").status_code == 405
    assert api.get(f"{path}/submission").headers["Allow"] == "POST"
    assert api.get(f"{path}/stock-ledger").status_code == 404
    assert api.post(f"{path}/explosion").status_code == 404
    assert api.get("unicorns").status_code == 404
    assert api.get("sales-orders/99999999").status_code == 404
    assert api.get(f"sales-orders/{10**30}").status_code == 404
    text = api.client.post(
        "/api/v1/sales-orders", data="x=1", headers={"Authorization": f"Bearer {api.token}"}, content_type="text/plain"
    )
    assert (text.status_code, text.mimetype) == (415, "application/problem+json")
