"""Reading, saving, submitting and approving work with scripts switched off."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

SignedIn = Callable[..., Page]


def test_an_order_is_made_and_submitted_without_scripts(signed_in: SignedIn) -> None:
    page = signed_in("sales", java_script_enabled=False)
    page.goto("/sales-orders/new")
    page.fill("#f-customer", "ALFKI")
    page.fill('[name="lines.n1.item"]', "Chai")
    page.fill('[name="lines.n1.quantity"]', "2")

    page.click("tr.add button")
    expect(page.locator('[name="lines.n2.item"]')).to_be_visible()
    page.click("#doc-head button[data-key=save]")

    page.wait_for_url(re.compile(r"/sales-orders/\d+$"))
    page.click("#doc-head .pri")
    expect(page.locator("h1")).to_contain_text("SO-")


def test_a_mistake_is_told_and_nothing_typed_is_lost_without_scripts(signed_in: SignedIn) -> None:
    page = signed_in("sales", java_script_enabled=False)
    page.goto("/sales-orders/new")
    page.fill("#f-customer", "Nobody we know")
    page.fill("#f-customer_reference", "kept")

    page.click("#doc-head button[data-key=save]")

    expect(page.locator("#doc-errors")).to_contain_text("Nobody we know")
    expect(page.locator("#f-customer_reference")).to_have_value("kept")


def test_a_list_is_searched_and_sorted_without_scripts(signed_in: SignedIn) -> None:
    page = signed_in("sales", java_script_enabled=False)
    page.goto("/customers")

    page.fill("#q", "Alfreds")
    page.keyboard.press("Enter")

    expect(page.locator("#rows tr[data-id]")).to_have_count(1)
