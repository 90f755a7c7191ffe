"""The invoice: made from the order, posted, printed by a worker, mailed once."""

import re
import time
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page, expect

from tests.walk.people import Person, Walk, seconds_until

PDF_SECONDS = 60


def invoice_order(walk: Walk, accounts: Person) -> None:
    """Make the invoice from the order and post it."""
    page = accounts.open(f"/sales-orders/{walk.seen['order']}")
    page.click("#doc-head button:has-text('Invoice')")
    page.wait_for_url(re.compile(r"/sales-invoices/\d+$"))
    walk.seen["invoice"] = int(page.url.rsplit("/", 1)[1])
    walk.seen["number"] = submitted(page, "SI-")
    walk.step("Invoiced from the order and posted", page)
    entries = accounts.json(f"/api/v1/sales-invoices/{walk.seen['invoice']}/ledger")["entries"]
    debit = sum(Decimal(entry["debit"] or 0) for entry in entries)
    assert debit == sum(Decimal(entry["credit"] or 0) for entry in entries) == Decimal(6000)


def submitted(page: Page, letters: str) -> str:
    """Submit the document on the page; return its number."""
    page.click("#doc-head button:has-text('Submit')")
    expect(page.locator("#doc-head h1")).to_have_text(re.compile(f"^{letters}"))
    return page.locator("#doc-head h1").inner_text().strip()


def print_and_mail(walk: Walk, accounts: Person) -> None:
    """Have the PDF made by a worker, mail it once with the PDF attached; asking twice sends once."""
    url = f"/sales-invoices/{walk.seen['invoice']}"
    began = time.monotonic()
    made = accounts.context.request.get(f"/api/v1{url}/print.pdf")
    assert made.status == 202, f"nobody asked for this PDF before, yet it answers {made.status}"
    waiting = accounts.tab()
    waiting.goto(f"{url}/print.pdf")
    expect(waiting.locator("#print-wait progress")).to_be_visible()
    waiting.route("**/*.pdf*", lambda route: route.abort())  # it opens the PDF by itself, which no picture shows
    walk.step("The PDF is being made by a worker", waiting)
    seconds_until(lambda: accounts.context.request.get(f"/api/v1{url}/print.pdf").status == 200, PDF_SECONDS)
    walk.seen["pdf"] = time.monotonic() - began
    assert accounts.context.request.get(f"/api/v1{url}/print.pdf").body()[:5] == b"%PDF-"
    waiting.close()
    page = accounts.open("/notifications")
    expect(page.locator("main")).to_contain_text(f"{walk.seen['number']}.pdf")
    walk.step(f"The notice says that it is ready, {walk.seen['pdf']:.1f} s", page)
    for _time in range(2):
        page = accounts.open(url)
        with page.expect_navigation():
            press_action(page, "Email")
    mails = mails_about(accounts, walk.seen["number"])
    assert len(mails) == 1, f"mailed {len(mails)} times"
    assert "application/pdf" in {part["type"] for part in mails[0]["parts"]}, mails[0]["parts"]
    walk.step("Mailed once, with the PDF; it was asked for twice", accounts.open("/dev/mail"))


def press_action(page: Page, label: str) -> None:
    """Press a verb of the document, in the open or behind the menu of more actions."""
    button = page.locator(f"#doc-head button:has-text('{label}')").first
    if not button.is_visible():
        page.click("#doc-head [popovertarget=doc-menu]")
    button.click()


def mails_about(person: Person, words: str) -> list[dict[str, Any]]:
    """Return the mails with these words in their subject once there is one, and two seconds for a second one to come."""

    def found() -> list[dict[str, Any]]:
        return [mail for mail in person.json("/dev/mail.json") if words in mail["subject"]]

    seconds_until(lambda: bool(found()), PDF_SECONDS)
    time.sleep(2)
    return found()
