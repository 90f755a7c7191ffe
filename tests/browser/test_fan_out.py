"""Lists follow the database: true counts of what is new, rows in place, and few fetches however much changes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE

SignedIn = Callable[..., Page]
SAVE = """async ([path, rounds, words]) => {
  const answer = await (await fetch(path)).text()
  let version = +new DOMParser().parseFromString(answer, "text/html").querySelector("[name=version]").value
  for (let n = 1; n <= rounds; n++) {
    const body = new URLSearchParams({ csrf_token: erp.csrf, version: version++, phone: words + n })
    await fetch(path, { method: "POST", body, redirect: "manual", headers: { "X-CSRF-Token": erp.csrf } })
  }
}"""
NEW = """async code => {
  const body = new URLSearchParams({ csrf_token: erp.csrf, code, name: "New " + code })
  await fetch("/customers", { method: "POST", body, redirect: "manual", headers: { "X-CSRF-Token": erp.csrf } })
}"""


BURST = """async count => {
  const ids = [...(await (await fetch("/customers?limit=50")).text()).matchAll(/id="r-(\\d+)"/g)].map(m => m[1]).slice(0, count)
  const version = text => +new DOMParser().parseFromString(text, "text/html").querySelector("[name=version]").value
  const known = await Promise.all(ids.map(async id => [id, version(await (await fetch("/customers/" + id)).text())]))
  await Promise.all(known.map(([id, version]) => fetch("/customers/" + id, { method: "POST", redirect: "manual",
    headers: { "X-CSRF-Token": erp.csrf }, body: new URLSearchParams({ csrf_token: erp.csrf, version, phone: "burst" }) })))
}"""


@pytest.fixture
def two(signed_in: SignedIn) -> tuple[Page, Page]:
    """A reader of the list of customers, and somebody who works elsewhere."""
    reader, writer = signed_in("admin"), signed_in("admin")
    reader.goto("/customers?columns=name,phone&sort=code")
    reader.wait_for_selector(LIVE)
    writer.goto("/items")
    return reader, writer


def fetches(page: Page, words: str) -> list[str]:
    """Return a list that fills with the addresses asked for."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if words in request.url else None)
    return found


def test_a_burst_costs_each_list_two_fetches(two: tuple[Page, Page]) -> None:
    reader, writer = two
    row = reader.locator("#rows tr[data-id]").first
    path = row.locator("a.id").get_attribute("href")
    asked = fetches(reader, "/changes?")
    writer.evaluate(SAVE, [path, 1, "warm"])
    expect(row).to_contain_text("warm1", timeout=2_000)
    reader.wait_for_timeout(2_500)
    asked.clear()
    writer.evaluate(BURST, 20)
    expect(reader.locator("#rows td", has_text="burst")).to_have_count(20, timeout=4_000)
    seconds = 4
    assert len(asked) <= seconds * 2, asked


def test_new_rows_are_counted_once_and_only_where_they_belong(two: tuple[Page, Page]) -> None:
    reader, writer = two
    elsewhere = reader.context.new_page()
    elsewhere.goto("/customers?q=nobody-is-called-this&sort=code")
    top = reader.locator("#rows tr[data-id]").first.bounding_box()
    for code in ("ZZ1", "ZZ2"):
        writer.evaluate(NEW, f"{code}{reader.evaluate('Date.now()')}")
    expect(reader.locator("#fresh")).to_contain_text("2 new", timeout=3_000)
    after: Any = reader.locator("#rows tr[data-id]").first.bounding_box()
    assert top is not None
    assert abs(after["y"] - top["y"]) < 60
    reader.locator("#fresh a").click()
    expect(reader.locator("#fresh")).to_be_hidden()


def test_a_row_that_the_filter_holds_no_more_stays_where_it_is(two: tuple[Page, Page], signed_in: SignedIn) -> None:
    _reader, writer = two
    code = f"F{writer.evaluate('Date.now()')}"
    writer.evaluate(NEW, code)
    reader = signed_in("admin")
    reader.goto(f"/customers?name=New%20{code}&columns=name,phone")
    reader.wait_for_selector(LIVE)
    row = reader.locator("#rows tr[data-id]")
    row.locator("input").check()
    path = row.locator("a.id").get_attribute("href")
    rename = SAVE.replace("phone: words + n", "name: words + n")
    writer.evaluate(rename, [path, 1, "Other"])
    expect(row).to_contain_text("Other1", timeout=2_000)
    expect(row).to_have_class("live beyond")
    expect(row.locator("input")).to_be_checked()
