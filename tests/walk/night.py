"""The night: what became overdue is announced, one reminder a customer, the books are audited."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.walk.paper import PDF_SECONDS, mails_about, submitted
from tests.walk.people import Person, Walk, seconds_until


def night(walk: Walk, sales: Person, accounts: Person) -> None:
    """Invoice the second order two months ago, then run the nightly batch twice by hand."""
    walk.seen["late"] = invoice_late(walk, accounts)
    page = sales.open_live(f"/sales-invoices?status=overdue&q={walk.seen['late']}")
    timetable = walk.erp("schedules")
    assert any(one["name"] == "overdue" and one["daily"] for one in timetable), timetable
    before, mails = len(reminders(accounts)), len(accounts.json("/dev/mail.json"))
    first = walk.erp("run", "overdue")
    result = first["result"]
    assert first["state"] == "done", first
    assert result["audit"] == "clean", result
    assert result["reminders"] >= 1, result
    expect(page.locator("#rows")).to_contain_text(walk.seen["late"])
    walk.step(
        f"The nightly batch: {result['overdue']} became overdue, {result['reminders']} reminders, audit clean", page
    )
    sent = mails + result["reminders"]  # those to Japan say it in Japanese
    seconds_until(lambda: len(accounts.json("/dev/mail.json")) >= sent, PDF_SECONDS)
    mails_about(accounts, "Reminder")
    after = len(reminders(accounts))
    again = walk.erp("run", "overdue")["result"]
    assert again["reminders"] == again["overdue"] == 0, f"reminded again: {again}"
    about = [one for one in reminders(accounts) if walk.seen["late"] in reminder_text(accounts, one)]
    assert len(about) == 1, f"{len(about)} reminders name {walk.seen['late']}"
    assert after > before
    walk.step("Run again it reminds nobody; one mail names the invoice", accounts.open("/dev/mail"))
    checks = walk.erp("audit")["checks"]
    assert all(one["ok"] for one in checks), checks
    walk.step(f"erp audit: {len(checks)} checks, all well", accounts.open("/reports"))


def invoice_late(walk: Walk, accounts: Person) -> str:
    """Invoice the second order as of two months ago, due a month ago; it is overdue at once, nobody assigns it."""
    page = accounts.open(f"/sales-orders/{walk.seen['second order']}")
    page.click("#doc-head button:has-text('Invoice')")
    page.wait_for_url(re.compile(r"/sales-invoices/\d+$"))
    page.fill("#f-posting_date", (date.today() - timedelta(days=60)).isoformat())
    page.fill("#f-due_date", (date.today() - timedelta(days=30)).isoformat())
    number = submitted(page, "SI-")
    expect(page.locator("#doc-head .st")).to_have_text(re.compile("Overdue"))
    walk.step("An invoice of two months ago is overdue by itself", page)
    return number


def reminders(person: Person) -> list[dict[str, object]]:
    """Return the reminders in the demo's inbox."""
    return [mail for mail in person.json("/dev/mail.json") if str(mail["subject"]).startswith("Reminder")]


def reminder_text(person: Person, mail: dict[str, object]) -> str:
    """Return the text of a mail."""
    parts: list[dict[str, str]] = mail["parts"]  # type: ignore[assignment]
    return person.context.request.get(parts[0]["url"]).text()
