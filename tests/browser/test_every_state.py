"""What opens on a page can be read by everybody too: dialogs, menus, errors, entries beside a report."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import open_empty
from tests.browser.test_every_page import flaws, overflow

SignedIn = Callable[..., Page]
Act = Callable[[Page], None]


def _press(*keys: str) -> Act:
    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return act


def _click(selector: str) -> Act:
    return lambda page: page.locator(selector).first.click()


def _refused(page: Page) -> None:
    open_empty(page, "/sales-orders/new")
    page.fill('[name="lines.n1.item"]', "Nothing of ours")
    page.fill('[name="lines.n1.quantity"]', "two")
    page.click("#doc-head [data-key=save]")
    page.wait_for_selector("#doc-errors li")


def _list_of_a_link_field(page: Page) -> None:
    page.focus("#f-customer")
    page.keyboard.type("al")
    page.wait_for_selector("#link-list:not([hidden]) [data-id]")


def _quick_create(page: Page) -> None:
    page.focus('[name="lines.n1.item"]')
    page.keyboard.type("Quince jam")
    page.wait_for_selector("#link-list:not([hidden]) [data-create]")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#quick")
    page.keyboard.press("Enter")
    page.wait_for_selector("#quick .err:not([hidden])")


def _entries(page: Page) -> None:
    page.locator("#report [data-drill]").first.click()
    expect(page.locator("#drill h2")).to_be_focused()


STATES: dict[str, tuple[str, Act]] = {
    "palette": ("/", _press("Control+k", "a", "l", "f")),
    "own menu": ("/", _click("[popovertarget=me]")),
    "companies": ("/", _click("[popovertarget=company-menu]")),
    "refused form": ("/sales-orders/new", _refused),
    "link list": ("/sales-orders/new", _list_of_a_link_field),
    "quick create": ("/sales-orders/new", _quick_create),
    "reason": ("/sales-orders/1", _click("[popovertarget=act-cancel]")),
    "columns": ("/sales-invoices", _click("[popovertarget=columns]")),
    "row menu": ("/sales-orders/1", _click("[popovertarget^=more-lines]")),
    "drill": ("/reports/trial-balance", _entries),
    "rare options": ("/reports/trial-balance", _click("[popovertarget=rare]")),
    "not here": ("/nowhere", lambda page: None),
}


@pytest.mark.parametrize("theme", ["light"])
@pytest.mark.parametrize("state", STATES)
def test_what_opens_on_a_page_has_no_flaw(state: str, theme: str, signed_in: SignedIn) -> None:
    page = signed_in(color_scheme=theme)
    path, act = STATES[state]
    page.goto(path)

    act(page)
    page.wait_for_timeout(300)

    assert flaws(page) == []


@pytest.mark.parametrize("state", ["refused form", "row menu", "drill"])
def test_what_opens_on_a_small_phone_fits_it(state: str, signed_in: SignedIn) -> None:
    page = signed_in(width=360, height=740, has_touch=True)
    path, act = STATES[state]
    page.goto(path)
    if state == "refused form":
        page.fill('[name="lines.n1.quantity"]', "two")
        page.click(".stick .btn >> nth=0")
        page.wait_for_selector("#doc-errors li")
    else:
        act(page)
    page.wait_for_timeout(300)

    assert overflow(page) <= 0
    assert flaws(page) == []
