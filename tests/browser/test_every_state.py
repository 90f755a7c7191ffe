"""What opens on a page can be read by everybody too: dialogs, menus, errors, entries beside a report."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import ROOT
from tests.browser.steps import open_empty
from tests.browser.test_every_page import flaws, overflow

PO = ROOT / "erp/translations/ja/LC_MESSAGES/messages.po"
SignedIn = Callable[..., Page]
Act = Callable[[Page], None]


def _press(*keys: str) -> Act:
    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return act


def _click(selector: str) -> Act:
    return lambda page: page.locator(selector).first.click()


def _refused(page: Page) -> None:
    open_empty(page, "/sales-orders/new")
    page.fill('[name="lines.n1.item"]', "Nothing of ours")
    page.fill('[name="lines.n1.quantity"]', "two")
    page.click("#doc-head [data-key=save]")
    page.wait_for_selector("#doc-errors li")


def _list_of_a_link_field(page: Page) -> None:
    open_empty(page, "/sales-orders/new")
    page.focus("#f-customer")
    page.keyboard.type("al")
    page.wait_for_selector("#link-list:not([hidden]) [data-id]")


def _quick_create(page: Page) -> None:
    open_empty(page, "/sales-orders/new")
    page.focus('[name="lines.n1.item"]')
    page.keyboard.type("Quince jam")
    page.wait_for_selector("#link-list:not([hidden]) [data-create]")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#quick")
    page.keyboard.press("Enter")
    page.wait_for_selector("#quick .err:not([hidden])")


def _entries(page: Page) -> None:
    page.locator("#report [data-drill]").first.click()
    expect(page.locator("#drill h2")).to_be_focused()


def _toast(page: Page) -> None:
    _quick_row(page)
    page.keyboard.press("Alt+Delete")
    page.wait_for_selector("#toasts .toast button")


def _quick_row(page: Page) -> None:
    open_empty(page, "/sales-orders/new")
    page.fill('[name="lines.n1.quantity"]', "3")
    page.click("tr.add button")
    page.focus('[name="lines.n1.quantity"]')


STATES: dict[str, tuple[str, Act]] = {
    "keys": ("/", _press("Shift+?")),
    "palette of a document": ("/sales-orders/1", _press("Control+k")),
    "jobs": ("/jobs", lambda page: None),
    "notifications": ("/", _click("[popovertarget=bell]")),
    "add a filter": ("/sales-invoices", _press("/")),
    "sort": ("/sales-invoices", _click("[popovertarget=sort]")),
    "export": ("/sales-invoices", _click("[popovertarget=export]")),
    "selected rows": ("/sales-invoices", _press("j", "x")),
    "toast": ("/sales-orders/new", _toast),
    "ledger of a document": ("/sales-invoices/5/ledger", lambda page: None),
    "palette": ("/", _press("Control+k", "a", "l", "f")),
    "own menu": ("/", _click("[popovertarget=me]")),
    "companies": ("/", _click("[popovertarget=company-menu]")),
    "refused form": ("/sales-orders/new", _refused),
    "link list": ("/sales-orders/new", _list_of_a_link_field),
    "quick create": ("/sales-orders/new", _quick_create),
    "reason": ("/sales-orders/1", _click("[popovertarget=act-cancel]")),
    "columns": ("/sales-invoices", _click("[popovertarget=columns]")),
    "row menu": ("/sales-orders/1", _click("[popovertarget^=more-lines]")),
    "drill": ("/reports/trial-balance", _entries),
    "rare options": ("/reports/trial-balance", _click("[popovertarget=rare]")),
    "not here": ("/nowhere", lambda page: None),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_what_opens_on_a_page_has_no_flaw(state: str, theme: str, signed_in: SignedIn) -> None:
    page = signed_in(color_scheme=theme)
    path, act = STATES[state]
    page.goto(path)

    act(page)
    page.wait_for_timeout(300)

    assert flaws(page) == []


@pytest.fixture(scope="session")
def in_japanese(site: str, data: Path, browser: Browser) -> StorageState:
    """The session of an administrator who reads Japanese."""
    login = f"ja{uuid4().hex[:8]}"
    words = [
        "user",
        "add",
        login,
        "--role",
        "administrator",
        "--language",
        "ja",
        "--name",
        "本田 葵",
        "--password-stdin",
    ]
    erp = [str(Path(sys.executable).parent / "erp"), "--data", str(data), *words]
    own = {name: value for name, value in os.environ.items() if not name.startswith("ERP_")}
    made = subprocess.run(erp, input="matcha and azuki", text=True, check=False, capture_output=True, env=own)
    assert made.returncode == 0, made.stdout + made.stderr
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", "matcha and azuki")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    state = context.storage_state()
    context.close()
    return state


def english_that_has_a_translation() -> set[str]:
    """Return our English sentences that Japanese says otherwise."""
    with PO.open("rb") as file:
        known = read_po(file, locale="ja")
    pairs = [(one.id, one.string) for one in known if isinstance(one.id, str) and one.id]
    return {english for english, japanese in pairs if japanese and japanese != english and len(english) > 1}


NAMES_IN_THE_DEMO = {"Freight", "Bank", "Sales", "Cash", "Inventory", "Assets", "Income", "Expenses"}
SAID = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const within = walk.currentNode.parentElement
    if (within.checkVisibility() && !within.closest("[lang=en], kbd")) found.push(walk.currentNode.data.trim())
  }
  for (const name of ["aria-label", "placeholder", "title"])
    for (const el of document.querySelectorAll(`[${name}]`)) found.push(el.getAttribute(name))
  return found.filter(Boolean)
}"""


@pytest.mark.parametrize("state", STATES)
def test_what_opens_on_a_page_speaks_japanese(
    state: str, site: str, browser: Browser, in_japanese: StorageState
) -> None:
    context = browser.new_context(base_url=site, storage_state=in_japanese, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    path, act = STATES[state]
    page.goto(path)

    act(page)
    page.wait_for_timeout(300)

    assert set(page.evaluate(SAID)) & english_that_has_a_translation() - NAMES_IN_THE_DEMO == set()
    assert flaws(page) == []
    context.close()


@pytest.mark.parametrize("state", ["palette", "refused form", "own menu", "drill", "selected rows"])
def test_what_opens_is_seen_where_the_system_forces_its_colours(state: str, signed_in: SignedIn) -> None:
    page = signed_in(forced_colors="active")
    path, act = STATES[state]
    page.goto(path)

    act(page)
    page.wait_for_timeout(300)

    bare = page.evaluate(
        "() => [...document.querySelectorAll('main .btn, main .in, dialog[open], [popover]:popover-open')]"
        ".filter(el => el.checkVisibility() && !el.matches('.bare, .grid *, .acts *'))"
        ".filter(el => ['none', 'hidden'].includes(getComputedStyle(el).borderTopStyle)).map(el => el.outerHTML.slice(0, 120))"
    )
    assert bare == []


@pytest.mark.parametrize("state", ["refused form", "row menu", "drill"])
def test_what_opens_on_a_small_phone_fits_it(state: str, signed_in: SignedIn) -> None:
    page = signed_in(width=360, height=740, has_touch=True)
    path, act = STATES[state]
    if state == "refused form":
        open_empty(page, path)
        page.fill('[name="lines.n1.quantity"]', "two")
        page.click(".stick .btn >> nth=0")
        page.wait_for_selector("#doc-errors li")
    else:
        page.goto(path)
        act(page)
    page.wait_for_timeout(300)

    assert overflow(page) <= 0
    assert flaws(page) == []
