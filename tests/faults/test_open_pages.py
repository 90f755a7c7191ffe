"""What an open page says and keeps while a part of the system is away, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faults.client import PASSWORD, Program, invoice
from tests.faults.conftest import Running

NOTE = "[name=customer_reference]"
SAVE = "#doc-head button[data-key=save]"
LIVE = "html[data-live=on]"
Opened = Callable[..., Page]


@pytest.fixture
def opened(instance: Running, program: Program, browser: Browser) -> Iterator[Opened]:
    """Return a page on which the administrator, or another user, works."""
    contexts: list[BrowserContext] = []
    instance.wait(instance.is_well, 60)

    def start(login: str = "ada") -> Page:
        context = browser.new_context(base_url=f"http://127.0.0.1:{instance.port}")
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield start
    for context in contexts:
        context.close()


def new_customer(page: Page, code: str) -> None:
    page.goto("/customers/new")
    page.fill("[name=code]", code)


def test_typing_survives_a_restart_of_the_server(instance: Running, opened: Opened):
    page = opened()
    page.goto("/sales-orders/new")
    with page.expect_response(lambda answer: "/buffer" in answer.url and answer.ok):
        page.fill(NOTE, "typed before the restart")
    instance.stop()
    page.fill(NOTE, "typed while it was off")
    expect(page.locator("#toasts")).to_contain_text("what you typed is kept")

    with page.expect_response(lambda answer: "/buffer" in answer.url and answer.ok, timeout=90_000):
        instance.start()
    expect(page.locator(NOTE)).to_have_value("typed while it was off")
    again = page.context.new_page()
    again.goto("/sales-orders/new")
    expect(again.locator(NOTE)).to_have_value("typed while it was off")


def test_a_save_whose_line_is_cut_says_so_keeps_what_was_typed_and_is_saved_once(
    instance: Running, program: Program, opened: Opened
):
    page = opened()
    new_customer(page, "CUT")
    with instance.held("supervisor"):
        instance.kill("nginx")
        page.fill("[name=name]", "Kept Ltd")
        page.click(SAVE)
        expect(page.locator("#toasts")).to_contain_text(
            "The server did not answer. Nothing was saved; what you typed is kept."
        )
        expect(page.locator("[name=name]")).to_have_value("Kept Ltd")
    with page.expect_response(lambda answer: "/buffer" in answer.url and answer.ok, timeout=30_000):
        instance.wait(lambda: instance.page()[0] == 200, 30)
    page.reload()
    expect(page.locator("[name=name]")).to_have_value("Kept Ltd")
    page.click(SAVE)
    page.wait_for_url(lambda url: not url.endswith("/new"))
    assert [one["name"] for one in program.insist("GET", "/customers?code=CUT")["data"]] == ["Kept Ltd"]


def test_without_the_live_channel_pages_say_so_save_and_catch_up_when_it_is_back(
    instance: Running, program: Program, opened: Opened
):
    added = instance.erp(
        "user", "add", "hana", "--language", "ja", "--role", "administrator", "--password-stdin", typed=PASSWORD + "\n"
    )
    assert added.returncode in {0, 1}, added.stderr
    program.insist("POST", "/sales-invoices?submit=1", invoice(7), "before")
    page, japanese = opened(), opened("hana")
    for one in (page, japanese):
        one.goto("/sales-invoices?sort=-id")
        one.wait_for_selector(LIVE)
    with instance.held("supervisor"):
        instance.kill("realtime")
        expect(page.locator("#offline")).to_contain_text("Live updates are paused", timeout=20_000)
        expect(japanese.locator("#offline")).to_contain_text("ライブ更新が止まっています", timeout=20_000)
        saving = page.context.new_page()
        new_customer(saving, "PAUSED")
        saving.fill("[name=name]", "Saved meanwhile")
        saving.click(SAVE)
        saving.wait_for_url(lambda url: not url.endswith("/new"))
        number = program.insist("POST", "/sales-invoices?submit=1", invoice(7), "meanwhile")["number"]
    page.wait_for_selector(LIVE, timeout=30_000)
    expect(page.locator("#offline")).to_have_count(0)
    expect(page.locator("#rows")).to_contain_text(number, timeout=10_000)


def test_the_first_record_of_an_empty_list_shows_up_by_itself(program: Program, opened: Opened):
    page = opened()
    page.goto("/suppliers")
    page.wait_for_selector(LIVE)
    expect(page.locator("#list-empty")).to_contain_text("No suppliers yet")
    program.insist("POST", "/suppliers", {"code": "S1", "name": "Sid"}, "supplier")
    expect(page.locator("#rows")).to_contain_text("Sid", timeout=10_000)
