"""The home page shows the figures of the books, for those who may see them, and decides what waits."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order

SignedIn = Callable[..., Page]


def report(page: Page, name: str, **asked: Any) -> Any:
    """Return the answer of a report."""
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return page.request.get(f"/api/v1/reports/{name}?{query}").json()


def figure(page: Page, label: str) -> Decimal:
    """Return the key figure of this label."""
    text = page.locator(f".kpi:has-text('{label}') .v").inner_text()
    return Decimal(text.split()[-1].replace(",", ""))


def test_the_key_figures_are_those_of_the_books(signed_in: SignedIn) -> None:
    page = signed_in("accounts")
    page.goto("/")
    today = date.today().isoformat()

    balance = report(page, "trial-balance", as_of=today)["rows"]
    money = sum(Decimal(row["closing"]) for row in balance if row["role"] in {"bank", "cash"})
    assert figure(page, "Cash and bank") == money
    owed = report(page, "receivables-ageing", as_of=today)["totals"]["total"]
    assert figure(page, "To collect") == Decimal(owed)
    expect(page.locator("section:has(#d-age-1) .total")).to_contain_text(f"{Decimal(owed):,}")


def test_the_chart_is_drawn_by_the_server_and_has_a_table_behind_it(signed_in: SignedIn) -> None:
    page = signed_in("accounts", java_script_enabled=False)
    page.goto("/")
    chart = page.locator("svg.ch")

    expect(chart).to_have_role("img")
    expect(chart.locator("g")).to_have_count(14)
    page.click(".as-table summary")
    expect(page.locator(".as-table tbody tr")).to_have_count(14)
    expect(page.locator(".as-table")).to_contain_text("Money in")


def test_who_may_not_read_the_books_sees_none_of_their_figures(signed_in: SignedIn) -> None:
    page = signed_in("stock")
    page.goto("/")

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("svg.ch, .age")).to_have_count(0)
    for label in ("Income", "To collect", "To be paid", "Cash and bank"):
        expect(page.locator("main")).not_to_contain_text(label)


def test_what_waits_is_approved_on_the_home_page(signed_in: SignedIn) -> None:
    approver = signed_in("approver")
    approver.goto("/")
    approver.wait_for_selector(LIVE)
    sales = signed_in("sales")
    an_order(sales, "500")
    sales.click("#doc-head .pri")
    number = sales.url.rsplit("/", 1)[1]

    waiting = approver.locator(f"#dash-approvals li:has-text('Draft {number}')")
    expect(waiting).to_contain_text("USD 9,000.00")
    waiting.locator("button").click()

    expect(waiting).to_have_count(0)
    expect(approver.locator("#toasts")).to_contain_text("approved")
    expect(approver.locator("section:has(#d-act)")).to_contain_text("submitted SO-")
