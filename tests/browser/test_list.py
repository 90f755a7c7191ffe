"""What a list shows is in its address: columns, order, filters; amounts in another currency say in which."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order

SignedIn = Callable[..., Page]


@pytest.fixture
def invoices(signed_in: SignedIn) -> Page:
    """Return the list of invoices."""
    page = signed_in("admin")
    page.goto("/sales-invoices")
    return page


def heads(page: Page) -> list[str]:
    """Return the heads of the list."""
    return [text.strip() for text in page.locator("#list thead th:not(.x)").all_inner_texts()]


def test_columns_are_chosen_and_stay_in_the_address(invoices: Page) -> None:
    assert heads(invoices) == ["Number", "Customer", "Date", "Status", "Total, USD", "Outstanding, USD"]
    invoices.click("[popovertarget=columns]")
    invoices.uncheck("#columns [value=outstanding]")
    invoices.check("#columns [value=due_date]")

    invoices.click("#columns .pri")

    assert heads(invoices) == ["Number", "Customer", "Date", "Status", "Total, USD", "Due"]
    chosen = parse_qs(urlsplit(invoices.url).query)["columns"]
    assert chosen == ["customer,posting_date,status,total,due_date"]
    expect(invoices.locator("#totals .total")).to_have_count(1)


def test_a_small_screen_sorts_by_a_menu(signed_in: SignedIn) -> None:
    page = signed_in("admin", width=390, height=844)
    page.goto("/customers")

    page.click("[popovertarget=sort]")
    page.click("#sort >> text=Name")

    assert "sort=name" in page.url
    expect(page.locator("#rows tr[data-id]").first).to_contain_text("Alfreds Futterkiste")


def test_an_amount_in_another_currency_says_in_which(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/companies")
    page.click("text=LANTERN")
    lantern = page.url.rsplit("/", 1)[1]

    page.goto(f"/sales-invoices?company={lantern}")

    assert "Total" in heads(page)
    expect(page.locator("#rows")).to_contain_text("EUR ")
    expect(page.locator("#rows")).to_contain_text("USD ")


def test_each_view_says_how_many_records_it_holds_and_counts_again_when_one_changes(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/sales-orders?status=draft")
    page.wait_for_selector(LIVE)
    tabs = page.locator(".views a")
    expect(tabs).to_have_count(4)
    for place, name in enumerate(("All", "Drafts", "Awaiting approval", "To bill")):
        tab = tabs.nth(place)
        expect(tab).to_contain_text(re.compile(rf"{name} [\d,]+"))
        url = tab.get_attribute("href") or ""
        total = page.request.get(url.replace("/sales-orders", "/sales-orders/totals", 1)).text()
        assert f"Total of {tab.locator('b').inner_text()}" in total
    expect(tabs.nth(1)).to_have_attribute("aria-current", "page")
    before = int(tabs.nth(1).locator("b").inner_text())

    an_order(signed_in("sales"), "1")

    expect(tabs.nth(1).locator("b")).to_have_text(str(before + 1))
