"""Deciding in the inbox: what it shows, a reason where one is due, and the next request after a decision."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import an_order

SignedIn = Callable[..., Page]


@pytest.fixture
def asked(signed_in: SignedIn) -> str:
    """Return the number of a draft that waits for approval."""
    page = signed_in("sales")
    an_order(page, "1000")
    page.click("#doc-head .pri")
    expect(page.locator("#doc-head .st")).to_have_text("Awaiting approval")
    return page.url.rsplit("/", 1)[1]


def opened(page: Page, number: str) -> Page:
    """Open the request for this draft in the inbox."""
    page.goto("/approvals")
    page.click(f"#ap-list a:has-text('Draft {number}')")
    expect(page.locator("#rv-h")).to_contain_text(number)
    return page


def test_a_letter_approves_and_the_inbox_goes_on(asked: str, signed_in: SignedIn) -> None:
    page = opened(signed_in("approver"), asked)
    review = page.locator("#review")
    for words in ("18,000.00", "above the limit", "Margin", "Chai", "Mika Tanaka"):
        expect(review).to_contain_text(words)

    page.keyboard.press("a")

    expect(page.locator("#toasts")).to_contain_text("approved")
    assert page.url.endswith("/approvals")
    expect(page.locator("#ap-list")).not_to_contain_text(f"Draft {asked}")


def test_rejecting_asks_for_a_reason_first(asked: str, signed_in: SignedIn) -> None:
    page = opened(signed_in("approver"), asked)

    page.keyboard.press("r")
    expect(page.locator("#ap-c")).to_be_focused()
    assert page.input_value("#ap-c") == ""
    page.keyboard.type("Ask for a deposit first")
    page.locator("#review [data-key=r]").click()

    expect(page.locator("#toasts")).to_contain_text("rejected")
    requester = signed_in("sales")
    requester.goto(f"/sales-orders/{asked}")
    expect(requester.locator("#doc-head .st")).to_have_text("Returned")
    expect(requester.locator("#timeline")).to_contain_text("Ask for a deposit first")


def test_a_phone_approves_with_its_thumb_bar(asked: str, signed_in: SignedIn) -> None:
    page = opened(signed_in("approver", width=390, height=844, has_touch=True, is_mobile=True), asked)

    page.locator(".stick .pri").tap()

    expect(page.locator("#toasts")).to_contain_text("approved")


def test_a_request_is_approved_without_scripts(asked: str, signed_in: SignedIn) -> None:
    page = opened(signed_in("approver", java_script_enabled=False), asked)

    page.click("#review .head .pri")

    expect(page.locator("#doc-head h1")).to_contain_text("SO-")
