"""Each process dies alone: /readyz names it, pages say what is missing, it comes back by itself, nothing accepted is lost."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.faults.client import Program, invoice, signed_in
from tests.faults.conftest import Running

BACK_SECONDS, DATABASE_SECONDS = 5, 15
SLACK = 3.0
"""A loaded test machine starts a Python process in seconds, not in tenths; the promise is for two idle cores."""
OFFICE = {"relay", "worker", "pdf", "scheduler"}


@pytest.fixture(autouse=True)
def well(instance: Running) -> None:
    instance.wait(instance.is_well, 60)


@contextmanager
def posting(program: Program, key: str) -> Iterator[None]:
    """Post an invoice meanwhile, insisting on an answer; afterwards it is in the books, once."""
    before = posted(program)
    answers: list[Any] = []

    def post() -> None:
        answers.append(program.insist("POST", "/sales-invoices?submit=1", invoice(), key))

    thread = threading.Thread(target=post)
    thread.start()
    yield
    thread.join(120)
    assert [one["state"] for one in answers] == ["submitted"]
    assert program.insist("POST", "/sales-invoices?submit=1", invoice(), key)["number"] == answers[0]["number"]
    assert posted(program) - before == {answers[0]["number"]}


def posted(program: Program) -> set[str]:
    """Return the numbers of the newest invoices."""
    found = program.insist("GET", "/sales-invoices?sort=-id&limit=50&fields=number&state=submitted")["data"]
    return {one["number"] for one in found}


def back(instance: Running, name: str, before: int, seconds: float) -> None:
    """Wait until another process of this name runs and all is well."""
    instance.wait(lambda: (one := instance.named(name)) is not None and one.pid != before, seconds * SLACK)
    instance.wait(instance.is_well, seconds * SLACK + 10)


@pytest.mark.parametrize("role", ["cache", "queue", "realtime"])
def test_without_a_redis_pages_and_postings_go_on_and_health_names_it(instance: Running, program: Program, role: str):
    with instance.held("supervisor"):
        before = instance.kill(f"redis-{role}")
        instance.wait(lambda: instance.missing() == {f"redis_{role}"}, 20)
        assert instance.ready()["status"] == "degraded"
        with posting(program, f"without-redis-{role}"):
            assert instance.page()[0] == 200
    back(instance, f"redis-{role}", before, BACK_SECONDS)


def test_a_redis_that_hangs_keeps_no_page_waiting(instance: Running, program: Program):
    servers = [instance.named(f"redis-{role}") for role in ("cache", "queue", "realtime")]
    for server in servers:
        assert server is not None
        server.suspend()
    try:
        instance.wait(lambda: instance.missing() == {"redis_cache", "redis_queue", "redis_realtime"}, 20)
        with posting(program, "redis hangs"):
            assert instance.page()[0] == 200
    finally:
        for server in servers:
            assert server is not None
            server.resume()
    instance.wait(instance.is_well, 30)


def test_without_the_database_pages_say_so_and_it_is_back(instance: Running, program: Program):
    browser = signed_in(instance.port)
    with posting(program, "without-database"):
        with instance.held("supervisor"):
            before = instance.kill("mariadb")
            instance.wait(lambda: instance.missing() == {"database"}, 20)
            assert instance.ready()["status"] == "down"
            assert instance.page()[0] == 200, "the page to sign in needs no database"
            status, text = browser.look("/sales-invoices")
            assert (status, "The database does not answer" in text) == (503, True)
            status, found = program.call("GET", "/customers")
            assert (status, found["code"]) == (503, "unavailable")
        back(instance, "mariadb", before, DATABASE_SECONDS)


def test_without_web_the_entry_says_so_and_it_is_back(instance: Running, program: Program):
    with posting(program, "without-web"):
        with instance.held("office"):
            before = instance.kill("web")
            instance.kill_all("gunicorn: worker")  # left alone, they finish what they were asked on open connections
            instance.wait(lambda: instance.missing() == {"web"}, 20)
            status, text = instance.page()
            assert (status, "The server is starting again" in text, "再起動" in text) == (503, True, True)
            status, found = program.call("GET", "/customers")
            assert (status, found["code"]) == (503, "unavailable")
        back(instance, "web", before, BACK_SECONDS)


def test_without_realtime_pages_go_on_and_health_names_it(instance: Running, program: Program):
    with instance.held("supervisor"):
        before = instance.kill("realtime")
        instance.wait(lambda: instance.missing() == {"realtime"}, 20)
        with posting(program, "without-realtime"):
            assert instance.page()[0] == 200
    back(instance, "realtime", before, BACK_SECONDS)


def test_a_killed_entry_is_back_and_leaves_the_port_free(instance: Running, program: Program):
    with posting(program, "without-nginx"):
        with instance.held("supervisor"):
            before = instance.kill("nginx")
            instance.wait(lambda: instance.page()[0] == 0, 10)
        back(instance, "nginx", before, BACK_SECONDS)


def test_without_the_background_health_and_pages_name_what_is_missing(instance: Running, program: Program):
    page = "/sales-invoices/{}/print.pdf"
    with instance.held("office"):
        for name in OFFICE:
            instance.kill(name)
        instance.wait(lambda: instance.missing() == OFFICE, 30)
        assert instance.ready()["status"] == "degraded"
        with posting(program, "without-background"):
            assert instance.page()[0] == 200
        newest = program.insist("GET", "/sales-invoices?sort=-id&limit=1&state=submitted")["data"][0]["id"]
        browser = signed_in(instance.port)
        assert "The process that does this is not running" in browser.get(page.format(newest))
        assert "The process that does this is not running" in browser.get("/jobs")
    instance.wait(instance.is_well, BACK_SECONDS * SLACK)
    assert program.insist("GET", page.format(newest)).startswith(b"%PDF")


def test_a_killed_office_takes_web_along_and_both_are_back(instance: Running, program: Program):
    with posting(program, "without-office"):
        with instance.held("supervisor"):
            parent = instance.named("web")
            before = instance.kill("office")
            instance.wait(lambda: parent is not None and not parent.is_running(), 5)
            instance.kill_all("gunicorn: worker")  # left alone, they finish what they were asked on open connections
            instance.wait(lambda: instance.missing() == {"web"}, 20)
            status, text = instance.page()
            assert (status, "The server is starting again" in text) == (503, True)
        back(instance, "office", before, BACK_SECONDS)


@pytest.mark.parametrize("name", [*sorted(OFFICE), "web"])
def test_a_process_that_is_killed_alone_is_back(instance: Running, name: str):
    back(instance, name, instance.kill(name), BACK_SECONDS)


def test_the_status_shows_the_tree_and_counts_restarts(instance: Running):
    back(instance, "relay", instance.kill("relay"), BACK_SECONDS)
    back(instance, "realtime", instance.kill("realtime"), BACK_SECONDS)
    told = {one["name"]: one for one in json.loads(instance.erp("status", "--json").stdout)["processes"]}
    assert set(told) >= {*OFFICE, "supervisor", "mariadb", "redis-cache", "web", "realtime", "nginx", "office"}
    assert min(told["relay"]["restarts"], told["realtime"]["restarts"]) >= 1
    assert [told[name]["depth"] for name in ("supervisor", "office", "relay")] == [0, 1, 2]
    assert told["web"]["depth"] == 3, "gunicorn's processes stand below its parent"
    assert told["relay"]["uptime"] < told["supervisor"]["uptime"]


def test_a_killed_supervisor_is_back_with_all_its_processes(instance: Running):
    before = instance.kill("supervisor")
    instance.wait(lambda: (one := instance.named("supervisor")) is not None and one.pid != before, 60)
    instance.wait(instance.is_well, 60)


def test_after_a_kill_of_everything_a_start_recovers_by_itself(instance: Running, program: Program):
    numbers = posted(program)
    assert instance.process is not None
    os.kill(instance.process.pid, signal.SIGKILL)
    for process in instance.processes():
        process.kill()
    instance.process.wait()
    instance.start()
    instance.wait(instance.is_well, 60)
    assert posted(program) == numbers
    audit = instance.erp("audit")
    assert audit.returncode == 0, audit.stdout


def test_stopping_leaves_no_process(instance: Running):
    instance.stop()
    assert [one.cmdline() for one in instance.processes()] == []
    instance.start()
