"""A figure of a report opens the entries behind it, beside the report."""

from collections.abc import Callable

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
    page.locator("#report-options button").click()

    expect(page.locator("#report")).to_contain_text("Nothing in this period")
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
