"""A hidden field is nowhere, a read-only one changes nowhere: the same answer on every surface."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from erp.kernel.change import Work, find, save
from erp.kernel.paper.exports import TYPES
from erp.kernel.paper.prints import make, wanted
from erp.kernel.rights import commands
from erp.kernel.rights.tables import Role
from erp.parties.customer import Customer
from tests.kernel.house import Browser, House, Program, open_house

LIMIT, READING = "4711.25", "ヒミツノヨミ"
SECRETS = ("credit_limit", "Credit limit", "4711", "4,711", READING, "kana")
CLERK = ["read", "create", "update", "delete", "archive", "print", "export", "import", "comment", "attach"]


@pytest.fixture
def house(app: Flask, committed: None) -> House:
    """A customer with a credit limit and a reading; clerks see neither."""
    house = open_house(app)

    def rights(work: Work) -> None:
        role = commands.add_role(work, "clerk", "Clerk")
        for verb in CLERK:
            commands.set_right(work, role, "customer", verb, "all")
        for name in ("credit_limit", "kana"):
            commands.set_field_right(work, role, "customer", name, "hidden")
        customer = work.session.scalars(select(Customer)).one()
        save(work, Customer, {"credit_limit": LIMIT, "kana": READING}, find(work, Customer, customer.id))

    house.does(rights)
    return house


@pytest.fixture
def clerk(house: House) -> Browser:
    return house.browser("carl", "clerk")


@pytest.fixture
def program(house: House, clerk: Browser) -> Program:
    return house.program("carla", "clerk")


def customer_of(house: House) -> int:
    return int(house.value("SELECT id FROM customer"))


def told(text: str) -> list[str]:
    """Return which secrets a text tells."""
    plain = re.sub(r'content="[^"]*"|value="[\w-]{60,}"|csrf[^"]*"[^"]*"', "", text)
    return [secret for secret in SECRETS if secret in plain]


PAGES = (
    "/customers", "/customers?q=C", "/customers/new", "/customers/{id}", "/customers/{id}/row", "/customers/totals",
    "/customers/{id}/print", "/customers/{id}/print/sheet", "/customers/import", "/customers/import/columns.csv",
    "/customers/export?format=csv", "/customers/export?format=csv&labels=1", "/search?q=C", "/palette?q=C",
)  # fmt: skip
API = (
    "customers", "customers/{id}", "customers?fields=code,name", "kinds/customers", "openapi.json", "search?q=C",
    "customers/export?format=csv",
)  # fmt: skip


def test_no_page_names_it_or_its_value(house: House, clerk: Browser) -> None:
    root, number = house.browser("root"), customer_of(house)
    for path in PAGES:
        answer = clerk.get(path.format(id=number))
        if answer.status_code == 404:
            assert root.get(path.format(id=number)).status_code == 404, path
            continue
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert told(answer.text) == [], path
    assert len(told(root.get(f"/customers/{number}").text)) >= 4, "who may see it sees it"


def test_no_answer_of_the_api_names_it_or_its_value(house: House, program: Program) -> None:
    for path in API:
        answer = program.get(path.format(id=customer_of(house)))
        assert answer.status_code == 200, path
        assert told(answer.text.replace('"kana"', "") if path == "openapi.json" else answer.text) == [], path
    schema = program.get("openapi.json").get_json()["components"]["schemas"]["Customer"]["properties"]
    assert {"credit_limit", "kana"}.isdisjoint(schema)


def test_nobody_asks_about_it_by_filter_sort_or_column(house: House, clerk: Browser, program: Program) -> None:
    for question in ("credit_limit=4711.25", "credit_limit__gte=1", "kana__like=ヒ", "sort=credit_limit", "sort=-kana"):
        known = clerk.get("/customers?colour=red").status_code
        assert clerk.get(f"/customers?{question}").status_code == known == 400, question
        assert program.get(f"customers?{question}").status_code == 400, question
        assert program.get(f"customers/export?{question}").status_code == 400, question
    assert program.get("customers?fields=credit_limit").status_code == 400
    assert program.get("customers/export?columns=credit_limit").status_code in {400, 422}


def test_nobody_finds_a_record_by_it(house: House, clerk: Browser, program: Program) -> None:
    root = house.browser("root")
    assert "/customers/" in root.get(f"/palette?q={READING}").text
    assert "/customers/" not in clerk.get(f"/palette?q={READING}").text
    assert program.get(f"search?q={READING}").get_json()["data"] == []
    assert program.get(f"customers?q={READING}").get_json()["data"] == []
    assert len(program.get("customers?q=Customer").get_json()["data"]) == 1


def test_it_is_not_written_by_form_api_batch_or_import(house: House, clerk: Browser, program: Program) -> None:
    path = f"customers/{customer_of(house)}"
    version = clerk.version(f"/{path}")
    sent = program.ask("PATCH", path, {"credit_limit": "1"}, If_Match=f'"{version}"')
    assert (sent.status_code, sent.get_json()["errors"][0]["code"]) == (422, "unknown_field")
    assert program.post("customers", {"code": "X", "name": "X", "kana": "x"}).status_code == 422
    batch = program.post("customers/batch", {"documents": [{"code": "Y", "name": "Y", "credit_limit": "1"}]}).get_json()
    assert [one["status"] for one in batch["results"]] == [422]
    form = {"_form": "customer", "version": version, "code": "C", "name": "Renamed", "credit_limit": "1", "kana": "x"}
    assert clerk.post(f"/{path}", form).status_code == 303
    assert house.value("SELECT CONCAT(name, ' ', credit_limit + 0, ' ', kana) FROM customer WHERE code = 'C'") == (
        f"Renamed {LIMIT}0000 {READING}"
    )
    file = (io.BytesIO(b"code,name,credit_limit\nC,Again,1\n"), "customers.csv")
    clerk.client.post("/customers/import", data={"file": file, "mode": "upsert"}, headers=proof(clerk))
    from erp.kernel.work.run import run_task

    run_task(int(house.value("SELECT MAX(id) FROM task WHERE name = 'import.check'")))
    result = house.value(
        "SELECT CONCAT(COALESCE(result, ''), COALESCE(error, '')) FROM task WHERE name = 'import.check'"
    )
    assert "credit_limit" in result, "the file's own heading is told as one that means nothing"
    assert LIMIT not in result
    assert float(house.value("SELECT credit_limit FROM customer WHERE code = 'C'")) == float(LIMIT)


def proof(browser: Browser) -> dict[str, str]:
    from erp.kernel.rights.csrf import masked

    return {"X-CSRF-Token": masked(browser.secret)}


def test_a_conflict_and_the_history_do_not_name_it(house: House, clerk: Browser) -> None:
    path = f"/customers/{customer_of(house)}"
    root, version = house.browser("root"), clerk.version(path)
    root.post(path, {"_form": "customer", "version": version, "code": "C", "name": "Theirs", "credit_limit": "7"})
    stale = clerk.post(path, {"_form": "customer", "version": version, "code": "C", "name": "Mine"})
    assert stale.status_code == 409
    assert "Theirs" in stale.text
    assert told(stale.text) == []
    timeline = clerk.get(path).text.partition('id="timeline"')[2]
    assert "created this" in timeline
    assert told(timeline) == []
    assert "Credit limit" in root.get(path).text.partition('id="timeline"')[2]


def test_what_is_typed_about_it_is_not_echoed(house: House, clerk: Browser) -> None:
    answer = clerk.post(f"/customers/{customer_of(house)}/buffer", {"name": "N", "credit_limit": "x"})
    assert answer.status_code == 200
    assert told(answer.text) == []


def test_a_paper_shows_what_its_reader_may_see_whoever_made_one_before(house: House) -> None:
    number = customer_of(house)

    def printed(user: int, key: list[str]) -> Callable[[Work], int]:
        def act(work: Work) -> int:
            what = wanted(work, find(work, Customer, number), "standard", "en")
            key.append(what.key)
            return int(make(work, **what.args(user))["file"])

        return act

    root, carl = house.user("root", "administrator"), house.user("carl2", "clerk")
    full: list[str] = []
    narrow: list[str] = []
    whole, part = house.does(printed(root, full), root), house.does(printed(carl, narrow), carl)
    assert full != narrow
    assert whole != part
    assert house.sign_in(carl).get(f"/files/{part}").status_code == 200
    assert house.sign_in(carl).get(f"/files/{whole}").status_code == 404
    assert house.sign_in(root).get(f"/files/{part}").status_code == 200


def test_a_field_that_one_may_only_read_is_shown_and_never_changed(
    house: House, program: Program, clerk: Browser
) -> None:
    def relax(work: Work) -> None:
        role = work.session.scalars(select(Role).where(Role.code == "clerk")).one()
        commands.set_field_right(work, role, "customer", "credit_limit", "read")

    house.does(relax)
    path = f"customers/{customer_of(house)}"
    page = clerk.get(f"/{path}").text
    control = page[page.index('id="f-credit_limit"') - 20 :][:300]
    assert "readonly" in control
    assert "4,711.25" in control
    body = program.get(path)
    assert body.get_json()["credit_limit"] == LIMIT
    etag = body.headers["ETag"]
    same = program.ask("PATCH", path, {"credit_limit": LIMIT}, If_Match=etag)
    assert same.status_code == 200
    other = program.ask("PATCH", path, {"credit_limit": "1"}, If_Match=etag)
    assert (other.status_code, other.get_json()["code"]) == (403, "not_allowed")
    assert program.get("customers?credit_limit__gte=1").status_code == 200


def test_every_form_of_export_is_narrow(house: House, program: Program) -> None:
    root = house.program("rita")
    for form in TYPES:
        raw: Any = program.get(f"customers/export?format={form}")
        full = root.get(f"customers/export?format={form}")
        assert (raw.status_code, full.status_code) == (200, 200)
        assert len(cells(full.data, form)) - len(cells(raw.data, form)) == 2, form


def cells(raw: bytes, form: str) -> list[str]:
    """Return the headings of a file."""
    if form == "csv":
        return raw.decode("utf-8-sig").splitlines()[0].split(",")
    from openpyxl import load_workbook

    return [str(cell.value) for cell in next(load_workbook(io.BytesIO(raw)).active.iter_rows())]
