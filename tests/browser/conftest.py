"""A running product with its demo, and people signed in to it in a real browser.

``ERP_BROWSER_URL`` (and ``ERP_BROWSER_DATA``, its data folder) name an instance that runs already; otherwise ``bin/dev`` is
started with a data folder of its own.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

ROOT = Path(__file__).parents[2]
PASSWORD = "daifuku-demo"
START_SECONDS = 300
SignedIn = Callable[..., Page]


@pytest.fixture(scope="session")
def site(instance: tuple[str, Path]) -> str:
    return instance[0]


@pytest.fixture(scope="session")
def data(instance: tuple[str, Path]) -> Path:
    """The data folder of the running product, for the operator's command."""
    return instance[1]


@pytest.fixture(scope="session")
def instance() -> Iterator[tuple[str, Path]]:
    given = os.environ.get("ERP_BROWSER_URL")
    if given:
        yield given.rstrip("/"), Path(os.environ.get("ERP_BROWSER_DATA", ROOT / "var"))
        return
    data, port = tempfile.mkdtemp(prefix="daifuku-browser-"), _free_port()
    command = [str(ROOT / "bin/dev"), "--port", str(port), "--data", data]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith("ready ")), "")
        assert line, "bin/dev ended before it was ready"
        yield line.split()[1].rstrip("/"), Path(data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)
        shutil.rmtree(data, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        one = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture(scope="session")
def sessions(site: str, browser: Browser) -> Callable[[str], StorageState]:
    """Sign each person in once; every test gets a copy of the session."""
    kept: dict[str, StorageState] = {}

    def session_of(login: str) -> StorageState:
        if login not in kept:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{site}/login")
            page.fill("#login", login)
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/login" not in url)
            kept[login] = context.storage_state()
            context.close()
        return kept[login]

    return session_of


@pytest.fixture
def signed_in(site: str, browser: Browser, sessions: Callable[[str], StorageState]) -> Iterator[SignedIn]:
    """Return a page on which this person works; ``complaints`` collects what the browser's console reports."""
    contexts: list[BrowserContext] = []

    def start(login: str = "admin", width: int = 1440, height: int = 900, **options: Any) -> Page:
        state = sessions(login)
        context = browser.new_context(
            viewport={"width": width, "height": height}, storage_state=state, base_url=site, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def complaints() -> Callable[[Page], list[str]]:
    """Return a list that fills with the errors of a page: scripts, policy, missing files."""

    def listen(page: Page) -> list[str]:
        found: list[str] = []
        page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: found.append(str(error)))
        return found

    return listen
