"""What people do in several tests: open an empty form, choose in a link field, make an order."""

import re

from playwright.sync_api import Page

OPTION = "#link-list:not([hidden]) [data-id]"
LIVE = "html[data-live=on]"


def open_empty(page: Page, url: str) -> None:
    """Open a form for a new record, without what an earlier test typed into it."""
    page.goto(url)
    kept = page.locator("#doc-banner form button")
    if kept.count():
        with page.expect_navigation():
            kept.click()


def choose(page: Page, words: str) -> None:
    """Type into the link field in use and take the first option."""
    page.keyboard.type(words)
    page.wait_for_selector(OPTION)
    page.keyboard.press("Tab")


def an_order(page: Page, quantity: str, item: str = "Chai") -> None:
    """Make and save a draft for Alfreds Futterkiste; the page shows it."""
    open_empty(page, "/sales-orders/new")
    page.focus("#f-customer")
    choose(page, "ALFKI")
    page.focus('[name="lines.n1.item"]')
    choose(page, item)
    page.keyboard.type(quantity)
    page.click("#doc-head button[data-key=save]")
    page.wait_for_url(re.compile(r"/sales-orders/\d+$"))
