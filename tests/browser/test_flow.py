"""The flow that a business runs: an order approved live, invoiced, printed, mailed, paid, and in the books at once."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.walk import POPUP_SECONDS, walk

pytestmark = pytest.mark.browser


def test_an_order_over_the_limit_is_approved_live_invoiced_printed_mailed_and_paid(
    site: str, browser: Browser, tmp_path: Path
) -> None:
    steps: list[str] = []
    done = walk(browser, site, lambda text, url: steps.append(f"{text} {url}"), tmp_path)
    assert done.seen["popup"] <= POPUP_SECONDS, steps
    assert done.seen["receivables"] >= 0
