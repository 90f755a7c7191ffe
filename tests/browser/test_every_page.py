"""Every page can be read by everybody: in both themes, in both languages, on a small screen, without a complaint."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "/", "/approvals", "/approvals/1", "/approvals?show=decided", "/approvals/preview/sales-orders/1", "/settings/approvals",
    "/approval-flows", "/approval-flows/new", "/approval-deputies/new",
    "/notifications", "/jobs", "/mails", "/help", "/search?q=alf", "/first-steps", "/dev/mail",
    "/customers", "/customers/1", "/customers/new", "/customers/import", "/suppliers", "/suppliers/new", "/contacts",
    "/items", "/items/1", "/items/new", "/item-groups", "/units", "/price-lists", "/employees",
    "/sales-orders", "/sales-orders/1", "/sales-orders/new", "/sales-invoices", "/sales-invoices/5",
    "/sales-invoices/new", "/sales-invoices?q=nothing-at-all", "/sales-invoices/5/print", "/sales-invoices/5/mail", "/settings/closing",
    "/purchase-invoices", "/purchase-invoices/new", "/payments", "/payments/new", "/journal-entries/new", "/accounts",
    "/reports", "/reports/trial-balance", "/reports/profit-and-loss", "/reports/balance-sheet",
    "/reports/general-ledger", "/reports/receivables-ageing", "/reports/payables-ageing", "/reports/sales-register",
    "/reports/purchase-register",
    "/companies/1", "/settings", "/settings/me", "/settings/users", "/settings/roles", "/settings/roles/sales",
    "/settings/tokens", "/settings/sessions", "/settings/password", "/settings/features", "/settings/fields",
    "/settings/fields/customer", "/sales-invoices/5/ledger", "/api/docs",
]  # fmt: skip
GATES = ["/login", "/password"]
Listen = Callable[[Page], list[str]]


def flaws(page: Page) -> list[tuple[str, Any]]:
    """Return what axe finds: rule, and the first places."""
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(
        page.evaluate(
            "() => Math.max(document.documentElement.scrollWidth - innerWidth,"
            " ...[...document.querySelectorAll('main')].map(el => el.scrollWidth - el.clientWidth))"
        )
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_flaw_that_keeps_somebody_out(
    path: str, theme: str, signed_in: Callable[..., Page], complaints: Listen
) -> None:
    page = signed_in(color_scheme=theme)
    heard = complaints(page)

    answer = page.goto(path)

    assert answer is not None
    assert answer.status == 200
    assert flaws(page) == []
    assert heard == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_small_phone(path: str, signed_in: Callable[..., Page]) -> None:
    page = signed_in(width=360, height=740, has_touch=True, is_mobile=True)

    page.goto(path)

    assert overflow(page) <= 0


@pytest.mark.parametrize("path", ["/sales-orders/new", "/customers", "/reports/trial-balance"])
def test_a_page_has_no_flaw_on_a_phone_either(path: str, signed_in: Callable[..., Page]) -> None:
    page = signed_in(width=390, height=844)

    page.goto(path)

    assert flaws(page) == []


@pytest.mark.parametrize("path", GATES)
def test_the_gate_has_no_flaw(path: str, site: str, browser: Browser) -> None:
    page = browser.new_page()

    page.goto(site + path)

    assert flaws(page) == []
    page.close()


def test_the_gate_speaks_japanese(site: str, browser: Browser) -> None:
    page = browser.new_page()

    page.goto(f"{site}/login?lang=ja")

    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("h1").inner_text() == "ログイン"
    page.close()
