"""A figure of a report opens the entries behind it, beside the report."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

SignedIn = Callable[..., Page]


def test_a_figure_opens_its_entries_and_escape_returns_to_it(signed_in: SignedIn) -> None:
    page = signed_in("accounts")
    page.goto("/reports/trial-balance")
    figure = page.locator("#report [data-drill]").first

    figure.click()

    expect(page.locator("#drill h2")).to_be_focused()
    expect(page.locator("#drill table tbody tr").first).to_be_visible()
    expect(page.locator("#drill .nav")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#drill")).to_be_hidden()
    expect(figure).to_be_focused()


def test_an_option_changes_the_report_and_its_address(signed_in: SignedIn) -> None:
    page = signed_in("accounts")
    page.goto("/reports/trial-balance")

    page.fill("#p-from", "2001-01-01")
    page.fill("#p-to", "2001-12-31")
    page.keyboard.press("Enter")

    expect(page.locator("#report")).to_contain_text("Nothing in this period")
    expect(page.locator("#report-about")).to_contain_text("1 Jan 2001 to 31 Dec 2001")
    expect(page.locator("#export a")).to_have_count(3)
    for link in page.locator("#export a").all():
        assert "to=2001-12-31" in (link.get_attribute("href") or "")
    assert "to=2001-12-31" in page.url


def test_a_group_folds_and_unfolds(signed_in: SignedIn) -> None:
    page = signed_in("accounts")
    page.goto("/reports/profit-and-loss")
    fold = page.locator("#report .tree button").first
    below = page.locator("#report tr[data-l='1']").first

    fold.click()
    expect(below).to_be_hidden()

    fold.click()
    expect(below).to_be_visible()


def test_a_period_is_chosen_by_its_name(signed_in: SignedIn) -> None:
    page = signed_in("accounts")
    page.goto("/reports/profit-and-loss")

    page.fill("#p-from", "2001-01-01")
    page.select_option("#p-period", "last_month")

    last = date.today().replace(day=1) - timedelta(days=1)
    expect(page.locator("#report-about")).to_contain_text(f"1 {last:%b %Y} to {last.day} {last:%b %Y}")
    assert "period=last_month" in page.url
    expect(page.locator("#p-from")).to_have_value("")


def test_negative_figures_stand_in_brackets_and_nothing_is_a_dash(signed_in: SignedIn) -> None:
    page = signed_in("accounts")
    page.goto("/reports/general-ledger")

    sales = page.locator("#report tr:has-text('4100 Sales')")

    expect(sales.locator("td").last.locator("xpath=preceding-sibling::td[1]")).to_have_text(
        re.compile(r"^\([\d,]+\.\d\d\)$")
    )
    expect(sales.locator("td").first).to_have_text("–")
