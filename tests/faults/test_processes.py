"""Each process dies alone: it comes back by itself, /readyz names it meanwhile, and nothing accepted is lost."""

import os
import signal

import pytest

from tests.faults.conftest import Running

BACK_SECONDS = 5
DATABASE_SECONDS = 15
SLACK = 3.0
"""A loaded test machine starts a Python process in seconds, not in tenths; the promise is for two idle cores."""


def is_well(instance: Running) -> bool:
    return instance.page() == 200 and instance.ready()["status"] == "ok"


@pytest.fixture(autouse=True)
def well(instance: Running) -> None:
    instance.wait(lambda: is_well(instance), 60)


@pytest.mark.parametrize("name", ["worker", "pdf", "relay", "scheduler", "office", "web", "realtime", "nginx"])
def test_a_killed_process_is_back(instance: Running, name: str):
    before = instance.kill(name)
    instance.wait(lambda: (one := instance.named(name)) is not None and one.pid != before, BACK_SECONDS * SLACK)
    instance.wait(lambda: is_well(instance), BACK_SECONDS * SLACK + 10)


@pytest.mark.parametrize("role", ["cache", "queue", "realtime"])
def test_without_a_redis_pages_work_and_health_names_it(instance: Running, role: str):
    server = instance.named(f"redis-{role}")
    assert server is not None
    server.suspend()
    try:
        instance.wait(lambda: instance.ready()["checks"].get(f"redis_{role}", {}).get("status") == "down", 20)
        assert instance.ready()["status"] == "degraded"
        assert instance.page() == 200
    finally:
        server.resume()
    instance.kill(f"redis-{role}")
    instance.wait(lambda: is_well(instance), BACK_SECONDS * SLACK + 10)


def test_a_killed_database_is_back_and_pages_say_so_meanwhile(instance: Running):
    instance.kill("mariadb")
    assert instance.page() in {200, 503}
    instance.wait(lambda: is_well(instance), DATABASE_SECONDS * SLACK)


def test_health_names_what_is_missing(instance: Running):
    office = instance.named("office")
    assert office is not None
    children = [instance.named(name) for name in ("relay", "worker", "pdf", "scheduler")]
    office.suspend()
    try:
        for child in children:
            assert child is not None
            child.kill()
        instance.wait(lambda: instance.ready()["checks"]["relay"]["status"] == "down", 30)
        found = instance.ready()
        assert found["status"] == "degraded"
        assert {name for name, one in found["checks"].items() if one["status"] == "down"} >= {
            "relay",
            "worker",
            "pdf",
            "scheduler",
        }
        assert instance.page() == 200
    finally:
        office.resume()
    instance.wait(lambda: is_well(instance), 60)


def test_after_a_kill_of_everything_a_start_recovers_by_itself(instance: Running):
    assert instance.process is not None
    os.kill(instance.process.pid, signal.SIGKILL)
    for process in instance.processes():
        process.kill()
    instance.process.wait()
    instance.start()
    instance.wait(lambda: is_well(instance), 60)
    assert instance.erp("audit").returncode == 0


def test_stopping_leaves_no_process(instance: Running):
    instance.stop()
    assert [one.cmdline() for one in instance.processes()] == []
    instance.start()
