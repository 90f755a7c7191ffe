"""Two people in one order: one leaves the network for a while, one approves from a phone; no keystroke is lost."""

import re
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.walk.order import choose, start_order, turns, wait_for_total, waits
from tests.walk.people import Person, Say, Walk, people

OFFLINE_SECONDS = 40
SHOWN = 5000
SAVE = "#doc-head button[data-key=save]"
NOTE = "#f-customer_reference"


def walk_live(
    browser: Browser, base: str, say: Say, data: Path, pictures: Path | None = None, *, offline: float = OFFLINE_SECONDS
) -> Walk:
    """Walk through one order that two people write at once, until it is approved on a phone."""
    tour = Walk(base, data, say, pictures)
    with people(browser, base, "sales", "admin") as (sales, admin):
        begin(tour, sales, admin)
        type_at_once(tour, sales.page, admin.page)
        leave_the_network(tour, sales.page, admin.page, offline)
        choose_one_of_both(tour, sales.page, admin.page)
        talk(tour, sales.page, admin.page)
        submit_and_approve_on_a_phone(tour, sales, browser)
        problems = [one for one in (*sales.problems, *admin.problems) if not is_of_the_network(one)]
        assert not problems, problems
    return tour


def is_of_the_network(problem: str) -> bool:
    """Return whether a browser only complains that the network was away, or that two versions met."""
    return any(word in problem for word in ("ERR_INTERNET_DISCONNECTED", "WebSocket connection", "409", "412"))


def begin(walk: Walk, sales: Person, admin: Person) -> None:
    """Make a draft and open it in two browsers, each of which shows the other."""
    page = start_order(sales)
    choose(page, "Ernst")
    page.locator("#lines-lines tbody tr[data-key] td .in").first.focus()
    choose(page, "Chai")
    page.keyboard.press("Tab")
    page.keyboard.type("300")
    wait_for_total(page, r"5,400\.00")
    page.click(SAVE)
    page.wait_for_url(re.compile(r"/sales-orders/\d+$"))
    admin.open_live(page.url.removeprefix(walk.base))
    page.wait_for_selector("html[data-live=on]", state="attached")
    expect(page.locator("#viewers .av")).to_have_count(1)
    walk.step("Both have the order open and see each other", page)


def quantity(page: Page) -> str:
    """Return the selector of the quantity of the first line."""
    field = page.locator('.lines [name$=".quantity"]').first
    return f'[name="{field.get_attribute("name")}"]'


def type_at_once(walk: Walk, first: Page, second: Page) -> None:
    """Two people type in different fields; what one saves appears around what the other types."""
    first.focus(NOTE)
    first.keyboard.type("PO 4711")
    expect(second.locator(".f.held .who")).to_have_count(1)
    walk.step("The other’s field is marked while he types", second)
    second.fill(quantity(second), "310")
    second.click(SAVE)
    expect(first.locator(quantity(first))).to_have_value("310", timeout=SHOWN)
    expect(first.locator(NOTE)).to_have_value("PO 4711")
    expect(first.locator(NOTE)).to_be_focused()
    walk.step("What he saves appears around what is being typed", first)


def leave_the_network(walk: Walk, first: Page, second: Page, seconds: float) -> None:
    """One types without a network while the other saves; back in it both are there."""
    first.context.set_offline(True)
    first.focus(NOTE)
    first.keyboard.press("End")
    first.keyboard.type(" from the tunnel")
    second.fill(quantity(second), "320")
    second.click(SAVE)
    expect(second.locator("#saved")).to_contain_text("saved")
    began = time.monotonic()
    expect(first.locator("#offline")).to_be_visible(timeout=30_000)
    walk.step("Without a network the page says so, and goes on", first)
    first.wait_for_timeout(max(0.0, seconds - (time.monotonic() - began)) * 1000)
    first.context.set_offline(False)
    expect(first.locator(quantity(first))).to_have_value("320", timeout=30_000)
    expect(first.locator(NOTE)).to_have_value("PO 4711 from the tunnel")
    first.click(SAVE)
    expect(second.locator(NOTE)).to_have_value("PO 4711 from the tunnel", timeout=2 * SHOWN)
    walk.step(f"After {seconds:.0f} s both are in the order", second)


def choose_one_of_both(walk: Walk, first: Page, second: Page) -> None:
    """Both type in the same field: the page asks, showing both values; the other one is not lost before the choice."""
    first.fill(NOTE, "PO 4711, first")
    second.fill(NOTE, "PO 4711, second")
    second.click(SAVE)
    expect(first.locator("#doc-banner")).to_contain_text("choose which of both", timeout=SHOWN)
    first.click(SAVE)
    expect(first.locator("#main")).to_contain_text("PO 4711, first")
    expect(first.locator("#main")).to_contain_text("PO 4711, second")
    walk.step("The same field: both values, and who", first)
    first.get_by_label("PO 4711, first").check()
    first.click("text=Save these choices")
    expect(second.locator(NOTE)).to_have_value("PO 4711, first", timeout=SHOWN)
    walk.step("The choice is on both screens", second)


def talk(walk: Walk, first: Page, second: Page) -> None:
    """One names the other in a comment; the other answers with a sign."""
    first.fill("#say-in", "@admin fine with you?")
    first.press("#say-in", "Control+Enter")
    expect(second.locator("#timeline li >> nth=0")).to_contain_text("fine with you?")
    second.click("#timeline li >> nth=0 >> .sign-menu summary")
    second.click("#timeline li >> nth=0 >> .sign-menu [value=agree]")
    expect(first.locator("#timeline li >> nth=0 >> .signs [aria-pressed] >> nth=0")).to_contain_text("1")
    walk.step("A name in a comment, and a sign in answer", first)


def submit_and_approve_on_a_phone(walk: Walk, sales: Person, browser: Browser) -> None:
    """Submit above the limit; the approver decides on a page as wide as a phone, the open form turns."""
    page = sales.page
    page.keyboard.press("Control+Enter")
    page.locator('[data-key="submit"]').first.press("Enter")
    walk.seen["order"] = waits(page)
    walk.step("The order waits for an approval", page)
    with people(browser, walk.base, "approver", wide=360) as (phone,):
        other = phone.open("/approvals")
        other.click("#ap-list a:has-text('5,760.00')")
        other.wait_for_selector("#review")
        walk.step("It is on the approver’s phone", other)
        other.click("#review button:has-text('Approve'):visible")
        turns(page)
        walk.step("Approved there; the open form turned", page)
        assert not phone.problems, phone.problems
    kept = sales.json(f"/api/v1/sales-orders/{walk.seen['order']}")
    assert (kept["customer_reference"], kept["lines"][0]["quantity"]) == ("PO 4711, first", "320"), kept
