"""Bad input: each is refused with a clear message in both languages, and nothing that was typed is lost."""

import html
from typing import Any

import pytest
from sqlalchemy import text

from erp.accounts.journal_entry.model import JournalEntry
from erp.company.company import Company
from erp.kernel.change import Work, find, save
from erp.selling.sales_order.model import SalesOrder
from tests.kernel.house import Browser, House, Program

TYPED = {
    "_form": "sales_order",
    "idempotency_key": "k",
    "customer": "C",
    "lines.n1.item": "A",
    "lines.n1.quantity": "1",
}
BILLION = "1" + "0" * 30

FORMS: list[tuple[str, dict[str, str], str, str, str]] = [
    ("customer", {"customer": "NOBODY"}, "/sales-orders", "No such record: NOBODY.", "その記録はありません：NOBODY。"),
    ("lines.n1.quantity", {"lines.n1.quantity": "-2"}, "/sales-orders/submission",
     "Enter a quantity above zero. To give something back, make a credit note.", "0より大きい数量を入れてください。"),
    ("lines.n1.quantity", {"lines.n1.quantity": "1.1234567"}, "/sales-orders",
     "At most 6 decimal places are kept; nothing is rounded for you.", "小数は6桁までです。自動では丸めません。"),
    ("lines.n1.quantity", {"lines.n1.quantity": BILLION}, "/sales-orders", "This number is too large.", "数が大きすぎます。"),
    ("lines.n1.quantity", {"lines.n1.quantity": "many"}, "/sales-orders",
     "Enter a number, such as 12.50.", "12.50 のような数を入れてください。"),
    ("order_date", {"order_date": "2026-02-30"}, "/sales-orders",
     "Enter a date, such as 2026-06-18.", "2026-06-18 のような日付を入れてください。"),
]  # fmt: skip


@pytest.fixture
def ben(house: House) -> Browser:
    return house.browser("ben")


@pytest.fixture
def hana(house: House) -> Browser:
    return house.browser("hana", language="ja")


@pytest.fixture
def ada(house: House) -> Program:
    return house.program("ada")


@pytest.mark.parametrize(
    ("field", "typed", "path", "english", "japanese"),
    FORMS,
    ids=[row[3] for row in FORMS],
)
def test_a_form_says_what_to_fix_and_keeps_what_was_typed(
    house: House, ben: Browser, hana: Browser, field: str, typed: dict[str, str], path: str, english: str, japanese: str
) -> None:
    for browser, message in ((ben, english), (hana, japanese)):
        answer = browser.post(path, {**TYPED, "customer_reference": "keep me", **typed})
        page = html.unescape(answer.text)
        assert answer.status_code == 422
        assert message in page
        note = page[page.index(f'id="e-{field.replace(".", "-")}"') :][:400]
        assert message in note, "the message stands at its field"
        for name, value in {**TYPED, "customer_reference": "keep me", **typed}.items():
            if name not in {"_form", "idempotency_key"}:
                assert f'name="{name}" value="{value}"' in page, name
    assert house.value("SELECT COUNT(*) FROM sales_order") == 0
    assert house.value("SELECT COUNT(*) FROM issued_number") == 0


def test_full_width_digits_and_local_commas_are_understood_in_forms(house: House, hana: Browser) -> None:
    typed = {
        **TYPED,
        "customer": "Ｃ",
        "lines.n1.quantity": "１２．５",
        "lines.n1.price": "１，２３４．５０",
        "order_date": "２０２６年６月１８日",
    }
    answer = hana.post("/sales-orders", typed)
    assert answer.status_code == 303, answer.text
    row = house.value("SELECT CONCAT(quantity + 0, ' ', price + 0) FROM sales_order_line")
    assert row == "12.500000 1234.50000000"
    assert str(house.value("SELECT order_date FROM sales_order")) == "2026-06-18"


def speak_japanese(house: House, login: str) -> None:
    change = text("UPDATE user SET language = 'ja' WHERE login = :login")
    house.does(lambda work: work.session.execute(change, {"login": login}))


