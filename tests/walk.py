"""The walk of the foundation: an order approved live, invoiced, printed, mailed, paid and in the books.

``bin/walk`` replays it against a running ``bin/dev``, printing each step with its address and leaving pictures;
``tests/browser/test_flow.py`` runs the same steps as a test. Every person has a browser of his own.
"""

import argparse
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PASSWORD = "daifuku-demo"
PATIENCE = 20_000
POPUP_SECONDS = 1.0
PDF_SECONDS = 60
Say = Callable[[str, str], None]


class Person:
    """Somebody in a browser of his own, signed in."""

    def __init__(self, browser: Browser, base: str, login: str, *, wide: int = 1280) -> None:
        self.login, self.base = login, base
        self.context: BrowserContext = browser.new_context(base_url=base, viewport={"width": wide, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))

    def sign_in(self) -> "Person":
        """Sign in by the keyboard."""
        self.page.goto("/login")
        self.page.fill("[name=login]", self.login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def open(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(path)
        return self.page

    def json(self, path: str) -> Any:
        """Read an answer of the API with the session of this browser."""
        answer = self.context.request.get(path)
        assert answer.ok, f"{path}: {answer.status} {answer.text()[:300]}"
        return answer.json()


@dataclass
class Walk:
    """What was made on the way."""

    base: str
    say: Say
    pictures: Path | None = None
    seen: dict[str, Any] = field(default_factory=dict)
    shots: int = 0

    def step(self, text: str, who: Person) -> None:
        """Tell a step with its address, and leave a picture."""
        self.say(text, who.page.url)
        if self.pictures is not None:
            self.shots += 1
            name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:50]
            who.page.screenshot(path=str(self.pictures / f"{self.shots:02}-{name}.png"))


def choose(page: Page, text: str) -> None:
    """Type into the link field that has the focus and take the first answer by the keyboard."""
    page.keyboard.type(text, delay=15)
    page.wait_for_selector("#link-list:not([hidden]) [role=option][data-id]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#link-list", state="hidden")


def order_by_keyboard(walk: Walk, sales: Person) -> None:
    """Make an order above the limit without touching the mouse; paste the second and third line from a spreadsheet."""
    page = sales.open("/sales-orders")
    page.keyboard.press("n")
    page.wait_for_url("**/sales-orders/new**")
    page.focus("#f-customer")
    choose(page, "Ernst")
    assert page.input_value("#f-customer") == "Ernst Handel"
    page.focus("#f-customer_reference")
    page.keyboard.type(f"walk {int(time.time())}")
    first = page.locator("#lines-lines tbody tr[data-key] td .in").first
    first.focus()
    choose(page, "Chai")
    page.keyboard.press("Tab")
    page.keyboard.type("200")
    page.wait_for_function("() => /3,600\\.00/.test(document.querySelector('#doc-totals').textContent)")
    walk.step("Total computed by the server while typing", sales)
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    paste(page, "Chang\t100\nAniseed Syrup\t50")
    page.wait_for_function("() => /6,000\\.00/.test(document.querySelector('#doc-totals').textContent)")
    walk.step("Rows pasted from a spreadsheet", sales)


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
    page, other = sales.page, approver.open("/items")
    other.wait_for_load_state("networkidle")
    page.keyboard.press("Control+Enter")
    began = time.monotonic()
    page.keyboard.press("Enter")
    card = other.wait_for_selector("#toasts .approval", timeout=PATIENCE)
    walk.seen["popup"] = time.monotonic() - began
    text = card.inner_text() if card is not None else ""
    for words in ("6,000.00", "Ernst Handel", "limit", "Margin", "%"):
        assert words in text, f"the card does not say {words}: {text}"
    page.wait_for_url(re.compile(r"/sales-orders/\d+$"))
    walk.seen["order"] = int(page.url.rsplit("/", 1)[1])
    expect(page.locator("#doc-head .st")).to_have_text(re.compile("Awaiting approval"))
    walk.step("The order waits, locked", sales)
    walk.step(f"The approver's card, {walk.seen['popup']:.2f} s after the key", approver)


def approve(walk: Walk, sales: Person, approver: Person) -> None:
    """Approve on the card; the requester's open form turns without being loaded again."""
    sales.page.evaluate("() => { window.sameDocument = true }")
    where = approver.page.url
    approver.page.click("#toasts .approval .btn.pri")
    expect(approver.page.locator("#toasts .approval")).to_have_count(0)
    assert approver.page.url == where, "deciding from the card left the page"
    expect(sales.page.locator("#doc-head .st")).to_have_text(re.compile("To bill"))
    expect(sales.page.locator("#doc-head h1")).to_have_text(re.compile(r"^SO-"))
    assert sales.page.evaluate("() => window.sameDocument === true"), "the form was loaded again"
    walk.step("The requester's form turned by itself", sales)


def invoice_order(walk: Walk, accounts: Person) -> None:
    """Make the invoice from the order and post it."""
    page = accounts.open(f"/sales-orders/{walk.seen['order']}")
    page.click("#doc-head button:has-text('Invoice')")
    page.wait_for_url(re.compile(r"/sales-invoices/\d+$"))
    walk.seen["invoice"] = int(page.url.rsplit("/", 1)[1])
    page.click("#doc-head button:has-text('Submit')")
    expect(page.locator("#doc-head h1")).to_have_text(re.compile(r"^SI-"))
    walk.seen["number"] = page.locator("#doc-head h1").inner_text().strip()
    walk.step("Invoiced from the order and posted", accounts)
    entries = accounts.json(f"/api/v1/sales-invoices/{walk.seen['invoice']}/ledger")["entries"]
    debit = sum(Decimal(entry["debit"] or 0) for entry in entries)
    assert debit == sum(Decimal(entry["credit"] or 0) for entry in entries) == Decimal(6000)


def print_and_mail(walk: Walk, accounts: Person) -> None:
    """Have the PDF made by a worker, mail it once with the PDF attached; asking twice sends once."""
    url = f"/sales-invoices/{walk.seen['invoice']}"
    began = time.monotonic()
    made = accounts.context.request.get(f"/api/v1{url}/print.pdf")
    assert made.status in {200, 202}
    page = accounts.open(f"{url}/print.pdf") if made.status == 202 else accounts.page
    if made.status == 202:
        walk.step("The PDF is being made by a worker", accounts)
    while made.status != 200 and time.monotonic() - began < PDF_SECONDS:
        time.sleep(0.5)
        made = accounts.context.request.get(f"/api/v1{url}/print.pdf")
    assert made.body()[:5] == b"%PDF-", f"no PDF after {PDF_SECONDS} s"
    walk.seen["pdf"] = time.monotonic() - began
    page = accounts.open("/notifications")
    expect(page.locator("main")).to_contain_text(f"{walk.seen['number']}.pdf")
    walk.step(f"The notice says that it is ready, {walk.seen['pdf']:.1f} s", accounts)
    for _time in range(2):
        page = accounts.open(url)
        with page.expect_response(lambda answer: answer.url.endswith("/mailing")):
            press_action(page, "Email")
    mails = wait_for_mail(accounts, walk.seen["number"])
    assert len(mails) == 1, f"mailed {len(mails)} times"
    parts = {part["type"] for part in mails[0]["parts"]}
    assert "application/pdf" in parts, parts
    accounts.open("/dev/mail")
    walk.step("Mailed once, with the PDF", accounts)


def press_action(page: Page, label: str) -> None:
    """Press a verb of the document, in the open or behind the menu of more actions."""
    button = page.locator(f"#doc-head button:has-text('{label}')").first
    if not button.is_visible():
        page.click("#doc-head [popovertarget=doc-menu]")
    button.click()


def wait_for_mail(person: Person, number: str) -> list[dict[str, Any]]:
    """Return the mails about a number in the demo's inbox, once there are some."""
    found: list[dict[str, Any]] = []
    began = time.monotonic()
    while not found and time.monotonic() - began < PDF_SECONDS:
        found = [mail for mail in person.json("/dev/mail.json") if number in mail["subject"]]
        time.sleep(0.5)
    time.sleep(2)
    return [mail for mail in person.json("/dev/mail.json") if number in mail["subject"]]


def receive_payment(walk: Walk, sales: Person, accounts: Person) -> None:
    """Record the payment; the invoice that somebody else has open turns paid by itself."""
    sales.open(f"/sales-invoices/{walk.seen['invoice']}")
    sales.page.wait_for_load_state("networkidle")
    page = accounts.open(f"/sales-invoices/{walk.seen['invoice']}")
    page.click("#doc-head button:has-text('Record payment')")
    page.wait_for_url(re.compile(r"/payments/\d+$"))
    walk.step("The draft of the payment knows the invoice", accounts)
    page.click("#doc-head button:has-text('Submit')")
    expect(page.locator("#doc-head h1")).to_have_text(re.compile(r"^PAY-"))
    expect(sales.page.locator("#doc-head .st")).to_have_text(re.compile("Paid"))
    walk.step("The open invoice turned paid by itself", sales)


def check_books(walk: Walk, accounts: Person) -> None:
    """Compare ageing and trial balance: receivables are the same in both, and debits equal credits."""
    company = accounts.json(f"/api/v1/sales-invoices/{walk.seen['invoice']}")["company"]["id"]
    asked = f"company={company}&as_of={date.today().isoformat()}"
    ageing = accounts.json(f"/api/v1/reports/receivables-ageing?{asked}")
    balance = accounts.json(f"/api/v1/reports/trial-balance?{asked}")
    owed = sum(Decimal(row["closing"]) for row in balance["rows"] if row["role"] == "receivable")
    assert owed == Decimal(ageing["totals"]["total"]), (owed, ageing["totals"])
    assert Decimal(balance["totals"]["debit_balance"]) == Decimal(balance["totals"]["credit_balance"])
    walk.seen["receivables"] = owed
    accounts.open(f"/reports/receivables-ageing?{asked}")
    walk.step("Receivables by age", accounts)
    accounts.open(f"/reports/trial-balance?{asked}")
    walk.step("Trial balance", accounts)


@contextmanager
def people(browser: Browser, base: str, *logins: str) -> Iterator[list[Person]]:
    """Sign people in, each in a browser of his own."""
    found = [Person(browser, base, login).sign_in() for login in logins]
    try:
        yield found
    finally:
        for one in found:
            one.context.close()


def walk(browser: Browser, base: str, say: Say, pictures: Path | None = None) -> Walk:
    """Walk from the order to the books."""
    tour = Walk(base, say, pictures)
    with people(browser, base, "sales", "approver", "accounts") as (sales, approver, accounts):
        order_by_keyboard(tour, sales)
        submit_and_pop_up(tour, sales, approver)
        approve(tour, sales, approver)
        invoice_order(tour, accounts)
        print_and_mail(tour, accounts)
        receive_payment(tour, sales, accounts)
        check_books(tour, accounts)
        problems = [problem for one in (sales, approver, accounts) for problem in one.problems]
        assert not problems, problems
    return tour


def tell(text: str, url: str) -> None:
    """Print a step and its address."""
    print(f"{text:60} {url}", flush=True)


def main() -> int:
    """Replay the walk against a running instance."""
    parser = argparse.ArgumentParser(prog="bin/walk", description="Replay the walk against a running bin/dev.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where it runs")
    parser.add_argument("--pictures", type=Path, default=Path("var/walk"), help="folder of the pictures")
    given = parser.parse_args()
    given.pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        done = walk(browser, given.url.rstrip("/"), tell, given.pictures)
        browser.close()
    print(f"done: {done.shots} pictures in {given.pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
