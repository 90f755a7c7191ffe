"""An order is made by the keyboard alone: link fields, the line grid, pasting, undoing, finding."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import choose, open_empty

SignedIn = Callable[..., Page]


@pytest.fixture
def order(signed_in: SignedIn) -> Page:
    """Return an empty new order."""
    page = signed_in("sales")
    open_empty(page, "/sales-orders/new")
    return page


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


def test_a_removed_line_comes_back_with_undo(order: Page) -> None:
    order.focus('[name="lines.n1.item"]')
    choose(order, "Chai")
    order.keyboard.press("Alt+Delete")
    rows = order.locator("#lines-lines tbody tr[data-key]")
    expect(rows).to_have_count(0)

    order.click("#toasts button")

    expect(rows).to_have_count(1)
    expect(order.locator('[name="lines.n1.item"]')).to_have_value("Chai")
    expect(order.locator("#doc-totals .g").last).to_have_text("18.00")


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


def test_a_customer_is_made_without_leaving_the_order(order: Page) -> None:
    name = f"Hafen {uuid4().hex[:6]}"
    order.focus("#f-customer")
    order.keyboard.type(name)
    order.wait_for_selector("#link-list:not([hidden]) [data-create]")

    order.keyboard.press("Control+Enter")
    expect(order.locator("#quick h2")).to_have_text("New customer")
    expect(order.locator('[name="quick.code"]')).to_have_value(name.upper().replace(" ", "")[:12])
    order.keyboard.press("Enter")

    expect(order.locator("#quick")).to_have_count(0)
    expect(order.locator("#f-customer")).to_be_focused()
    expect(order.locator("#f-customer")).to_have_value(name)
    assert order.input_value('[name="customer.id"]').isdigit()


def test_what_a_new_record_lacks_is_told_in_its_dialog_and_escape_goes_back(order: Page) -> None:
    order.focus('[name="lines.n1.item"]')
    order.keyboard.type("Quince jam")
    order.wait_for_selector("#link-list:not([hidden]) [data-create]")
    order.keyboard.press("Control+Enter")
    unit = order.locator('[name="quick.unit"]')
    expect(unit).to_be_focused()

    order.keyboard.press("Enter")

    expect(order.locator("#quick")).to_contain_text("Unit is missing.")
    expect(unit).to_be_focused()
    order.keyboard.press("Escape")
    expect(order.locator("#quick")).to_have_count(0)
    expect(order.locator('[name="lines.n1.item"]')).to_be_focused()


def test_what_saving_will_fill_in_is_seen_in_the_empty_cells(order: Page) -> None:
    order.focus('[name="lines.n1.item"]')
    choose(order, "Chai")

    expect(order.locator('[name="lines.n1.price"]')).to_have_attribute("placeholder", "18.00")
    expect(order.locator('[name="lines.n1.unit"]')).to_have_attribute("placeholder", "Piece")
    expect(order.locator('[name="lines.n1.price"]')).to_have_value("")


def test_a_message_belongs_to_the_row_on_the_screen_with_an_empty_row_above(order: Page) -> None:
    order.focus('[name="lines.n1.item"]')
    choose(order, "Chai")
    for _line in range(2):
        order.click("tr.add button")
    choose(order, "Chang")
    order.keyboard.type("5 boxes")

    order.keyboard.press("Control+s")

    expect(order.locator("#doc-errors a")).to_contain_text(["Customer is missing.", "Quantity, row 3"])
    order.locator("#doc-errors a").last.click()
    expect(order.locator('[name="lines.n3.quantity"]')).to_be_focused()
    expect(order.locator("#amount-lines-n1")).to_have_text("18.00")


def test_the_palette_opens_a_page_by_its_name(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    page.goto("/")

    page.keyboard.press("Control+k")
    page.keyboard.type("sales inv")
    page.keyboard.press("Enter")

    page.wait_for_url("**/sales-invoices")


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("new sales order", "**/sales-orders/new"),
        ("> new order", "**/sales-orders/new"),
        ("trial bal", "**/reports/trial-balance"),
        ("exchange", "**/exchange-rates"),
    ],
)
def test_the_palette_makes_records_and_opens_what_no_navigation_shows(
    typed: str, goal: str, signed_in: SignedIn
) -> None:
    page = signed_in("admin")
    page.goto("/help")
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_have_count(1)
    chosen = page.locator("#palette [aria-selected=true]")
    expect(chosen).to_have_attribute("data-href", re.compile(f"{goal[2:]}$"))

    page.keyboard.press("Enter")

    page.wait_for_url(goal)


def test_the_palette_does_the_verbs_of_the_open_document(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/sales-orders/1")

    page.keyboard.press("Control+k")
    page.keyboard.type("canc")
    page.keyboard.press("Enter")

    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#why-cancel")).to_be_focused()


def test_the_palette_goes_to_a_field_that_is_folded_away(order: Page) -> None:
    order.focus("#f-customer")
    order.keyboard.press("Control+k")
    order.keyboard.type("note on")

    order.keyboard.press("Enter")

    expect(order.locator("#more")).to_have_attribute("open", "")
    expect(order.locator("#f-note")).to_be_focused()


@pytest.mark.parametrize(("letter", "goal"), [("i", "/sales-invoices"), ("t", "/reports/trial-balance"), ("h", "/")])
def test_g_and_a_letter_go_to_a_page(letter: str, goal: str, signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/customers")

    page.keyboard.press("g")
    page.keyboard.press(letter)

    page.wait_for_url(lambda url: url.split("?")[0].endswith(f":{page.url.split(':')[2].split('/')[0]}{goal}"))


def test_the_list_of_keys_names_every_place_and_gives_the_focus_back(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/customers?sort=code")
    page.keyboard.press("j")
    row = page.locator("#rows a.id").first
    expect(row).to_be_focused()

    page.keyboard.press("Shift+?")
    expect(page.locator("#keys")).to_contain_text("Sales invoices")
    expect(page.locator("#keys [data-go=i] kbd")).to_have_text(["G", "I"])
    expect(page.locator("#keys")).to_contain_text("Open the list of a cell")
    page.keyboard.press("Escape")

    expect(page.locator("#keys")).to_be_hidden()
    expect(row).to_be_focused()


def test_who_may_not_open_a_place_is_not_led_there(signed_in: SignedIn) -> None:
    page = signed_in("stock")
    page.goto("/help")

    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_timeout(300)

    assert page.url.endswith("/help")
    expect(page.locator("#keys [data-go=t]")).to_have_count(0)


def test_letters_that_are_switched_off_do_nothing(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/customers")
    page.click("[popovertarget=me]")
    page.click("[data-toggle=letters]")
    page.keyboard.press("Escape")

    page.keyboard.press("n")
    page.wait_for_timeout(300)

    assert page.url.endswith("/customers")


def test_the_cell_above_is_copied_and_the_list_of_a_cell_opens(order: Page) -> None:
    order.focus('[name="lines.n1.item"]')
    choose(order, "Chai")
    order.keyboard.type("7")
    order.keyboard.press("Enter")
    quantity = order.locator("#lines-lines tbody tr[data-key]").nth(1).locator('[name$=".quantity"]')
    expect(quantity).to_be_focused()

    order.keyboard.press("Control+d")

    expect(quantity).to_have_value("7")
    order.keyboard.press("Shift+Enter")
    expect(order.locator('[name="lines.n1.quantity"]')).to_be_focused()
    order.focus('[name="lines.n1.item"]')
    order.keyboard.press("Alt+ArrowDown")
    expect(order.locator("#link-list [role=option]").first).to_be_visible()
    order.keyboard.press("Escape")
    expect(order.locator("#link-list")).to_be_hidden()


def test_tab_goes_first_to_the_content_then_through_the_frame_in_reading_order(signed_in: SignedIn) -> None:
    page = signed_in("sales")
    page.goto("/customers")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_tab_goes_through_a_form_from_head_to_lines_and_what_has_the_focus_is_seen(order: Page) -> None:
    order.focus("#f-customer")
    passed = ["f-customer"]
    for _press in range(12):
        order.keyboard.press("Tab")
        seen = order.evaluate(
            "() => { const el = document.activeElement, box = el.getBoundingClientRect();"
            " const look = getComputedStyle(el), own = !el.matches(':focus');"  # the calendar of a date marks itself
            " return [el.name || el.id || el.tagName, own || look.outlineStyle !== 'none' || look.boxShadow !== 'none',"
            " box.top >= 0 && box.bottom <= innerHeight] }"
        )
        assert seen[1], f"the focus on {seen[0]} cannot be seen"
        assert seen[2], f"{seen[0]} is off the screen"
        passed.append(seen[0])

    wanted = ["f-customer", "order_date", "delivery_date", "customer_reference", "lines.n1.item", "lines.n1.quantity"]
    places = [passed.index(name) for name in wanted]
    assert places == sorted(places)


def test_a_menu_gives_the_focus_back_to_what_opened_it(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/sales-orders/1")
    opener = page.locator("#doc-head .acts [popovertarget=act-cancel]")
    opener.focus()

    page.keyboard.press("Enter")
    expect(page.locator("#why-cancel")).to_be_focused()
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


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
    found = re.search(r"Total of ([\d,]+)", fragment)
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
    expect(rows.nth(0)).to_contain_text("Archived")
    page.click("#toasts button")
    expect(rows.nth(0)).not_to_contain_text("Archived")
    expect(rows.nth(1)).not_to_contain_text("Archived")
