"""Health says what is missing, since when, and shows figures to those nearby or with the token only."""

import dataclasses
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from deploy.layout import ROOT
from erp.kernel.operate import health, since
from erp.kernel.operate.since import remembered
from erp.settings import settings

CHECKS = {
    "database", "replica", "redis_cache", "redis_queue", "redis_realtime", "worker", "scheduler", "relay", "disk",
}  # fmt: skip


def test_it_lives(app: Flask):
    assert app.test_client().get("/healthz").status_code == 200


def test_every_check_says_status_detail_and_since(app: Flask):
    answer = app.test_client().get("/readyz")
    told = answer.get_json()
    assert set(told["checks"]) >= CHECKS
    assert all(set(one) == {"status", "detail", "since"} for one in told["checks"].values())
    assert {one["status"] for one in told["checks"].values()} <= {"ok", "degraded", "down", "off"}
    assert (told["checks"]["database"]["status"], told["checks"]["replica"]["status"]) == ("ok", "off")
    assert (answer.status_code, told["status"]) == (200, "degraded")


def test_what_stays_as_it_was_keeps_its_since(app: Flask):
    first, second = (app.test_client().get("/readyz").get_json()["checks"]["database"]["since"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("free", "total", "status"), [(1, 100, "down"), (8, 100, "degraded"), (50, 100, "ok")])
def test_a_full_disk_is_down(monkeypatch: pytest.MonkeyPatch, free: int, total: int, status: str):
    usage = dataclasses.make_dataclass("Usage", ["free", "total"])(free * 2**20, total * 2**20)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage)
    assert health._disk()[0] == status


def test_figures_are_for_loopback_or_the_token(app: Flask, monkeypatch: pytest.MonkeyPatch):
    far = {"X-Forwarded-For": "203.0.113.7"}
    client = app.test_client()
    assert client.get("/metrics").status_code == 200
    assert 'daifuku_up{part="database"} 1' in client.get("/metrics").text
    assert client.get("/metrics", headers=far).status_code == 404
    with_token = dataclasses.replace(settings(), metrics_token="a-long-token")
    monkeypatch.setattr(health, "settings", lambda: with_token)
    right, wrong = ({**far, "Authorization": f"Bearer {one}"} for one in ("a-long-token", "another"))
    assert client.get("/metrics", headers=right).status_code == 200
    assert client.get("/metrics", headers=wrong).status_code == 404


def test_since_when_is_the_same_for_every_process_of_the_host(app: Flask):
    """Another process notes that the cache went down; this one tells the same instant, and a new one when it is back."""
    program = (
        "from datetime import datetime; from erp.kernel.operate.since import remembered;"
        "remembered({'redis_cache': 'ok'}); print(remembered({'redis_cache': 'down'}, datetime(2026, 3, 1, 9, 30)))"
    )
    other = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == "{'redis_cache': datetime.datetime(2026, 3, 1, 9, 30)}"
    assert remembered({"redis_cache": "down"}) == {"redis_cache": datetime(2026, 3, 1, 9, 30)}
    assert remembered({"redis_cache": "ok"}, datetime(2026, 3, 1, 9, 40)) == {
        "redis_cache": datetime(2026, 3, 1, 9, 40)
    }


def test_a_part_of_a_process_that_cannot_write_keeps_its_since(monkeypatch: pytest.MonkeyPatch):
    nowhere = dataclasses.replace(settings(), data=Path("/proc/none"))
    monkeypatch.setattr(since, "settings", lambda: nowhere)
    first = remembered({"disk": "down"}, datetime(2026, 3, 1, 9, 30))
    assert remembered({"disk": "down"}, datetime(2026, 3, 1, 9, 40)) == first == {"disk": datetime(2026, 3, 1, 9, 30)}
