"""The ``type`` of every problem leads to a place that says what it means."""

import re

import pytest
from flask import Flask

from erp.kernel.web.error_pages import listed
from tests.kernel.house import House


def places(page: str) -> list[str]:
    return re.findall(r'<code id="([a-z_]+)">', page)


def test_every_code_has_one_place_also_for_who_is_not_signed_in(app: Flask):
    app.extensions["has company"] = True
    page = app.test_client().get("/docs/errors").text
    codes = {code for _heading, rows in listed() for row in rows for code in row.codes}
    assert len(codes) > 80
    assert sorted(places(page)) == sorted(codes)
    assert "somebody saved a newer version" in page


def test_it_is_read_in_japanese(app: Flask):
    app.extensions["has company"] = True
    client = app.test_client()
    page = client.get("/docs/errors?lang=ja", headers={"Accept-Language": "ja"}).text
    assert "ほかの人が新しい版を保存しました" in page
    assert "somebody saved a newer version" not in page


def test_the_type_of_a_problem_resolves(house: House):
    program = house.program()
    draft = program.post("sales-orders", house.order("1")).get_json()
    refused = [
        program.get("customers?nothing=1"), program.get("customers/999999"), program.post("sales-orders", {"lines": []}),
        program.ask("PATCH", f"sales-orders/{draft['id']}", {"note": "x"}),
        program.ask("PATCH", f"sales-orders/{draft['id']}", {"note": "x"}, If_Match='"99"'),
        program.ask("PUT", "customers"), program.app.test_client().get("/api/v1/customers"),
    ]  # fmt: skip
    assert [one.status_code for one in refused] == [400, 404, 422, 428, 412, 405, 401]
    page = house.browser().get("/docs/errors").text
    for one in refused:
        url, _hash, place = one.get_json()["type"].partition("#")
        assert (url, place in places(page)) == ("/docs/errors", True), one.text
        assert {each["code"] for each in one.get_json()["errors"]} <= set(places(page))


@pytest.mark.parametrize("text", ["`errors`", "<b>"])
def test_code_stays_code_and_text_is_escaped(app: Flask, text: str):
    from erp.kernel.web.error_pages import in_words

    assert in_words(f"see {text}") in {"see <code>errors</code>", "see &lt;b&gt;"}
