"""From an empty installation to a home page that teaches: one page after another, back and forth, nothing typed is lost."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, START_SECONDS, _free_port
from tests.browser.test_every_page import flaws, overflow

PASSWORD = "matcha and azuki"


@contextmanager
def started() -> Iterator[str]:
    """Start a product that knows no company yet; yield its address."""
    data, port = tempfile.mkdtemp(prefix="daifuku-empty-"), _free_port()
    command = [str(ROOT / "bin/dev"), "--no-demo", "--port", str(port), "--data", data]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith("ready ")), "")
        assert line, "bin/dev ended before it was ready"
        yield line.split()[1].rstrip("/")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def empty() -> Iterator[str]:
    """A product that stays empty for all tests of this file."""
    with started() as url:
        yield url


@pytest.fixture
def to_be_filled() -> Iterator[str]:
    """A product of its own for the test that makes a company: the others would find it, whatever the order."""
    with started() as url:
        yield url


@contextmanager
def page_on(url: str, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=url)
    one = context.new_page()
    one.set_default_timeout(10_000)
    yield one
    context.close()


@pytest.fixture
def page(empty: str, browser: Browser) -> Iterator[Page]:
    with page_on(empty, browser) as one:
        yield one


@pytest.fixture
def filled_page(to_be_filled: str, browser: Browser) -> Iterator[Page]:
    with page_on(to_be_filled, browser) as one:
        yield one


def go_on(page: Page) -> None:
    with page.expect_navigation():
        page.click(".btn.pri")


def fill_company(page: Page) -> None:
    page.fill("#name", "Kalo Röstwerk GmbH")
    page.select_option("#country", "DE")
    go_on(page)


def step(page: Page) -> str:
    return page.locator(".step [aria-current=step] b").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_the_first_run_can_be_read_by_everybody(
    language: str, theme: str, empty: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=empty, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/login?lang={language}")
    page.wait_for_url("**/first-run")
    page.reload()
    for _step in range(4):
        assert page.locator("html").get_attribute("lang") == language
        assert flaws(page) == []
        assert overflow(page) <= 0
        if page.locator("#name").count():
            page.fill("#name", "Kalo")
            page.select_option("#country", "JP")
        if not page.locator("#password").count():
            go_on(page)
    assert page.locator("#password").count() == 1
    context.close()


def test_what_is_missing_is_told_at_its_field_and_the_first_one_has_the_focus(page: Page) -> None:
    page.goto("/first-run")

    go_on(page)

    expect(page.locator("#name-problem")).to_contain_text("Name is missing.")
    expect(page.locator("#country-problem")).to_contain_text("Country is missing.")
    expect(page.locator("#name")).to_be_focused()


def test_going_back_and_coming_again_later_loses_nothing(page: Page) -> None:
    page.goto("/first-run")
    fill_company(page)
    assert step(page) == "Books"
    page.select_option("#fiscal_year_month", "4")
    page.check("[value=generic]")
    with page.expect_navigation():
        page.click("button:has-text('Back')")
    expect(page.locator("#name")).to_have_value("Kalo Röstwerk GmbH")
    go_on(page)
    expect(page.locator("[value=generic]")).to_be_checked()
    with page.expect_navigation():
        page.click("text=Save and finish later")
    expect(page.locator("[role=status]").first).to_contain_text("kept in this browser")

    again = page.context.new_page()
    page.close()
    again.goto("/first-run?step=2")

    expect(again.locator("#fiscal_year_month")).to_have_value("4")
    expect(again.locator("[value=generic]")).to_be_checked()
    expect(again.locator(".what-generic")).to_be_visible()
    expect(again.locator(".what-germany")).to_be_hidden()


def test_switching_the_language_keeps_what_was_typed(page: Page) -> None:
    page.goto("/first-run")
    page.fill("#name", "Kalo")

    with page.expect_navigation():
        page.click("button[lang=ja]")

    expect(page.locator("h1")).to_have_text("会社の情報")
    expect(page.locator("#name")).to_have_value("Kalo")


def test_the_company_is_made_by_the_keyboard_and_ends_on_a_home_page_that_teaches(filled_page: Page) -> None:
    page = filled_page
    page.goto("/")
    page.wait_for_url("**/first-run")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Kalo Röstwerk GmbH")
    page.keyboard.press("Tab")
    page.keyboard.type("Germany")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#currency")).to_be_focused()
    for title in ("Your books", "How you work", "Your login"):
        with page.expect_navigation():
            page.keyboard.press("Enter") if title == "Your books" else page.click(".btn.pri")
        expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("#person")).to_be_focused()
    page.keyboard.type("Ada Kalo")
    page.fill("#password", "short")
    go_on(page)
    expect(page.locator("#password-problem")).to_contain_text("at least 12")
    expect(page.locator("#person")).to_have_value("Ada Kalo")
    page.fill("#password", PASSWORD)

    go_on(page)

    page.wait_for_url("**/first-steps")
    expect(page.locator("h1")).to_have_text("Getting started")
    page.goto("/")
    expect(page.locator("section:has(#d-steps) li")).to_have_count(3)
    expect(page.locator("section:has(#d-steps)")).to_contain_text("First customer")
    assert page.context.request.get("/first-run").status == 404
    [company] = page.context.request.get("/api/v1/companies").json()["data"]
    assert (company["currency"], company["timezone"], company["tax_id"]) == ("EUR", "Europe/Berlin", None)
    assert flaws(page) == []
