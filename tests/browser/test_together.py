"""Two people in one document: what both type ends up in it, and nobody loses his place, a key or the network."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order

SignedIn = Callable[..., Page]
SAVE = "#doc-head button[data-key=save]"


@pytest.fixture
def pair(signed_in: SignedIn) -> tuple[Page, Page]:
    """Two people who have one order open."""
    first, second = signed_in("sales"), signed_in("admin")
    an_order(first, "3")
    second.goto(first.url)
    for page in (first, second):
        page.wait_for_selector(LIVE)
    return first, second


def quantity(page: Page) -> str:
    """Return the name of the quantity of the first line."""
    return page.locator('.lines [name$=".quantity"]').first.get_attribute("name") or ""


def test_what_another_saves_appears_around_what_one_types(pair: tuple[Page, Page]) -> None:
    first, second = pair
    name = quantity(second)
    first.focus("#f-customer_reference")
    first.keyboard.type("PO 4711")
    second.fill(f'[name="{name}"]', "8")
    second.click(SAVE)

    expect(first.locator(f'[name="{name}"]')).to_have_value("8", timeout=5000)
    expect(first.locator("#f-customer_reference")).to_be_focused()
    first.keyboard.type(" b")
    expect(first.locator("#f-customer_reference")).to_have_value("PO 4711 b")
    first.click(SAVE)

    expect(second.locator("#f-customer_reference")).to_have_value("PO 4711 b", timeout=5000)
    second.reload()
    expect(second.locator("#f-customer_reference")).to_have_value("PO 4711 b")
    expect(second.locator(f'[name="{name}"]')).to_have_value("8")


def test_the_same_field_asks_which_of_both(pair: tuple[Page, Page]) -> None:
    first, second = pair
    first.focus("#f-customer_reference")
    first.keyboard.type("mine")
    second.fill("#f-customer_reference", "theirs")
    second.click(SAVE)
    expect(first.locator("#doc-banner")).to_contain_text("choose which of both", timeout=5000)
    expect(first.locator("#f-customer_reference")).to_have_value("mine")

    first.click(SAVE)

    expect(first.locator("#conflict")).to_be_visible()
    expect(first.locator("tbody tr")).to_have_count(1)
    first.get_by_label("theirs").check()
    first.click("text=Save these choices")
    expect(first.locator("#f-customer_reference")).to_have_value("theirs")


def test_one_without_a_network_for_a_while_loses_nothing(pair: tuple[Page, Page]) -> None:
    first, second = pair
    name = quantity(second)
    first.context.set_offline(True)
    first.focus("#f-customer_reference")
    first.keyboard.type("typed in the tunnel")
    second.fill(f'[name="{name}"]', "9")
    second.click(SAVE)
    expect(second.locator("#saved")).to_contain_text(re.compile("saved"))
    first.wait_for_timeout(3000)
    first.context.set_offline(False)

    expect(first.locator(f'[name="{name}"]')).to_have_value("9", timeout=30_000)
    expect(first.locator("#f-customer_reference")).to_have_value("typed in the tunnel")
    first.click(SAVE)
    expect(second.locator("#f-customer_reference")).to_have_value("typed in the tunnel", timeout=10_000)
