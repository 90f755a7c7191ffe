"""From a commit in one browser to the changed page in another: real Chromium, one session each, one change in a while."""

import importlib.util
import shutil
import time
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from erp.kernel.change.work import unit_of_work
from erp.kernel.rights import system_actor
from erp.kernel.rights.loading import actor_by_login
from erp.kernel.rights.sessions import end_session, open_session
from erp.parties.customer import Customer
from tests.load.company import Scratch, scratch
from tests.load.instance import Figure, Instance, NotMeasured, judged
from tests.load.posting import CODE

TIMES, PAUSE = 60, 1.6
WATCH = """id => { const row = document.getElementById("r-" + id); window.seen = {}
  new MutationObserver(() => { const text = document.getElementById("r-" + id)?.textContent || ""
    const found = text.match(/live-\\d+/)
    if (found && !window.seen[found[0]]) window.seen[found[0]] = performance.timeOrigin + performance.now()
  }).observe(document.getElementById("rows"), { subtree: true, childList: true, characterData: true, attributes: true }) }"""
SAVE = """async ([id, version, phone]) => {
  const body = new URLSearchParams({ csrf_token: erp.csrf, version, phone })
  const sent = performance.timeOrigin + performance.now()
  const answer = await fetch(`/customers/${id}`, { method: "POST", body, redirect: "manual",
    headers: { "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab } })
  return [sent, answer.status || 303, performance.timeOrigin + performance.now()] }"""


def live(instance: Instance, count: int) -> list[Figure]:
    """Milliseconds from sending a change in one browser until the list in another shows it; p99 is what counts."""
    if importlib.util.find_spec("playwright") is None:
        raise NotMeasured("Playwright is missing; bin/test installs it")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise NotMeasured("Chromium is missing; bin/test installs it")
    company = scratch(CODE)
    opened = [session_of(instance), session_of(instance)]
    try:
        waits = _waits(instance, company, program, [sid for sid, _id in opened], min(count, TIMES))
    finally:
        with unit_of_work(system_actor("bench")) as work:
            for _sid, row_id in opened:
                end_session(work.session, row_id, work.now)
    found = []
    for name, values, half, most in (
        ("sending a change in one browser until shown in another", [whole for whole, _told in waits], 100, 100),
        ("commit until shown in another browser", [max(0.0, told) for _whole, told in waits], 30, 80),
    ):
        ordered = sorted(values)
        median, p95 = ordered[len(ordered) // 2], ordered[-(-len(ordered) * 95 // 100) - 1]
        p99 = ordered[-(-len(ordered) * 99 // 100) - 1]
        found += [
            judged(name, median, p95, "ms", half),
            judged(f"the same, p99 of {len(ordered)}", p99, p99, "ms", most),
        ]
    return found


def session_of(instance: Instance) -> tuple[str, int]:
    with unit_of_work(system_actor("bench")) as work:
        actor = actor_by_login(work.session, instance.user)
        if actor is None or actor.user_id is None:
            raise NotMeasured(f"there is no user {instance.user!r}")
        sid, row = open_session(work.session, actor.user_id, now=work.now, agent="erp bench")
        return sid, row.id


def _waits(
    instance: Instance, company: Scratch, program: str, sids: list[str], times: int
) -> list[tuple[float, float]]:
    sync_playwright = importlib.import_module("playwright.sync_api").sync_playwright
    with unit_of_work(system_actor("bench")) as work:
        customer = work.session.scalars(
            select(Customer.id).where(Customer.company_id == company.id).order_by(Customer.id).limit(1)
        ).one()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        changing, watching = (page_of(instance, browser, sid) for sid in sids)
        watching.goto(f"/customers?company={company.id}&limit=50")
        watching.wait_for_selector("html[data-live=on]")
        watching.wait_for_selector(f"#r-{customer}")
        watching.evaluate(WATCH, customer)
        changing.goto(f"/customers/{customer}")
        waits = [_wait(changing, watching, customer) for _n in range(times + 3)]
        browser.close()
    return waits[3:]


def page_of(instance: Instance, browser: Any, sid: str) -> Any:
    base = urlsplit(instance.config.base_url)
    name = "__Host-sid" if base.scheme == "https" else "sid"
    context = browser.new_context(base_url=instance.config.base_url)
    context.add_cookies([{"name": name, "value": sid, "url": instance.config.base_url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def _wait(changing: Any, watching: Any, customer: int) -> tuple[float, float]:
    """Change the customer's phone number in one browser; return how long the other took to show it.

    First from sending, then from the answer, which comes when the change is committed and told.
    """
    with unit_of_work(system_actor("bench")) as work:
        version = work.session.scalars(select(Customer.version).where(Customer.id == customer)).one()
    word = f"live-{time.time_ns()}"
    sent, status, answered = changing.evaluate(SAVE, [customer, str(version), word])
    if status not in {0, 204, 303}:
        raise NotMeasured(f"saving a customer answered {status}")
    watching.wait_for_function("word => window.seen[word]", arg=word, polling=5)
    time.sleep(PAUSE)
    shown = float(watching.evaluate("word => window.seen[word]", word))
    return shown - float(sent), shown - float(answered)