API: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"customer": {"code": "NOBODY"}}, {}, "customer", "not_found"),
    ({"customer": 987654321}, {}, "customer", "not_found"),
    ({}, {"quantity": "１２"}, "lines.1.quantity", "not_a_number"),
    ({}, {"quantity": "1,5"}, "lines.1.quantity", "not_a_number"),
    ({}, {"quantity": 1.5}, "lines.1.quantity", "not_a_number"),
    ({}, {"quantity": "1.1234567"}, "lines.1.quantity", "too_precise"),
    ({}, {"quantity": BILLION}, "lines.1.quantity", "too_large"),
    ({}, {"quantity": "1e30"}, "lines.1.quantity", "not_a_number"),
    ({}, {"quantity": "NaN"}, "lines.1.quantity", "not_a_number"),
    ({}, {"quantity": "-2"}, "lines.1.quantity", "negative"),
    ({"order_date": "２０２６-０６-１８"}, {}, "order_date", "not_a_date"),
    ({"order_date": "18.06.2026"}, {}, "order_date", "not_a_date"),
    ({"colour": "red"}, {}, "colour", "unknown_field"),
]


@pytest.mark.parametrize(("head", "line", "field", "code"), API, ids=[f"{row[2]}:{row[3]}" for row in API])
def test_the_api_refuses_it_by_field_and_code(
    house: House, ada: Program, head: dict[str, Any], line: dict[str, Any], field: str, code: str
) -> None:
    body = {**house.order("1"), **head}
    body["lines"] = [{**body["lines"][0], **line}]
    answer = ada.post("sales-orders?submit=1", body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    errors = answer.get_json()["errors"]
    assert [(one["field"], one["code"]) for one in errors] == [(field, code)]
    assert errors[0]["line"] == (1 if field.startswith("lines.") else None)
    assert errors[0]["message"]
    assert house.value("SELECT COUNT(*) FROM sales_order") == 0


def test_all_that_is_wrong_is_told_at_once(house: House, ada: Program) -> None:
    body = {**house.order("x", "1.1234567"), "customer": {"code": "NOBODY"}, "order_date": "soon", "colour": "red"}
    told = {(one["field"], one["code"]) for one in ada.post("sales-orders", body).get_json()["errors"]}
    assert told == {
        ("customer", "not_found"), ("order_date", "not_a_date"), ("colour", "unknown_field"),
        ("lines.1.quantity", "not_a_number"), ("lines.2.quantity", "too_precise"),
    }  # fmt: skip


def test_the_api_speaks_the_language_of_the_tokens_user(house: House) -> None:
    hana = house.program("hana")
    house.does(
        lambda work: work.session.connection().exec_driver_sql("UPDATE user SET language = 'ja' WHERE login = 'hana'")
    )
    answer = hana.post("sales-orders", {**house.order(), "customer": {"code": "NOBODY"}}).get_json()
    assert answer["errors"][0]["message"] == "その記録はありません：NOBODY。"


def test_a_date_in_a_closed_year_is_refused_at_submit_and_the_draft_stays(
    house: House, ben: Browser, hana: Browser
) -> None:
    def close(work: Work) -> int:
        save(work, Company, {"books_closed_until": "2025-12-31"}, find(work, Company, house.company))
        lines = [{"account": "1100", "debit": "1"}, {"account": "4100", "credit": "1"}]
        return int(save(work, JournalEntry, {"company": house.company, "date": "2025-12-31", "lines": lines}).id)

    path = f"/journal-entries/{house.does(close)}"
    for browser, message in ((ben, "The books are closed until 2025-12-31. Choose a later date."),
                             (hana, "帳簿は2025-12-31まで締められています。")):  # fmt: skip
        answer = browser.post(f"{path}/submission", {"version": browser.version(path)})
        assert answer.status_code == 422
        assert message in html.unescape(answer.text)
    assert house.value("SELECT state FROM journal_entry") == "draft"
    assert house.value("SELECT COUNT(*) FROM ledger_entry") == 0


def test_a_token_without_the_scope_is_told_so_and_changes_nothing(house: House) -> None:
    narrow = house.program("nora", scopes=("sales-orders:read",))
    answer = narrow.post("sales-orders", house.order())
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_allowed")
    assert answer.get_json()["detail"] == "The token lacks the scope for this. Nothing was changed."
    assert narrow.get("sales-orders").status_code == 200
    assert narrow.get("customers").status_code == 403
    assert house.value("SELECT COUNT(*) FROM sales_order") == 0
    house.does(
        lambda work: work.session.connection().exec_driver_sql("UPDATE user SET language = 'ja' WHERE login = 'nora'")
    )
    assert (
        narrow.post("sales-orders", house.order()).get_json()["detail"]
        == "トークンにこの権限がありません。何も変わっていません。"
    )


def test_a_refused_submission_of_a_saved_draft_keeps_the_draft_and_what_was_typed(
    house: House, ada: Program, ben: Browser
) -> None:
    draft = ada.post("sales-orders", house.order("1")).get_json()
    line = draft["lines"][0]["id"]
    form = {
        "_form": "sales_order",
        "version": "1",
        "customer": "C",
        f"lines.{line}.item": "A",
        f"lines.{line}.quantity": "-9",
    }
    answer = ben.post(f"/sales-orders/{draft['id']}/submission", form)
    assert answer.status_code == 422
    assert f'name="lines.{line}.quantity" value="-9"' in answer.text
    assert ada.get(f"sales-orders/{draft['id']}").get_json()["lines"][0]["quantity"] == "1"


def test_what_is_typed_survives_reload_the_end_of_the_session_and_another_browser(house: House, ben: Browser) -> None:
    typed = {
        **TYPED,
        "customer": "half a na",
        "customer_reference": "PO 77",
        "lines.n1.quantity": "abc",
        "lines.n2.item": "F",
    }
    assert ben.post("/sales-orders/new/buffer", typed).status_code == 200
    ben.post("/logout")
    assert ben.get("/sales-orders/new").status_code == 303
    page = house.sign_in(ben.user).get("/sales-orders/new").text
    assert "Not saved since" in page
    for name, value in typed.items():
        if not name.startswith("_") and name != "idempotency_key":
            assert f'name="{name}" value="{value}"' in page, name
    other = house.browser("other").get("/sales-orders/new").text
    assert "half a na" not in other, "what is typed is one's own"


def test_what_is_typed_is_forgotten_when_it_is_saved_or_let_go(house: House, ben: Browser) -> None:
    kept = {name: value for name, value in TYPED.items() if name != "idempotency_key"}
    ben.post("/sales-orders/new/buffer", kept)
    assert ben.post("/sales-orders", TYPED).status_code == 303
    assert "Not saved since" not in ben.get("/sales-orders/new").text
    ben.post("/sales-orders/new/buffer", kept)
    assert ben.post("/sales-orders/new/discard").status_code == 303
    assert house.value("SELECT COUNT(*) FROM typing_buffer") == 0


def test_signing_in_after_the_session_ended_leads_back_to_the_form(house: House, ben: Browser) -> None:
    ben.post("/logout")
    lost = ben.client.post(
        "/sales-orders", data=TYPED, headers={"Referer": "http://localhost/sales-orders/new?customer=1"}
    )
    assert (lost.status_code, lost.headers["Location"]) == (303, "/login?next=/sales-orders/new?customer%3D1")
    elsewhere = ben.client.post("/sales-orders", data=TYPED, headers={"Referer": "http://evil.example/x"})
    assert elsewhere.headers["Location"] == "/login"


def test_a_draft_that_is_not_whole_may_be_saved(house: House) -> None:
    made = house.does(
        lambda work: save(work, SalesOrder, {"company": house.company, "customer": {"code": "C"}, "lines": []})
    )
    assert made.state == "draft"
