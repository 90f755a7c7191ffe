"""Open pages whose live channel lost its memory, its Redis, or an hour of sleep: they are right again by themselves."""

import shutil
import time
from collections.abc import Iterator
from itertools import count

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect
from redis import Redis

from erp.settings import read_file
from tests.faults.client import Program
from tests.faults.conftest import Running
from tests.faults.test_open_pages import LIVE, Opened, opened

__all__ = ["opened"]

SLEPT_SECONDS = 50
"""Longer than the forty seconds after which the server takes a silent browser for dead: the page has to begin anew."""

numbers = count(1)


def new(program: Program) -> str:
    """Make a customer and return its name."""
    name = f"Fresh {next(numbers)} {time.time():.0f}"
    program.insist("POST", "/customers", {"code": name.replace(" ", "-"), "name": name}, name)
    return name


@pytest.fixture
def page(instance: Running, program: Program, opened: Opened) -> Page:
    """The list of customers, live."""
    found: Page = opened()
    found.goto("/customers?sort=-id")
    found.wait_for_selector(LIVE)
    expect(found.locator("#rows")).to_contain_text("Ben")
    return found


def is_told(page: Page, name: str, seconds: float = 30) -> None:
    """Wait until the list shows the row, or says that there is one more."""
    page.wait_for_function(
        "name => document.querySelector('#rows').textContent.includes(name) || !document.querySelector('#fresh').hidden",
        arg=name, timeout=seconds * 1000,
    )  # fmt: skip


def clean(page: Page) -> None:
    page.reload()
    page.wait_for_selector(LIVE)


def test_a_redis_that_forgot_everything_is_not_noticed(instance: Running, program: Program, page: Page):
    Redis.from_url(read_file(instance.data / "env")["ERP_REDIS_REALTIME_URL"]).flushall()
    is_told(page, new(program), 5)


def test_a_redis_that_is_killed_costs_no_page_its_news(instance: Running, program: Program, page: Page):
    for _again in range(2):
        instance.kill("redis-realtime")
        meanwhile = new(program)
        instance.wait(instance.is_well, 60)
        is_told(page, meanwhile)
        clean(page)
        is_told(page, new(program))
        clean(page)


def test_a_realtime_process_that_is_killed_costs_no_page_its_news(instance: Running, program: Program, page: Page):
    instance.kill("realtime")
    meanwhile = new(program)
    is_told(page, meanwhile)
    page.wait_for_selector(LIVE, timeout=30_000)
    clean(page)
    is_told(page, new(program), 5)


@pytest.fixture
def sleeper(instance: Running, browser: Browser) -> Iterator[tuple[Page, list[psutil.Process]]]:
    """A page in a browser of its own, with the browser's first process."""
    mark = f"--sleeper={time.time()}"
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    own = browser.browser_type.launch(executable_path=path, args=["--no-sandbox", mark])
    page = own.new_context(base_url=f"http://127.0.0.1:{instance.port}").new_page()
    processes = [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or ())]
    roots = [one for one in processes if "--type=" not in " ".join(one.info["cmdline"])]
    yield page, roots
    own.close()


def test_a_laptop_that_slept_is_right_when_it_wakes(
    instance: Running, program: Program, sleeper: tuple[Page, list[psutil.Process]]
):
    page, roots = sleeper
    page.goto("/login?next=/customers%3Fsort%3D-id")
    page.fill("#login", "ada")
    page.fill("#password", "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_selector(LIVE)
    processes = [*roots, *(child for root in roots for child in root.children(recursive=True))]
    assert len(processes) > 2
    for one in processes:
        one.suspend()
    meanwhile = new(program)
    time.sleep(SLEPT_SECONDS)
    for one in processes:
        one.resume()
    is_told(page, meanwhile)
    page.wait_for_selector(LIVE)
    expect(page.locator("#offline")).to_have_count(0)
