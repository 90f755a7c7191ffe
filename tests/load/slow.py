"""A form on a slow line and a slow processor: Lighthouse's Slow 4G, a quarter of the CPU, the screen of a phone."""

import importlib.util
import shutil
from typing import Any

from erp.kernel.change.work import unit_of_work
from erp.kernel.rights import system_actor
from erp.kernel.rights.sessions import end_session
from tests.load.instance import Figure, Instance, NotMeasured, figure
from tests.load.live import page_of, session_of

FORM, BEFORE, TIMES = "/sales-orders/new", "/sales-orders", 9
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
QUARTER, TARGET = 4, 1000
USABLE = """() => new Promise(done => {
  const look = () => { const mark = performance.getEntriesByName("usable")[0]; mark ? done(mark.startTime) : setTimeout(look, 10) }
  look() })"""


def slow(instance: Instance, count: int) -> list[Figure]:
    """Milliseconds until a new order can be typed into: scripts at work, not only something painted."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if importlib.util.find_spec("playwright") is None or program is None:
        raise NotMeasured("Chromium or Playwright is missing; bin/test installs them")
    sid, row_id = session_of(instance)
    times = min(count, TIMES)
    try:
        first, later = _measured(instance, program, sid, times)
    finally:
        with unit_of_work(system_actor("bench")) as work:
            end_session(work.session, row_id, work.now)
    return [
        figure("form usable on Slow 4G, CPU / 4, first page of all", first, "ms", TARGET),
        figure("form usable on Slow 4G, CPU / 4, further page", later, "ms", TARGET),
    ]


def _measured(instance: Instance, program: str, sid: str, times: int) -> tuple[list[float], list[float]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        first = [_once(instance, browser, sid, known=False) for _ in range(times)]
        later = [_once(instance, browser, sid, known=True) for _ in range(times)]
        browser.close()
    return first, later


def _once(instance: Instance, browser: Any, sid: str, *, known: bool) -> float:
    """Open the form in a browser that knows nothing yet, or that came from the list."""
    page = page_of(instance, browser, sid)
    page.set_viewport_size({"width": 390, "height": 844})
    if known:
        page.goto(BEFORE, wait_until="networkidle")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": QUARTER})
    page.goto(FORM)
    usable = float(page.evaluate(USABLE))
    page.context.close()
    return usable
