"""The order: made by the keyboard, asked for, approved in another browser and on a phone."""

import re
import time
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.walk.people import PATIENCE, Person, Walk, people

POPUP_SECONDS = 1.0
OPTIONS = "#link-list:not([hidden]) [role=option]"


def choose(page: Page, text: str) -> None:
    """Type into the link field that has the focus and take the first answer by the keyboard."""
    page.keyboard.type(text, delay=15)
    page.wait_for_selector(f"{OPTIONS}[data-id]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#link-list", state="hidden")


def start_order(sales: Person) -> Page:
    """Begin an order by the keyboard, empty even when one was being typed."""
    page = sales.open("/sales-orders")
    page.keyboard.press("n")
    page.wait_for_url("**/sales-orders/new**")
    kept = page.locator("#doc-banner form button")
    if kept.count():
        with page.expect_navigation():
            kept.press("Enter")
    page.focus("#f-customer")
    return page


def order_by_keyboard(walk: Walk, sales: Person) -> None:
    """Make an order above the limit without touching the mouse; paste the second and third line from a spreadsheet."""
    page = start_order(sales)
    create_customer(walk, page)
    page.keyboard.press("Control+a")
    choose(page, "Ernst")
    assert page.input_value("#f-customer") == "Ernst Handel"
    page.focus("#f-customer_reference")
    page.keyboard.type(f"walk {int(time.time())}")
    page.locator("#lines-lines tbody tr[data-key] td .in").first.focus()
    choose(page, "Chai")
    page.keyboard.press("Tab")
    page.keyboard.type("200")
    wait_for_total(page, r"3,600\.00")
    walk.step("The server adds up while sales types", page)
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    paste(page, "Chang\t100\nAniseed Syrup\t50")
    wait_for_total(page, r"6,000\.00")
    walk.step("Two rows pasted from a spreadsheet", page)


def create_customer(walk: Walk, page: Page) -> None:
    """Make a customer without leaving the form."""
    name = f"Walk {uuid4().hex[:6]}"
    page.keyboard.type(name, delay=15)
    page.wait_for_selector(f"{OPTIONS}[data-create]")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#quick [name='quick.code']")
    page.keyboard.press("Enter")
    expect(page.locator("#quick")).to_have_count(0)
    expect(page.locator("#f-customer")).to_be_focused()
    expect(page.locator("#f-customer")).to_have_value(name)
    assert page.input_value("[name='customer.id']").isdigit()
    walk.step("A customer made from the link field", page)


def wait_for_total(page: Page, pattern: str) -> None:
    """Wait until the box of totals says what the server computed."""
    expect(page.locator("#doc-totals")).to_contain_text(re.compile(pattern))


def paste(page: Page, text: str) -> None:
    """Paste text into the cell that has the focus, as a spreadsheet puts it on the clipboard."""
    page.evaluate(
        """text => {
            const data = new DataTransfer(); data.setData('text/plain', text)
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
        }""",
        text,
    )


def submit_and_pop_up(walk: Walk, sales: Person, approver: Person) -> None:
    """Submit by the keyboard; the approver's card appears on whatever page he is, within a second."""
    page, other = sales.page, approver.open_live("/items")
    page.keyboard.press("Control+Enter")
    began = time.monotonic()
    page.keyboard.press("Enter")
    card = other.wait_for_selector("#toasts .approval", timeout=PATIENCE)
    walk.seen["popup"] = time.monotonic() - began
    text = card.inner_text() if card is not None else ""
    for words in ("6,000.00", "Ernst Handel", "limit", "Margin", "%"):
        assert words in text, f"the card does not say {words}: {text}"
    walk.seen["order"] = waits(page)
    walk.step("The order waits, locked", page)
    walk.step(f"The approver’s card, {walk.seen['popup']:.2f} s after the key", other)


def waits(page: Page) -> int:
    """Return the id of the order that now waits for an approval."""
    page.wait_for_url(re.compile(r"/sales-orders/\d+$"))
    expect(page.locator("#doc-head .st")).to_have_text(re.compile("Awaiting approval"))
    page.wait_for_selector("html[data-live=on]", state="attached")
    page.evaluate("() => { window.sameDocument = true }")
    return int(page.url.rsplit("/", 1)[1])


def turns(page: Page) -> None:
    """The requester's open form turns without being loaded again."""
    expect(page.locator("#doc-head .st")).to_have_text(re.compile("To bill"))
    expect(page.locator("#doc-head h1")).to_have_text(re.compile(r"^SO-"))
    assert page.evaluate("() => window.sameDocument === true"), "the form was loaded again"


def approve_on_card(walk: Walk, sales: Person, approver: Person) -> None:
    """Approve on the card; the approver stays where he is."""
    where = approver.page.url
    approver.page.keyboard.press("F6")
    approver.page.keyboard.press("Enter")
    began = time.monotonic()
    turns(sales.page)
    walk.seen["turned"] = time.monotonic() - began
    expect(approver.page.locator("#toasts .approval")).to_have_count(0)
    assert approver.page.url == where, "deciding from the card left the page"
    walk.step(f"The requester’s form turned by itself, {walk.seen['turned']:.2f} s", sales.page)


def second_order(walk: Walk, sales: Person) -> None:
    """Make and submit another order above the limit."""
    page = start_order(sales)
    choose(page, "Ernst")
    page.locator("#lines-lines tbody tr[data-key] td .in").first.focus()
    choose(page, "Chai")
    page.keyboard.press("Tab")
    page.keyboard.type("300")
    wait_for_total(page, r"5,400\.00")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Enter")
    walk.seen["second order"] = waits(page)


def approve_on_phone(walk: Walk, sales: Person, browser: Browser) -> None:
    """Approve the second order from a page as wide as a phone."""
    with people(browser, walk.base, "approver", wide=360) as (phone,):
        page = phone.open("/approvals")
        page.click("#ap-list a:has-text('5,400.00')")
        page.wait_for_selector("#review")
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 360, f"the page is {wide} px wide"
        walk.step("The second order on the approver’s phone", page)
        page.click("#review button:has-text('Approve'):visible")
        turns(sales.page)
        walk.step("Approved there; the requester’s form turned", sales.page)
        assert not phone.problems, phone.problems
