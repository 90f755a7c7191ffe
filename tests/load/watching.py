"""Three hundred open browsers while documents change; thousands that only listen; how long, how much, and nothing lost."""

import importlib.util
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from deploy.layout import ROOT
from erp.kernel.change import Work, save
from erp.kernel.change.work import run_work, unit_of_work
from erp.kernel.rights import system_actor
from erp.kernel.rights.sessions import end_session
from erp.parties.customer import Customer
from tests.load.company import Scratch, scratch
from tests.load.instance import Figure, Instance, NotMeasured, judged
from tests.load.live import live, session_of
from tests.load.posting import CODE

FORMS, LISTS, EACH = 200, 10, 10
A_SECOND, SECONDS = 5, 20
SORTS = ("code", "-code", "name", "-name", "id", "-id", "-updated_at", "updated_at", "code,id", "name,id")
PAGES = "/sales-invoices?limit=50"


def crowd(instance: Instance, count: int) -> list[Figure]:
    """Everybody right within a second, others served, the realtime process small: 300 browsers, five changes a second."""
    del count
    company = scratch(CODE)
    people = customers(company)
    lists = [f"/customers?company={company.id}&sort={SORTS[n]}&limit=50" for n in range(LISTS) for _each in range(EACH)]
    with opened_crowd(instance, lists=lists, forms=people[:FORMS]) as (process, ready):
        if ready != FORMS + LISTS * EACH:
            raise NotMeasured(f"only {ready} of the sockets were let in")
        pages = Pages(instance)
        pages.start()
        changes = change(instance, company, people, process, SECONDS)
        pages.ends.set()
        pages.join()
        size = realtime_memory(instance)
        told = ended(process)
    waits = sorted(told["waits"]) or [float("inf")]
    expected = len(told["waits"]) + told["left"]
    print(
        f"crowd: {changes} changes, {len(waits)} of {expected} parts right, {told['left']} not yet, {told['requests']} fetches; "
        f"the generator took {told['cpu_percent']:.0f} % of one CPU",
        file=sys.stderr,
    )
    return [
        judged("300 browsers, 5 changes a second: right, p99", 1000 * at(waits, 99), 1000 * at(waits, 95), "ms", 1000),
        judged("the same: not right in the end", told["left"], told["left"], "", 0),
        judged(
            "the same: a page of somebody else, p95", 1000 * at(pages.took, 95), 1000 * at(pages.took, 99), "ms", 200
        ),
        judged("the same: realtime process", size, size, "MB", 120),
    ]


def busy(instance: Instance, count: int) -> list[Figure]:
    """The way from a commit to a browser while 300 others watch, five documents a second change and PDFs are made."""
    company = scratch(CODE)
    people = customers(company)
    lists = [f"/customers?company={company.id}&sort={SORTS[n]}&limit=50" for n in range(LISTS) for _each in range(EACH)]
    with opened_crowd(instance, lists=lists, forms=people[:FORMS]) as (process, _ready):
        stop = threading.Event()
        instance.token(), instance.token(company.id)  # made here: threads have no application
        paper = threading.Thread(target=_papers, args=(instance, stop))
        changing = threading.Thread(target=change, args=(instance, company, people, process, 600, stop))
        paper.start()
        changing.start()
        try:
            found = live(instance, min(count, 60))
        finally:
            stop.set()
            paper.join()
            changing.join()
        ended(process)
    median, p99 = found[2], found[3]
    return [
        judged("busy: commit until shown in another browser", median["median"], median["p95"], "ms", 150),
        judged("busy: the same, p99", p99["median"], p99["median"], "ms", 150),
    ]


def idle_sockets(instance: Instance, count: int) -> list[Figure]:
    """What sockets cost that only listen, and whether each of five thousand hears of a change."""
    del count
    company = scratch(CODE)
    people = customers(company)
    found = []
    for wanted in (2000, 5000):
        with opened_crowd(instance, idle=wanted) as (process, ready):
            size = realtime_memory(instance)
            change(instance, company, people, process, 1)
            time.sleep(6)
            told = ended(process)
        heard = sum(1 for one in told["heard"] if one >= A_SECOND)
        if wanted == 2000:
            found.append(judged("2,000 idle connections: realtime process", size, size, "MB", 180))
        lost = wanted - min(ready, heard)
        found.append(judged(f"{wanted:,} connections: did not hear of a change", lost, lost, "", 0))
    return found


