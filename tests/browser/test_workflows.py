"""The guide to approval flows, done as it is written: five flows drawn on the page, one request decided by several people.

``ERP_KEEP_PICTURE=1`` keeps the pictures of ``docs/guides/workflows.md``.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import an_order, choose
from tests.browser.test_approvals import opened
from tests.browser.test_every_page import flaws

SignedIn = Callable[..., Page]
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
SAVE = "#doc-head button[data-key=save]"


def picture(page: Page, name: str, folder: Path) -> None:
    """Take one picture of the guide, and keep it if asked."""
    taken = folder / name
    page.screenshot(path=str(taken))
    if os.environ.get("ERP_KEEP_PICTURE"):
        (PICTURES / name).write_bytes(taken.read_bytes())
    assert (PICTURES / name).stat().st_size < MOST_BYTES
    assert f"../pictures/{name}" in (ROOT / "docs" / "guides" / "workflows.md").read_text(encoding="utf-8")


def draw(page: Page, code: str, kind: str, condition: str, *steps: tuple[str, str, str]) -> str:
    """Draw a flow from zero: each step is (number, called, role or "manager"); return its page."""
    page.goto("/settings/approvals")
    page.click("text=New flow")
    page.fill("#f-code", code)
    page.fill("#f-name", code.replace("-", " ").capitalize())
    page.select_option("#f-for_kind", kind)
    page.fill("#f-condition", condition)
    for place, (number, called, who) in enumerate(steps, 1):
        if place > 1:
            page.click('button[name="_add"]')
        row = f"steps.n{place}."
        page.fill(f'[name="{row}step"]', number)
        page.fill(f'[name="{row}name"]', called)
        if who == "manager":
            page.select_option(f'[name="{row}who"]', "manager")
        else:
            page.focus(f'[name="{row}role"]')
            choose(page, who)
    page.click(SAVE)
    page.wait_for_url(re.compile(r"/approval-flows/\d+$"))
    return page.url


@pytest.fixture
def admin(signed_in: SignedIn) -> Iterator[Page]:
    """An administrator whose flows are archived again, so that others are not asked."""
    page = signed_in("admin")
    yield page
    page.goto("/approval-flows")
    for url in [link.get_attribute("href") for link in page.locator("#rows a.id").all()]:
        page.goto(url or "")
        button = page.get_by_role("button", name="Archive")
        if button.count():
            button.first.click()
            expect(page.locator("#doc-head .st")).to_have_text("Archived")


def test_five_flows_are_drawn_on_the_page(admin: Page, tmp_path: Path) -> None:
    draw(admin, "purchase", "purchase_invoice", "total > 1000", ("1", "Approver", "approver"))
    draw(admin, "discount", "sales_order", "margin_percent < 20", ("1", "Approver", "approver"))
    draw(admin, "credit", "sales_order", "credit_left < 0", ("1", "Accounting", "accounts"))
    draw(admin, "leave", "journal_entry", 'reason == "Leave"', ("1", "Manager", "manager"))
    admin.goto("/settings/approvals")
    admin.click("button[aria-label='Begin with Ringi (稟議)']")
    expect(admin.locator("h1")).to_contain_text("稟議")
    expect(admin.locator(".lines tbody tr[data-key]")).to_have_count(5)
    picture(admin, "flow.png", tmp_path)
    admin.goto("/settings/approvals")
    assert flaws(admin) == []
    expect(admin.locator("table.tb").first.locator("tbody tr")).to_have_count(5)
    picture(admin, "flows.png", tmp_path)


def test_a_condition_that_makes_no_sense_is_told_at_its_field(admin: Page) -> None:
    admin.goto("/approval-flows/new")
    admin.fill("#f-code", "broken")
    admin.fill("#f-name", "Broken")
    admin.select_option("#f-for_kind", "sales_order")
    admin.fill("#f-condition", "total >")
    admin.click(SAVE)
    expect(admin.locator("#e-condition")).to_contain_text("at character")
    expect(admin.locator("#f-condition")).to_have_value("total >")


def test_a_request_goes_through_its_steps(admin: Page, signed_in: SignedIn, tmp_path: Path) -> None:
    draw(
        admin, "two-steps", "sales_order", "total > 100", ("1", "Approver", "approver"), ("2", "Accounting", "accounts")
    )
    sales = signed_in("sales")
    an_order(sales, "20")
    order = sales.url
    sales.click("[aria-label='Who would have to approve?']")
    expect(sales.locator("#foreseen")).to_contain_text("Accounting")
    expect(sales.locator("#foreseen")).to_contain_text("total > 100")
    assert flaws(sales) == []
    picture(sales, "foreseen.png", tmp_path)
    sales.goto(order)
    sales.click("#doc-head .pri")
    expect(sales.locator("#doc-head .st")).to_have_text("Awaiting approval")
    number = order.rsplit("/", 1)[1]

    approver = signed_in("approver")
    opened(approver, number)
    assert flaws(approver) == []
    approver.fill("#ap-c", "Which project?")
    approver.click("text=Ask without deciding")
    expect(approver.locator("#toasts")).to_contain_text("Sent")
    sales.goto("/approvals?show=asked")
    sales.click(f"#ap-list a:has-text('Draft {number}')")
    expect(sales.locator("#rv-live")).to_contain_text("Which project?")
    expect(sales.locator("#rv-live")).to_contain_text("seen")
    sales.fill("#ap-c", "Project 7")
    sales.click("#decide button:has-text('Answer')")
    expect(sales.locator("#toasts")).to_contain_text("Sent")
    opened(approver, number)
    approver.keyboard.press("a")
    expect(approver.locator("#toasts")).to_contain_text("approved")

    accounts = signed_in("accounts")
    opened(accounts, number)
    accounts.fill("#ap-c", "Please look again at the discount.")
    accounts.click("summary:has-text('Hand on, or send back a step')")
    accounts.select_option("#ap-step", "1")
    picture(accounts, "review.png", tmp_path)
    accounts.click("#decide button:has-text('Send back')")
    expect(accounts.locator("#toasts")).to_contain_text("returned")
    for page in (approver, accounts):
        opened(page, number)
        page.keyboard.press("a")
        expect(page.locator("#toasts")).to_contain_text("approved")
    sales.goto(order)
    expect(sales.locator("h1")).to_contain_text("SO-")
