"""The flow that a business runs: an order approved live, invoiced, printed, mailed, paid, in the books, through the night."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.walk import POPUP_SECONDS, walk
from tests.walk.together import walk_live

pytestmark = pytest.mark.browser


def test_an_order_over_the_limit_is_approved_live_invoiced_printed_mailed_and_paid(
    site: str, data: Path, browser: Browser, tmp_path: Path
) -> None:
    steps: list[str] = []
    done = walk(browser, site, lambda number, text, url: steps.append(f"{number} {text} {url}"), data, tmp_path)
    assert done.seen["popup"] <= POPUP_SECONDS, steps
    assert len(steps) == len(list(tmp_path.glob("*.png"))) == done.steps


def test_two_people_write_one_order_one_leaves_the_network_and_one_approves_on_a_phone(
    site: str, data: Path, browser: Browser, tmp_path: Path
) -> None:
    steps: list[str] = []
    done = walk_live(browser, site, lambda number, text, url: steps.append(f"{number} {text} {url}"), data, tmp_path)
    assert len(steps) == len(list(tmp_path.glob("*.png"))) == done.steps
