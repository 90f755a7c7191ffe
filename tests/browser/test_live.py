"""What one person does appears on the screens of the others, without a reload."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order
from tests.browser.test_every_page import flaws, overflow

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


def test_where_sockets_are_blocked_a_change_appears_because_the_page_asks(signed_in: SignedIn) -> None:
    watching = signed_in("admin")
    watching.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())
    with watching.expect_response("**/live/versions?**", timeout=30_000):
        watching.goto("/customers?q=Chop-suey")
    expect(watching.locator("#offline")).to_contain_text("Live updates are paused")
    assert watching.locator(LIVE).count() == 0
    row = watching.locator("#rows tr[data-id]").first
    changing = signed_in("sales")
    changing.goto(row.locator("a.id").first.get_attribute("href") or "")
    changing.fill("#f-phone", "0452-0000")

    changing.click("#doc-head button[data-key=save]")

    expect(row).to_contain_text("0452-0000", timeout=30_000)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (360, "light")])
def test_the_card_and_what_hangs_from_the_bar_can_be_read_by_everybody(
    width: int, theme: str, signed_in: SignedIn
) -> None:
    approver = signed_in("approver", width=width, color_scheme=theme)
    approver.goto("/customers")
    approver.wait_for_selector(LIVE)
    sales = signed_in("sales")
    an_order(sales, "1500")
    sales.click("#doc-head .pri")
    expect(approver.locator(".toast.approval").first).to_be_visible()
    approver.wait_for_timeout(300)

    assert flaws(approver) == []
    assert overflow(approver) <= 0
