"""Who else has a document open and which field they are in, in two real browsers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order
from tests.browser.test_every_page import flaws, overflow

SignedIn = Callable[..., Page]
AVATARS = "#viewers [role=img]"


@pytest.fixture
def two(signed_in: SignedIn) -> tuple[Page, Page]:
    """Sales and the administrator on one order."""
    sales, admin = signed_in("sales"), signed_in("admin")
    an_order(sales, "3")
    for page in (sales, admin):
        page.goto(sales.url)
        page.wait_for_selector(LIVE)
    return sales, admin


def test_who_comes_moves_and_leaves_is_shown_at_once(two: tuple[Page, Page]) -> None:
    sales, admin = two
    expect(admin.locator(AVATARS)).to_have_count(1, timeout=2000)
    expect(admin.get_by_role("img", name="Mika Tanaka is reading")).to_be_visible()
    expect(sales.get_by_role("img", name="Amara Okafor is reading")).to_be_visible()
    reference = admin.locator("#w-customer_reference")
    before = reference.bounding_box()

    sales.focus("[name=customer_reference]")
    expect(reference.locator(".who")).to_have_text("Mika", timeout=2000)
    assert reference.bounding_box() == before
    expect(admin.locator("#presence")).to_have_text("Mika Tanaka is in Customer’s reference")
    sales.focus("#doc-form .lines [name$='.quantity']")
    expect(admin.locator("#doc-form .lines td.held [role=img]")).to_have_attribute(
        "aria-label", "Mika Tanaka is in Quantity, row 1", timeout=2000
    )
    expect(admin.locator(".held")).to_have_count(1)

    sales.goto("/sales-orders")
    expect(admin.locator(AVATARS)).to_have_count(0, timeout=2000)
    expect(admin.locator(".held")).to_have_count(0)
    expect(admin.locator("#presence-box")).to_be_hidden()


def test_running_through_the_fields_does_not_cut_the_line(two: tuple[Page, Page]) -> None:
    sales, admin = two
    sales.focus("#f-order_date")
    for _ in range(40):
        sales.keyboard.press("Tab")
    sales.focus("[name=customer_reference]")
    expect(admin.locator("#w-customer_reference .who")).to_have_text("Mika", timeout=2000)
    expect(sales.locator(LIVE)).to_have_count(1)
    expect(sales.locator("#offline")).to_have_count(0)


def test_who_is_there_stays_shown_when_the_document_is_saved(two: tuple[Page, Page]) -> None:
    sales, admin = two
    sales.fill("[name=customer_reference]", "PO 7731")
    sales.keyboard.press("Control+s")
    expect(admin.locator("[name=customer_reference]")).to_have_value("PO 7731", timeout=4000)
    expect(admin.locator(AVATARS)).to_have_count(1)
    sales.focus("#f-order_date")
    expect(admin.locator("#w-order_date .who")).to_have_text("Mika", timeout=2000)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (360, "light")])
def test_the_marks_can_be_read_by_everybody(width: int, theme: str, signed_in: SignedIn) -> None:
    admin, sales = signed_in("admin", width=width, color_scheme=theme), signed_in("sales")
    an_order(sales, "2")
    admin.goto(sales.url)
    admin.wait_for_selector(LIVE)
    sales.focus("[name=customer_reference]")
    expect(admin.locator("#w-customer_reference .who")).to_be_visible()
    assert flaws(admin) == []
    sales.focus("#doc-form .lines [name$='.quantity']")
    expect(admin.locator("td.held")).to_be_visible()
    assert flaws(admin) == []
    assert overflow(admin) <= 0
