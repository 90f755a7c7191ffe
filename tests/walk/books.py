"""The books: the payment, and the reports that agree - at once, and on screens that are open."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page, expect

from tests.walk.paper import submitted
from tests.walk.people import Person, Walk, seconds_until


class Screens:
    """Ageing and trial balance, open in two tabs of somebody who only watches."""

    def __init__(self, walk: Walk, admin: Person) -> None:
        self.walk, self.admin = walk, admin
        company = admin.json("/api/v1/companies?code=NORTHWIND")["data"][0]["id"]
        walk.seen["asked"] = f"company={company}&as_of={date.today().isoformat()}"
        self.ageing = self._opened("receivables-ageing")
        self.balance = self._opened("trial-balance")

    def _opened(self, name: str) -> Page:
        page = self.admin.tab()
        page.goto(f"/reports/{name}?{self.walk.seen['asked']}")
        page.wait_for_selector("html[data-live=on]", state="attached")
        return page

    def follow(self, text: str) -> None:
        """Wait until both open reports show what is owed now; nobody loads them again."""
        owed = self.walk.seen["owed"] = agreed(self.walk, self.admin)
        shown = f"{owed:,.2f}"
        for page in (self.ageing, self.balance):
            seconds_until(lambda page=page: shown in page.inner_text("#report"))  # type: ignore[misc]
        self.walk.step(text, self.ageing)


def agreed(walk: Walk, person: Person) -> Decimal:
    """Return what customers owe: the same in ageing and trial balance, whose debits equal its credits."""
    ageing = person.json(f"/api/v1/reports/receivables-ageing?{walk.seen['asked']}")
    balance = person.json(f"/api/v1/reports/trial-balance?{walk.seen['asked']}")
    owed = sum((Decimal(row["closing"]) for row in balance["rows"] if row["role"] == "receivable"), Decimal(0))
    assert owed == Decimal(ageing["totals"]["total"]), (owed, ageing["totals"])
    totals: dict[str, Any] = balance["totals"]
    assert Decimal(totals["debit_balance"]) == Decimal(totals["credit_balance"]), totals
    return owed


def receive_payment(walk: Walk, sales: Person, accounts: Person) -> None:
    """Record the payment; the invoice that somebody else has open turns paid by itself."""
    sales.open_live(f"/sales-invoices/{walk.seen['invoice']}")
    page = accounts.open(f"/sales-invoices/{walk.seen['invoice']}")
    page.click("#doc-head button:has-text('Record payment')")
    page.wait_for_url(re.compile(r"/payments/\d+$"))
    walk.step("The draft of the payment is allocated to the invoice", page)
    submitted(page, "PAY-")
    expect(sales.page.locator("#doc-head .st")).to_have_text(re.compile("Paid"))
    walk.step("The open invoice turned paid by itself", sales.page)


def check_books(walk: Walk, accounts: Person) -> None:
    """Show both reports: receivables are the same in both, and debits equal credits."""
    owed = agreed(walk, accounts)
    assert owed == walk.seen["owed"]
    walk.step(f"Receivables by age: {owed:,.2f}", accounts.open(f"/reports/receivables-ageing?{walk.seen['asked']}"))
    walk.step(
        "Trial balance: balanced, the same receivables", accounts.open(f"/reports/trial-balance?{walk.seen['asked']}")
    )
