"""Lists are kept while nothing changed, and never show anybody what is no longer so, or not his."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from erp.kernel.change import find, save
from erp.kernel.rights import commands, tokens
from erp.kernel.text import in_language
from erp.parties.customer import Customer
from tests.selling.asking import Ask, counted, invoice_of
from tests.selling.shop import Shop

PAGE, API, TOTALS = (
    "/sales-invoices",
    "/api/v1/sales-invoices?fields=number,customer,status,total",
    "/sales-invoices/totals",
)
WAYS = [PAGE, API, TOTALS]


def post(ask: Ask, shop: Shop, lines: int = 1) -> Any:
    return ask("POST", "/api/v1/sales-invoices?submit=1", 201, json=invoice_of(shop, lines)).json


@pytest.mark.parametrize("path", WAYS)
def test_what_did_not_change_is_not_read_again(ask: Ask, shop: Shop, path: str) -> None:
    post(ask, shop)
    first = ask("GET", path, 200).text
    with counted() as sent:
        assert ask("GET", path, 200).text.split("csrf")[0] == first.split("csrf")[0]
    assert not [one for one in sent if "FROM sales_invoice" in one]


def test_a_long_page_of_a_program_is_not_kept(ask: Ask, shop: Shop) -> None:
    post(ask, shop)
    ask("GET", API + "&limit=101", 200)
    with counted() as sent:
        ask("GET", API + "&limit=101", 200)
    assert [one for one in sent if "FROM sales_invoice" in one]


def test_a_new_invoice_is_in_the_list_and_in_its_totals_at_once(ask: Ask, shop: Shop) -> None:
    post(ask, shop)
    before = [ask("GET", path, 200).text for path in WAYS]
    number = post(ask, shop, 3)["number"]
    page, listed, totals = (ask("GET", path, 200).text for path in WAYS)
    assert number in page
    assert number in listed
    assert totals != before[2]


def test_a_payment_turns_the_status_of_the_row(ask: Ask, shop: Shop) -> None:
    invoice = post(ask, shop)
    assert ask("GET", API, 200).json["data"][0]["status"] in {"unpaid", "overdue"}
    ask("GET", PAGE, 200)
    shop.ledger.payment(invoice["outstanding"], {"voucher": {"kind": "sales_invoice", "id": invoice["id"]}})
    shop.work.session.commit()
    assert ask("GET", API, 200).json["data"][0]["status"] == "paid"
    assert 'p-4" data-g' in ask("GET", PAGE, 200).text or "Paid" in ask("GET", PAGE, 200).text


@pytest.mark.parametrize("path", [PAGE, API])
def test_a_customer_who_is_renamed_is_renamed_in_the_list(ask: Ask, shop: Shop, path: str) -> None:
    post(ask, shop)
    ask("GET", path, 200)
    save(shop.work, Customer, {"name": "Renamed & Sons"}, find(shop.work, Customer, shop.ledger.customer))
    shop.work.session.commit()
    assert "Renamed" in ask("GET", path, 200).text


def test_a_statement_past_the_objects_counts_as_a_change_too(ask: Ask, shop: Shop) -> None:
    post(ask, shop)
    ask("GET", API, 200)
    shop.work.session.execute(Customer.__table__.update().values(name="Bulk"))
    shop.work.session.commit()
    assert ask("GET", API, 200).json["data"][0]["customer"]["label"] == "Bulk"


def test_what_one_reader_was_shown_is_nobody_elses(ask: Ask, shop: Shop) -> None:
    number = post(ask, shop)["number"]
    assert number in ask("GET", API, 200).text
    work = shop.work
    other = commands.add_user(work, "eve", "Eve", roles=["sales"], companies=[])
    token, _row = tokens.make_token(work.session, other.id, ["all"], now=work.now, life=timedelta(days=1))
    work.session.commit()
    seen = ask("GET", API, 200, headers={"Authorization": f"Bearer {token}"})
    assert number not in seen.text


def test_each_reader_reads_his_own_language(ask: Ask, shop: Shop) -> None:
    post(ask, shop)
    english = ask("GET", PAGE, 200).text
    shop.work.session.execute(text("UPDATE user SET language = 'ja' WHERE login = 'ada'"))
    shop.work.session.commit()
    with in_language("ja"):
        japanese = ask("GET", PAGE, 200).text
    assert "Select" in english
    assert "を選択" in japanese


def test_asked_fields_are_those_of_the_whole_answer(ask: Ask, shop: Shop) -> None:
    post(ask, shop)
    for collection in ("sales-invoices", "customers", "items", "companies", "accounts"):
        (whole, *_more) = ask("GET", f"/api/v1/{collection}", 200).json["data"]
        for name in [key for key in whole if key not in {"links", "uid", "kind", "custom"} | set(LINES)]:
            (asked, *_rest) = ask("GET", f"/api/v1/{collection}?fields={name}", 200).json["data"]
            assert asked[name] == whole[name], f"{collection} {name}"


LINES = ("lines", "taxes", "instalments", "addresses", "contacts", "units", "branches")
