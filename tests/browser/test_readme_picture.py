"""The picture of the README is made by the product: figures, and an approval that pops up while somebody reads them.

``ERP_KEEP_PICTURE=1`` keeps it as ``docs/pictures/home.png``.
"""

import os
import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.walk.order import choose, start_order, wait_for_total, waits
from tests.walk.people import ROOT, people

pytestmark = pytest.mark.browser
KEPT = ROOT / "docs" / "pictures" / "home.png"
WIDE, HIGH, MOST_BYTES = 1280, 900, 200_000


def test_the_picture_of_the_readme_can_be_taken(site: str, browser: Browser, tmp_path: Path) -> None:
    with people(browser, site, "sales", "admin") as (sales, admin):
        home = admin.open_live("/")
        for card in home.locator("#toasts .approval [data-dismiss]").all():
            card.click()
        page = start_order(sales)
        choose(page, "Ernst")
        page.locator("#lines-lines tbody tr[data-key] td .in").first.focus()
        choose(page, "Chai")
        page.keyboard.press("Tab")
        page.keyboard.type("350")
        wait_for_total(page, r"6,300\.00")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("Enter")
        order = waits(page)
        card = home.locator("#toasts .approval", has_text=f"Draft {order}")
        expect(card).to_contain_text("6,300.00")
        expect(home.locator("#board .card").first).to_be_visible()
        expect(home.locator("#board")).to_contain_text(re.compile(r"USD\s*[\d,]+\.\d\d"))
        expect(home.locator("#dash-approvals")).to_contain_text(f"Draft {order}")

        taken = tmp_path / "home.png"
        home.screenshot(path=str(taken))

        page.goto(f"/sales-orders/{order}")
        card.locator(".btn.pri").click()
        expect(page.locator("#doc-head .st")).to_have_text(re.compile("To bill"))
        assert admin.problems == sales.problems == []
    if os.environ.get("ERP_KEEP_PICTURE"):
        KEPT.write_bytes(taken.read_bytes())
    assert size_of(taken) == size_of(KEPT) == (WIDE, HIGH)
    assert KEPT.stat().st_size < MOST_BYTES
    assert f"docs/pictures/{KEPT.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def size_of(png: Path) -> tuple[int, int]:
    """The width and height that a PNG says it has."""
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    return int(width), int(height)
