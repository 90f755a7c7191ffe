"""A whole instance of its own, started by bin/dev: what these tests kill is real."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.layout import ROOT

KNOWN = {
    "mariadb": "mariadbd", "redis-cache": "redis-cache", "redis-queue": "redis-queue", "redis-realtime": "redis-realtime",
    "nginx": "nginx: master", "web": "gunicorn: master", "realtime": "workers.realtime", "office": "daifuku office",
    "worker": "daifuku worker", "pdf": "daifuku pdf", "relay": "daifuku relay", "scheduler": "daifuku scheduler",
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


class Running:
    """A running instance: its processes by name, its health, its operator's command."""

    def __init__(self, data: Path, port: int, **settings: str) -> None:
        self.data, self.port, self.settings = data, port, settings
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = ["bin/dev", "--no-demo", "--data", str(self.data), "--port", str(self.port)]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ERP_")}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**kept, **self.settings}, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        for line in self.process.stdout or []:
            if line.startswith("ready"):
                return
        raise AssertionError("bin/dev did not become ready")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(90)

    def processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter(["cmdline"]):
            command = " ".join(process.info["cmdline"] or [])
            try:
                if f"{self.data}/" in command or process.environ().get("ERP_DATA") == str(self.data):
                    found.append(process)
            except (psutil.AccessDenied, psutil.NoSuchProcess):
                continue
        return found

    def named(self, name: str) -> psutil.Process | None:
        mark = KNOWN[name]
        return next((one for one in self.processes() if mark in " ".join(one.info["cmdline"] or [])), None)

    def kill(self, name: str) -> int:
        """Kill a process; one that is just coming back is waited for."""
        self.wait(lambda: self.named(name), 60)
        process = self.named(name)
        assert process is not None, f"{name} does not run"
        process.kill()
        return int(process.pid)

    def ready(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=3) as answer:
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            body = error.read()
            return dict(json.loads(body)) if body.startswith(b"{") else {"status": "down", "checks": {}}
        except OSError:
            return {"status": "unreachable", "checks": {}}

    def page(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/login", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait(self, what: Any, seconds: float) -> float:
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if what():
                return time.monotonic() - started
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s: {self.ready()}")

    def erp(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "erp.kernel.cli", "--data", str(self.data), *words]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ERP_")}
        return subprocess.run(
            command, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="session")
def instance() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="daifuku-faults-") as folder:
        running = Running(Path(folder), free_port())
        running.start()
        yield running
        running.stop()
