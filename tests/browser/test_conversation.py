"""People talk beside a document: names, signs, changed words, files, who is asked - live, in two browsers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order

SignedIn = Callable[..., Page]
LAST = "#timeline .tl > li >> nth=0"


@pytest.fixture
def pair(signed_in: SignedIn) -> tuple[Page, Page]:
    """Two people who have one order open, with nothing unread."""
    first, second = signed_in("sales"), signed_in("admin")
    second.goto("/notifications")
    if second.locator("text=Mark all as read").count():
        second.click("text=Mark all as read")
    an_order(first, "3")
    second.goto(first.url)
    for page in (first, second):
        page.wait_for_selector(LIVE)
    return first, second


def say(page: Page, text: str) -> None:
    page.fill("#say-in", text)
    page.press("#say-in", "Control+Enter")
    expect(page.locator(LAST)).to_contain_text(text)


def test_a_name_is_chosen_by_the_keyboard_and_the_named_hears_of_it_everywhere(
    pair: tuple[Page, Page], complaints: Callable[[Page], list[str]]
) -> None:
    first, second = pair
    found = complaints(first)
    tab = second.context.new_page()
    tab.goto("/items")
    tab.wait_for_selector(LIVE)
    first.locator("#say-in").press_sequentially("Please look, @adm")
    expect(first.locator("#mentions [aria-selected=true]")).to_contain_text("@admin")
    first.keyboard.press("Enter")
    first.keyboard.press("Control+Enter")

    expect(second.locator(LAST)).to_contain_text("Please look, @admin")
    expect(second.locator(f"{LAST} >> .at")).to_have_text("@admin")
    for page in (second, tab):
        expect(page.locator("#bell-count")).to_have_text("1")
        expect(page.locator("#toasts")).to_contain_text("mentioned you at")
    tab.click("button[popovertarget=bell]")
    tab.click("#bell-list >> text=mentioned you at")
    tab.wait_for_url(re.compile(r"/sales-orders/\d+$"))
    expect(second.locator("#bell-count")).to_be_hidden()
    assert found == []


def test_a_remark_is_changed_by_who_wrote_it_and_what_it_said_stays_to_be_read(pair: tuple[Page, Page]) -> None:
    first, second = pair
    say(first, "Ships on Friday")
    expect(second.locator(LAST)).to_contain_text("Ships on Friday")
    expect(second.locator(f"{LAST} >> .edit-menu")).to_have_count(0)
    first.click(f"{LAST} >> .edit-menu summary")
    first.fill(f"{LAST} >> .edit-menu textarea", "Ships on Monday")
    first.click(f"{LAST} >> .edit-menu button")

    expect(second.locator(f"{LAST} >> .say")).to_have_text("Ships on Monday")
    second.click(f"{LAST} >> summary:has-text('changed')")
    expect(second.locator(f"{LAST} >> .said")).to_have_text("Ships on Friday")


def test_a_sign_appears_at_the_other_and_is_taken_away_by_the_same_button(pair: tuple[Page, Page]) -> None:
    first, second = pair
    say(first, "Done")
    second.click(f"{LAST} >> .sign-menu summary")
    second.click(f"{LAST} >> .sign-menu [value=thanks]")
    sign = f"{LAST} >> form:not(.sign-menu form) button[value=thanks]"
    expect(first.locator(sign)).to_have_text("1")
    expect(second.locator(sign)).to_have_attribute("aria-pressed", "true")
    second.click(sign)
    expect(first.locator(sign)).to_have_count(0)


def test_what_one_is_changing_stays_when_somebody_else_writes(pair: tuple[Page, Page]) -> None:
    first, second = pair
    say(first, "First words")
    row = first.locator("#timeline li:has-text('First words')")
    row.locator(".edit-menu summary").click()
    row.locator(".edit-menu textarea").fill("Half a sen")
    say(second, "In between")
    expect(first.locator(LAST)).to_contain_text("In between")
    expect(first.locator(".edit-menu[open] textarea")).to_have_value("Half a sen")


def test_a_file_that_is_dropped_is_attached_and_its_name_stands_in_the_comment(pair: tuple[Page, Page]) -> None:
    first, second = pair
    first.focus("#say-in")
    first.wait_for_load_state("networkidle")
    first.evaluate("""() => {
        const data = new DataTransfer(); data.items.add(new File(["quote"], "quote.txt", { type: "text/plain" }))
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
    }""")
    expect(first.locator("#files")).to_contain_text("quote.txt")
    expect(first.locator("#say-in")).to_have_value("quote.txt ")
    expect(second.locator("#files")).to_contain_text("quote.txt")


def test_who_is_asked_hears_of_it_and_says_that_it_is_done(pair: tuple[Page, Page]) -> None:
    first, second = pair
    first.click("#todo a:has-text('Assign')")
    first.select_option("#assign-user", label="Amara Okafor")
    first.fill("#assign-note", "Call the customer")
    first.click("#assign-form .pri")
    expect(first.locator("#undo")).to_contain_text("It was assigned.")
    expect(second.locator("#todo")).to_contain_text("Call the customer")
    expect(second.locator("#toasts")).to_contain_text("asks you to see to")
    expect(second.locator("#nav-todo")).to_have_text("1")
    second.goto("/assignments")
    second.click("li:has-text('Call the customer') >> text=Done")
    expect(second.locator("#assignments")).not_to_contain_text("Call the customer")
    expect(second.locator("#nav-todo")).to_have_text("")
    expect(first.locator("#todo")).not_to_contain_text("Call the customer")


def test_an_assignment_is_taken_back_within_ten_seconds(pair: tuple[Page, Page]) -> None:
    first, second = pair
    first.click("#todo a:has-text('Assign')")
    first.select_option("#assign-user", label="Amara Okafor")
    first.fill("#assign-note", "By mistake")
    first.click("#assign-form .pri")
    expect(second.locator("#todo")).to_contain_text("By mistake")
    first.click("#undo button")
    expect(second.locator("#todo")).not_to_contain_text("By mistake")


def test_a_notification_is_put_off_and_read_in_its_place(pair: tuple[Page, Page]) -> None:
    first, second = pair
    say(first, "@admin one")
    expect(second.locator("#bell-count")).to_have_text("1")
    second.goto("/notifications")
    second.click("#notification-feed li >> nth=0 >> details summary")
    second.click("text=In an hour")
    expect(second.locator("#unread-now")).to_have_text("all read")
    second.click("nav >> text=Put off")
    expect(second.locator("#notification-feed")).to_contain_text("comes back")


def test_a_tag_appears_at_the_other_and_leads_to_everything_that_has_it(pair: tuple[Page, Page]) -> None:
    first, second = pair
    title = first.inner_text("#doc-head h1")
    first.click("#tag-more summary")
    first.fill("#tag-in", "Trade fair")
    first.press("#tag-in", "Enter")
    expect(second.locator("#tags")).to_contain_text("Trade fair")
    second.click("#tags >> text=Trade fair")
    expect(second.locator("h1")).to_have_text("Tagged Trade fair")
    second.click(f"text={title}")
    second.wait_for_selector(LIVE)
    second.click("#tags button[aria-label='Remove tag Trade fair']")
    expect(first.locator("#tags")).not_to_contain_text("Trade fair")


def test_the_choice_of_channels_is_kept(signed_in: SignedIn) -> None:
    page = signed_in("buyer")
    page.goto("/settings/notifications")
    page.select_option("#n-job", "digest")
    page.click("text=Save")
    expect(page.locator("#n-job")).to_have_value("digest")
