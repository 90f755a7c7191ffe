"""The OpenAPI document: well-formed, complete, and true - every documented operation answers as documented."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from erp.kernel.change import Work
from erp.kernel.records import kind_of
from erp.kernel.rights import commands
from erp.kernel.rights.seed import seed_rights
from tests.access.makers import Made, make_all
from tests.kernel.api.conftest import Program
from tests.kernel.api.test_verbs import an_order

METHODS = ("get", "post", "patch", "delete", "put")
ROOT = "urn:document"
NOT_DESCRIBED = {"/api/v1/openapi.json"}


@pytest.fixture
def made(work: Work) -> Made:
    """One record of every kind."""
    seed_rights(work.session)
    return make_all(work.session, commands.add_user(work, "somebody", "Somebody", roles=[]).id)


@pytest.fixture
def document(made: Made, api: Program) -> dict[str, Any]:
    found: dict[str, Any] = api.get("openapi.json").json  # type: ignore[assignment]
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield (
                    path,
                    method,
                    {**item[method], "parameters": item.get("parameters", []) + item[method].get("parameters", [])},
                )


def refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for one in value.values():
            yield from refs(one)
    elif isinstance(value, list):
        for one in value:
            yield from refs(one)


def test_it_is_well_formed(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert {"title", "version"} <= set(document["info"])
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(refs(document)) <= names
    ids = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(ids) == len(set(ids)) > 200
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        in_path = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path)), where
        assert operation["summary"], where
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[2-5]\d\d", status), where
            assert response["description"], where
            for content in response.get("content", {}).values():
                Draft202012Validator.check_schema(content["schema"])


def test_it_leaves_out_no_route(app: Flask, document: dict[str, Any]) -> None:
    described = {(re.sub(r"{\w+}", "{}", path), method) for path, method, _operation in operations(document)}
    missing = []
    for rule in app.url_map.iter_rules():
        if (
            not rule.rule.startswith("/api/v1/")
            or rule.rule in NOT_DESCRIBED
            or rule.endpoint in {"rest.do_verb", "rest.read_verb"}
        ):
            continue
        path = rule.rule.replace("<name>", "trial-balance").replace("<any(csv, xlsx, pdf):form>", "csv")
        if not path.endswith("/export") and "kinds" not in path:
            path = path.replace("<collection>", "sales-invoices")
        path = re.sub(r"<[^>]+>", "{}", path)
        missing += [
            (path, m)
            for m in rule.methods or ()
            if m in {"GET", "POST", "PATCH", "DELETE"} and (path, m.lower()) not in described
        ]
    assert missing == []


def test_it_says_only_what_the_reader_may_know(shop: Any, program_of: Any) -> None:
    clerk = program_of("clerk", ("stock",), company=shop.ledger.company)
    paths = set(clerk.get("openapi.json").json["paths"])
    assert "/api/v1/items" in paths
    assert not any("/journal-entries" in path or "trial-balance" in path for path in paths)


def test_real_documents_are_as_described(document: dict[str, Any], api: Program, shop: Any) -> None:
    order = api.post("sales-orders?submit=1", an_order(shop)).json
    invoice = api.post(f"sales-orders/{order['id']}/invoice").json
    payment = {"company": shop.ledger.company, "customer": "C", "date": "2026-03-01", "account": "1110", "amount": "1"}
    shown = {
        "SalesOrder": order, "SalesInvoice": invoice, "Payment": api.post("payments", payment).json,
        "Customer": api.get(f"customers/{shop.ledger.customer}").json, "Item": api.get(f"items/{api.rows('items?code=A')[0]['id']}").json,
    }  # fmt: skip
    for name, body in shown.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        assert [error.message for error in Draft202012Validator(schema).iter_errors(body)] == [], name
    sent = {"$ref": "#/components/schemas/SalesOrderNew", "components": document["components"]}
    assert Draft202012Validator(sent).is_valid(
        {k: v for k, v in order.items() if k in {"customer", "lines", "order_date"}}
    )
    assert not Draft202012Validator(sent).is_valid({**an_order(shop), "lines": [{"item": "A", "quantity": 1.5}]})


def sent_by(method: str, path: str) -> dict[str, Any]:
    """Return what a request of this operation sends: nothing that any rule would accept, except where it is simple."""
    if method in {"get", "delete"}:
        return {}
    if path.endswith("/files"):
        return {"data": {"file": (BytesIO(b"hello"), "hello.txt")}}
    if path.endswith("/comments"):
        return {"json": {"text": "hello"}}
    return {"json": {}}


def test_every_operation_answers_as_documented(document: dict[str, Any], made: Made, api: Program) -> None:
    registry: Any = Registry().with_resource(
        ROOT, Resource.from_contents({**document, "$schema": Draft202012Validator.META_SCHEMA["$id"]})
    )
    by_collection = {
        kind_of(name).__collection__: record_id for (name, place), record_id in made.items() if place == "A"
    }
    wrong, tried = [], set()
    for path, method, operation in sorted(operations(document), key=lambda one: one[1] == "delete"):
        collection = path.split("/")[3]
        url = path.replace("{id}", str(by_collection.get(collection, 1))).replace("{collection}", "customers")
        answer = api.client.open(
            url, method=method.upper(), headers={"Authorization": f"Bearer {api.token}"}, **sent_by(method, path)
        )
        tried.add(answer.status_code)
        response = operation["responses"].get(str(answer.status_code))
        content = (response or {}).get("content", {})
        if response is None or (content and answer.mimetype not in content and "*/*" not in content):
            wrong.append(f"{method} {url}: {answer.status_code} {answer.mimetype} {answer.text[:200]}")
        elif answer.is_json and content:
            place = (
                f"{ROOT}#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}/responses/{answer.status_code}"
            )
            kind = answer.mimetype.replace("/", "~1").replace("+", "%2B")
            validator = Draft202012Validator({"$ref": f"{place}/content/{kind}/schema"}, registry=registry)
            wrong += [f"{method} {url}: {e.json_path} {e.message[:200]}" for e in validator.iter_errors(answer.json)]
    assert wrong == []
    assert {200, 201, 204, 404, 409, 422, 428} <= tried
