"""The people of the walk and what they leave on the way."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
PASSWORD = "daifuku-demo"
PATIENCE = 20_000
Say = Callable[[int, str, str], None]


class Person:
    """Somebody in a browser of his own, signed in."""

    def __init__(self, browser: Browser, base: str, login: str, *, wide: int = 1280) -> None:
        self.login, self.base = login, base
        self.context: BrowserContext = browser.new_context(
            base_url=base, viewport={"width": wide, "height": 900 if wide > 600 else 740}
        )
        self.context.set_default_timeout(PATIENCE)
        self.problems: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """Open another tab."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        return page

    def sign_in(self) -> "Person":
        """Sign in by the keyboard."""
        self.page.goto("/login")
        self.page.fill("[name=login]", self.login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def open(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(path)
        return self.page

    def open_live(self, path: str) -> Page:
        """Open a page and wait until it hears what changes."""
        self.open(path)
        self.page.wait_for_selector("html[data-live=on]", state="attached")
        return self.page

    def json(self, path: str) -> Any:
        """Read an answer of the API with the session of this browser."""
        answer = self.context.request.get(path)
        assert answer.ok, f"{path}: {answer.status} {answer.text()[:300]}"
        return answer.json()


@dataclass
class Walk:
    """Where the walk goes, and what was made on the way."""

    base: str
    data: Path
    say: Say
    pictures: Path | None = None
    seen: dict[str, Any] = field(default_factory=dict)
    steps: int = 0

    def step(self, text: str, page: Page) -> None:
        """Tell a step with its address, and leave a picture."""
        self.steps += 1
        self.say(self.steps, text, page.url)
        if self.pictures is not None:
            name = re.sub(r"[^a-z0-9]+", "-", re.sub(r", [\d.]+ s.*", "", text.lower())).strip("-")[:50]
            page.screenshot(path=str(self.pictures / f"{self.steps:02}-{name}.png"))

    def erp(self, *words: str) -> Any:
        """Run the operator's command on this instance and return its JSON."""
        command = [str(ROOT / ".venv" / "bin" / "erp"), "--data", str(self.data), *words, "--json"]
        own = {key: value for key, value in os.environ.items() if not key.startswith("ERP_")}
        done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"erp {' '.join(words)}: {done.stdout} {done.stderr}"
        return json.loads(done.stdout)


def seconds_until(true: Callable[[], bool], patience: float = 20) -> float:
    """Return how long it takes until something is true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < patience, "it did not happen"
        time.sleep(0.02)
    return time.monotonic() - began


@contextmanager
def people(browser: Browser, base: str, *logins: str, wide: int = 1280) -> Iterator[list[Person]]:
    """Sign people in, each in a browser of his own."""
    found = [Person(browser, base, login, wide=wide).sign_in() for login in logins]
    try:
        yield found
    finally:
        for one in found:
            one.context.close()
