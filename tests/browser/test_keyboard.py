"""An order is made by the keyboard alone: link fields, the line grid, pasting, undoing, finding."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

SignedIn = Callable[..., Page]
OPTION = "#link-list:not([hidden]) [data-id]"


@pytest.fixture
def order(signed_in: SignedIn) -> Page:
    """Return an empty new order."""
    page = signed_in("sales")
    page.goto("/sales-orders/new")
    kept = page.locator("#doc-banner form button")
    if kept.count():
        with page.expect_navigation():
            kept.click()
    return page


def choose(page: Page, words: str) -> None:
    """Type into the link field in use and take the first option."""
    page.keyboard.type(words)
    page.wait_for_selector(OPTION)
    page.keyboard.press("Tab")


def test_an_order_is_made_saved_and_submitted_by_the_keyboard_alone(order: Page) -> None:
    order.focus("#f-customer")
    choose(order, "Alfreds")
    expect(order.locator("#f-customer")).to_have_value("Alfreds Futterkiste")
    order.focus('[name="lines.n1.item"]')
    choose(order, "Chai")
    order.keyboard.type("3")
    order.keyboard.press("Tab")

    expect(order.locator("#doc-totals .g").last).to_have_text("54.00")
    order.keyboard.press("Control+s")
    order.wait_for_url(re.compile(r"/sales-orders/\d+$"))
    expect(order.locator("h1")).to_contain_text("Draft")
    order.keyboard.press("Control+Enter")
    expect(order.locator("#doc-head .pri")).to_be_focused()
    order.keyboard.press("Enter")

    expect(order.locator("h1")).to_contain_text("SO-")


def test_tab_in_the_last_cell_adds_a_line_and_alt_delete_takes_it_away(order: Page) -> None:
    order.focus('[name="lines.n1.item"]')
    choose(order, "Chai")
    cells = order.locator("#ln-lines-n1 td > .in, #ln-lines-n1 td > .ctl > .in")
    cells.last.focus()

    order.keyboard.press("Tab")

    expect(order.locator("#lines-lines tbody tr[data-key]")).to_have_count(2)
    expect(order.locator("#lines-lines tbody tr[data-key]").last.locator(".in").first).to_be_focused()
    order.keyboard.press("Alt+Delete")
    expect(order.locator("#lines-lines tbody tr[data-key]")).to_have_count(1)


def test_rows_of_a_spreadsheet_become_lines_and_the_server_adds_them_up(order: Page) -> None:
    order.context.grant_permissions(["clipboard-read", "clipboard-write"])
    order.focus("#f-customer")
    choose(order, "Alfreds")
    order.evaluate("navigator.clipboard.writeText('Chai\\t10\\nChang\\t2\\nAniseed Syrup\\t1\\n')")

    order.focus('[name="lines.n1.item"]')
    order.keyboard.press("Control+v")

    expect(order.locator("#lines-lines tbody tr[data-key]")).to_have_count(3)
    expect(order.locator("#doc-totals .g").last).to_have_text("228.00")


def test_what_is_typed_survives_a_reload(order: Page) -> None:
    with order.expect_response(lambda answer: answer.url.endswith("/buffer")):
        order.fill("#f-customer_reference", "typed and not saved")

    order.reload()

    expect(order.locator("#f-customer_reference")).to_have_value("typed and not saved")
    order.click("#doc-banner form button")


def test_the_palette_opens_a_page_by_its_name(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    page.goto("/")

    page.keyboard.press("Control+k")
    page.keyboard.type("sales inv")
    page.keyboard.press("Enter")

    page.wait_for_url("**/sales-invoices")


def test_letters_walk_through_a_list_and_open_a_row(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    page.goto("/customers?sort=code")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_be_visible()
    page.keyboard.press("e")

    expect(page.locator("h1")).to_have_text("Ana Trujillo Emparedados y helados")


def test_a_double_click_saves_once(order: Page) -> None:
    order.focus("#f-customer")
    choose(order, "Alfreds")
    before = order.request.get("/sales-orders/totals").text()

    order.dblclick("#doc-head button[data-key=save]")
    order.wait_for_url(re.compile(r"/sales-orders/\d+$"))

    after = order.request.get("/sales-orders/totals").text()
    assert _count(after) == _count(before) + 1


def _count(fragment: str) -> int:
    found = re.search(r"([\d,]+) rows", fragment)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_a_verb_is_done_to_every_selected_row(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/employees?sort=code")
    rows = page.locator("#rows tr[data-id]")
    for n in range(2):
        rows.nth(n).locator("[name=ids]").check()

    page.click('#bulk [data-bulk="archival"]')

    expect(page.locator("#toasts")).to_contain_text("2 done")
    expect(page.locator("#bulk")).to_be_hidden()
    for n in range(2):
        rows.nth(n).locator("[name=ids]").check()
    page.click('#bulk [data-bulk="restoration"]')
    expect(page.locator("#bulk")).to_be_hidden()
