"""Whatever a program sends for a field, it is told what is wrong: never a fault of ours, never a traceback."""

from typing import Any

import pytest

from erp.kernel.change.described import described
from erp.kernel.change.work import reading
from erp.kernel.records import all_kinds
from erp.kernel.rights import system_actor
from tests.kernel.api.conftest import Program

VALUES: tuple[Any, ...] = (
    -1, "１", "9999-12-31", True, [1], [{}], {"id": "²"}, "a\x00", [{"tax": "V19"}], {"on": "net", "percent": "x"},
)  # fmt: skip
GOOD = {
    "customer": "C", "supplier": "S", "order_date": "2026-03-01", "posting_date": "2026-03-01", "date": "2026-03-01",
    "code": "N", "name": "New", "login": "new", "unit": "pc", "account": "1110", "amount": "5", "direction": "receive",
}  # fmt: skip
KINDS = {"customer", "item", "tax", "sales_order", "purchase_invoice", "payment", "journal_entry"}
LINES = {"lines": [{"description": "x", "quantity": "1", "price": "1"}]}


def whole(kind: str, names: set[str], company: int) -> dict[str, Any]:
    """Return a body that says what can be said rightly."""
    body = {name: value for name, value in GOOD.items() if name in names} | {"company": company}
    return body if "lines" not in names or kind == "journal_entry" else body | LINES


@pytest.mark.slow
def test_no_value_of_any_field_breaks_a_request(api: Program, shop: Any) -> None:
    wrong = []
    for kind in [one for one in all_kinds() if one.__kind__ in KINDS]:
        with reading(system_actor("test")) as work:
            seen = described(work, kind.__kind__, "api")
        base = whole(kind.__kind__, {info.name for info in seen.fields} | set(seen.lines), shop.ledger.company)
        for info in [one for one in seen.fields if not one.readonly]:
            bodies = [{**base, info.name: value} for value in VALUES]
            wrong += [(kind.__kind__, info.name, body[info.name]) for body in bodies if broken(api, kind, body)]
        for name, line in seen.lines.items():
            for info in [one for one in line.fields if not one.readonly]:
                first = (base.get(name) or [{}])[0]
                bodies = [{**base, name: [{**first, info.name: value}]} for value in VALUES]
                wrong += [
                    (kind.__kind__, name, info.name, body[name][0][info.name])
                    for body in bodies
                    if broken(api, kind, body)
                ]
    assert wrong == []


def broken(api: Program, kind: Any, body: dict[str, Any]) -> bool:
    """Return whether a request was answered by anything but a document or problem details."""
    api.client.application.testing = False
    try:
        answer = api.post(kind.__collection__, body)
    finally:
        api.client.application.testing = True
    return answer.status_code >= 500 or answer.mimetype != (
        "application/json" if answer.status_code < 400 else "application/problem+json"
    )


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"5", b'"x"', b"null", b"\xff\xfe", b'{"a":' * 5000, b'{"customer": "\\ud800"}', b'{"note": NaN}',
     b'{"total": 1e999}', b'{"a": 1, "a": 2}', b"9" * 5000],
)  # fmt: skip
def test_no_body_breaks_a_request(api: Program, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}
    answer = api.client.post("/api/v1/sales-orders", data=raw, headers=headers, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.mimetype == "application/problem+json"
