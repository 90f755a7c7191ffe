"""What one person does appears on the screens of the others, without a reload."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order

SignedIn = Callable[..., Page]


def test_an_order_over_the_limit_is_approved_from_the_card_and_the_form_turns(signed_in: SignedIn) -> None:
    approver = signed_in("approver")
    approver.goto("/customers")
    approver.wait_for_selector(LIVE)
    sales = signed_in("sales")
    an_order(sales, "2000")
    sales.click("#doc-head .pri")
    expect(sales.locator("#doc-head .st")).to_have_text("Awaiting approval")
    sales.wait_for_selector(LIVE)

    card = approver.locator(".toast.approval").first
    expect(card).to_be_visible(timeout=3000)
    expect(card).to_contain_text("36,000.00")
    expect(card).to_contain_text("Mika Tanaka")
    expect(card).to_contain_text("Margin")
    approver.keyboard.press("F6")
    approver.keyboard.press("Enter")

    expect(card).to_have_count(0)
    assert approver.url.endswith("/customers")
    expect(sales.locator("h1")).to_contain_text("SO-", timeout=3000)


def test_a_change_appears_in_an_open_list(signed_in: SignedIn) -> None:
    watching = signed_in("admin")
    watching.goto("/customers?q=Blauer")
    watching.wait_for_selector(LIVE)
    row = watching.locator("#rows tr[data-id]").first
    url = row.locator("a.id").first.get_attribute("href")
    changing = signed_in("sales")
    changing.goto(url or "")
    changing.fill("#f-phone", "0621-0000")

    changing.click("#doc-head button[data-key=save]")

    expect(row).to_contain_text("0621-0000", timeout=3000)
