"""The figures of the product, taken on an instance of its own. ``ERP_BENCH_DATA`` names one that runs already.

Asked for by name alone (``bin/test load``): the figures mean something only where nothing else is at work.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.layout import ROOT
from tests.faults.conftest import free_port

FIRST_START, LATER_START = 180, 10


@dataclass
class Running:
    """An instance under ``data`` and how long it took to be ready, in seconds."""

    data: Path
    port: int = 0
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> float:
        """Start the instance and return the seconds until it was ready."""
        began = time.monotonic()
        command = ["bin/dev", "--data", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
        for line in self.process.stdout or []:
            print(line, end="")
            if line.startswith("ready"):
                return time.monotonic() - began
        raise AssertionError("bin/dev did not become ready")

    def stop(self) -> None:
        """Stop what was started."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(90)


@pytest.fixture(scope="module")
def starts() -> Iterator[tuple[Running, list[float]]]:
    """A demo instance started from nothing, stopped, and started again."""
    given = os.environ.get("ERP_BENCH_DATA")
    if given:
        yield Running(Path(given)), []
        return
    running = Running(Path(tempfile.mkdtemp(prefix="daifuku-load-")), free_port())
    try:
        seconds = [running.start()]
        running.stop()
        seconds.append(running.start())
        yield running, seconds
    finally:
        running.stop()
        shutil.rmtree(running.data, ignore_errors=True)


def test_every_figure_meets_its_target(starts: tuple[Running, list[float]]) -> None:
    command = [sys.executable, "-m", "erp.kernel.cli", "--data", str(starts[0].data), "bench", "--json"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ERP_")}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    figures: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    assert figures, done.stderr
    assert all(set(one) == {"name", "median", "p95", "unit", "target", "ok"} for one in figures)
    missed = [
        f"{one['name']}: {one['median']} {one['unit']}, target {one['target']}" for one in figures if not one["ok"]
    ]
    assert not missed, "\n".join([*missed, done.stderr])


def test_an_instance_is_soon_ready(starts: tuple[Running, list[float]]) -> None:
    if not starts[1]:
        pytest.skip("ERP_BENCH_DATA names an instance that runs already")
    first, later = starts[1]
    assert first <= FIRST_START
    assert later <= LATER_START
