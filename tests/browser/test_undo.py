"""Ten seconds to take back, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import an_order
from tests.browser.test_every_page import flaws

SignedIn = Callable[..., Page]


def delete(page: Page) -> None:
    """Delete the draft that is open, and say yes."""
    page.get_by_role("button", name="Delete draft").click()
    page.locator("#act-delete .btn.bad").click()


def test_a_deleted_draft_comes_back_by_one_click(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    an_order(page, "3")
    url = page.url
    delete(page)
    page.wait_for_url(re.compile(r"/sales-orders$"))
    offer = page.locator("#undo")
    expect(offer).to_contain_text("It was deleted.")
    assert flaws(page) == []
    offer.get_by_role("button", name="Undo").click()
    page.wait_for_url(url)
    expect(page.locator("[name$='.quantity']").first).to_have_value("3")
    expect(page.locator("#undo")).to_have_count(0)


def test_what_is_offered_leaves_after_ten_seconds(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    an_order(page, "3")
    delete(page)
    expect(page.locator("#undo")).to_be_visible()
    page.wait_for_timeout(8_000)
    expect(page.locator("#undo")).to_be_visible()
    expect(page.locator("#undo")).to_have_count(0, timeout=4_000)
    page.reload()
    expect(page.locator("#undo")).to_have_count(0)