def at(values: list[float], percent: int) -> float:
    """Return a percentile of sorted values."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Pages(threading.Thread):
    """Somebody else at work: a page every fifth of a second."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(daemon=True)
        self.instance, self.took, self.ends = instance, list[float](), threading.Event()
        self.token = instance.token()

    def run(self) -> None:
        """Open the page again and again."""
        over = self.instance.connect()
        while not self.ends.wait(0.2):
            began = time.monotonic()
            self.instance.send("GET", PAGES, token=self.token, over=over)
            self.took.append(time.monotonic() - began)
        over.close()


def customers(company: Scratch) -> list[int]:
    """Return the ids of two hundred customers of the benchmark's company, made where they are missing."""

    def act(work: Work) -> list[int]:
        query = (
            select(Customer.id)
            .where(Customer.company_id == company.id, Customer.state == "active")
            .order_by(Customer.id)
        )
        known = list(work.session.scalars(query))
        for n in range(len(known), FORMS):
            made: Any = save(
                work, Customer, {"code": f"{company.code}-W{n}", "name": f"Watched {n}", "company": company.id}
            )
            work.session.flush()
            known.append(made.id)
        return known

    return run_work(system_actor("bench"), act)


@contextmanager
def opened_crowd(instance: Instance, **asked: Any) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Open the crowd in a process of its own; return it and how many were let in."""
    if importlib.util.find_spec("websocket") is None:
        raise NotMeasured("websocket-client is missing; bin/test installs it")
    sessions = [session_of(instance) for _n in range(10)]
    about = {
        "host": instance.url.hostname or "127.0.0.1", "port": instance.url.port or 80, "cookies": [sid for sid, _id in sessions],
        **asked,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.load.crowd"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(about) + "\n")
        process.stdin.flush()
        yield process, int(json.loads(process.stdout.readline())["ready"])
    finally:
        process.kill()
        process.wait()
        with unit_of_work(system_actor("bench")) as work:
            for _sid, row_id in sessions:
                end_session(work.session, row_id, work.now)


def change(
    instance: Instance, company: Scratch, people: list[int], process: "subprocess.Popen[str]", seconds: float,
    stop: threading.Event | None = None,
) -> int:  # fmt: skip
    """Change five customers a second, telling the crowd when each was committed; return how many."""
    over, token = instance.connect(), instance.token(company.id)
    assert process.stdin is not None
    ends, done, chance = time.monotonic() + seconds, 0, random.Random(7)
    while time.monotonic() < ends and not (stop is not None and stop.is_set()):
        began = time.monotonic()
        record = chance.choice(people)
        sent = {"phone": f"crowd-{time.time_ns()}"}
        answer = instance.send(
            "PATCH", f"/api/v1/customers/{record}", sent, token=token, over=over, headers={"If-Match": "*"}
        )
        process.stdin.write(f"{record} {json.loads(answer)['version']} {time.time()}\n")
        process.stdin.flush()
        done += 1
        time.sleep(max(0.0, 1 / A_SECOND - (time.monotonic() - began)))
    over.close()
    return done


def ended(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """Let the crowd end and return what it saw."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return dict(json.loads(process.stdout.readline()))


def realtime_memory(instance: Instance) -> float:
    """Return the proportional memory of the realtime processes in MB."""
    total = 0
    for process in instance._processes():
        if "workers.realtime" in " ".join(process.cmdline()):
            total += process.memory_full_info().pss
    return total / 2**20


def _papers(instance: Instance, stop: threading.Event) -> None:
    """Have PDFs made, one after the other, as a batch would."""
    over, token = instance.connect(), instance.token()
    ids = [
        one["id"]
        for one in json.loads(instance.send("GET", "/api/v1/sales-invoices?limit=50", token=token, over=over))["data"]
    ]
    while ids and not stop.is_set():
        for one in ids:
            if stop.wait(0.1):
                break
            instance.send("GET", f"/api/v1/sales-invoices/{one}/print.pdf?lang=ja", token=token, over=over)
    over.close()
