"""Two people type in one order, each in a field of his own, while lines break at random: every keystroke is in the end.

For ``ERP_TYPING_SECONDS`` (thirty by default; the issue that asked for it says three hundred).
"""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.browser.steps import LIVE, an_order

SignedIn = Callable[..., Page]
SECONDS = float(os.environ.get("ERP_TYPING_SECONDS", "30"))
SAVE = "#doc-head button[data-key=save]"
SIGNS = "abcdefghijklmnopqrstuvwxyz 0123456789"
LONGEST = 240


@dataclass
class Typist:
    """Somebody with a field of his own, and what he typed into it."""

    page: Page
    place: str
    chance: random.Random
    typed: str = ""
    offline_until: float = 0.0
    saves: int = 0
    cuts: int = 0
    errors: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Go to the end of the field, as after any page that was loaded."""
        self.page.wait_for_selector(LIVE)
        more = self.page.locator("#more")
        if more.count() and not more.evaluate("el => el.open"):
            more.locator("summary").click()
        self.page.focus(self.place)
        self.page.keyboard.press("Control+End")

    def step(self) -> None:
        """Type a sign; sometimes lose the network, come back to it, or save."""
        if self.offline_until and time.monotonic() > self.offline_until:
            self.come_back()
        dice = self.chance.random()
        if dice < 0.04 and not self.offline_until:
            self.page.context.set_offline(True)
            self.offline_until = time.monotonic() + self.chance.uniform(0.5, 6)
            self.cuts += 1
        elif dice < 0.07 and not self.offline_until:
            self.save()
        elif len(self.typed) < LONGEST:
            sign = self.chance.choice(SIGNS)
            self.page.keyboard.type(sign)
            self.typed += sign

    def come_back(self) -> None:
        self.page.context.set_offline(False)
        self.offline_until = 0.0

    def save(self) -> None:
        """Save, and go on in the page that is loaded then."""
        with self.page.expect_navigation():
            self.page.click(SAVE)
        expect(self.page.locator("#conflict")).to_have_count(0)
        self.saves += 1
        self.begin()


def test_every_keystroke_of_two_people_is_in_the_document(signed_in: SignedIn) -> None:
    first, second = signed_in("sales"), signed_in("admin")
    an_order(first, "3")
    second.goto(first.url)
    seed = random.Random(int(os.environ.get("ERP_TYPING_SEED", "2026")))
    people = [
        Typist(first, "#f-customer_reference", random.Random(seed.random())),
        Typist(second, "#f-note", random.Random(seed.random())),
    ]
    for one in people:
        one.begin()
    ends = time.monotonic() + SECONDS
    pause = SECONDS / LONGEST / 2
    while time.monotonic() < ends:
        for one in people:
            one.step()
            one.page.wait_for_timeout(1000 * one.chance.uniform(0, 2 * pause))
    for one in people:
        one.come_back()
    for one in people:
        one.page.wait_for_selector(LIVE, timeout=30_000)
        one.save()
    number = first.url.rsplit("/", 1)[1]
    kept = first.context.request.get(f"/api/v1/sales-orders/{number}").json()

    assert kept["customer_reference"].strip() == people[0].typed.strip()
    assert kept["note"].strip() == people[1].typed.strip()
    assert all(one.cuts and one.saves > 1 and len(one.typed) > 20 for one in people), people
