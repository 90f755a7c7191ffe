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
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiosmtpd.controller import Controller

from deploy.layout import ROOT
from tests.browser.conftest import browser
from tests.faults.client import Program, set_up

__all__ = ["browser"]

KNOWN = {
    "supervisor": "supervisord", "mariadb": "mariadbd", "redis-cache": "redis-cache", "redis-queue": "redis-queue",
    "redis-realtime": "redis-realtime", "nginx": "nginx", "web": "gunicorn: master", "realtime": "workers.realtime",
    "office": "daifuku office", "worker": "daifuku worker", "pdf": "daifuku pdf", "relay": "daifuku relay",
    "scheduler": "daifuku scheduler",
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

    @contextmanager
    def held(self, keeper: str) -> Iterator[None]:
        """Stop the process that starts others again, so that what is killed stays away inside the block."""
        process = self.named(keeper)
        assert process is not None, f"{keeper} does not run"
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    def missing(self) -> set[str]:
        """Return the parts that health calls down."""
        return {name for name, one in self.ready()["checks"].items() if one["status"] == "down"}

    def is_well(self) -> bool:
        return self.page()[0] == 200 and self.ready()["status"] == "ok"

    def kill(self, name: str) -> int:
        """Kill a process; one that is just coming back is waited for."""
        self.wait(lambda: self.named(name), 60)
        process = self.named(name)
        assert process is not None, f"{name} does not run"
        process.kill()
        return int(process.pid)

    def kill_all(self, mark: str) -> None:
        """Kill every process whose command has this mark."""
        for process in self.processes():
            if mark in " ".join(process.cmdline()):
                process.kill()

    def ready(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            body = error.read()
            return dict(json.loads(body)) if body.startswith(b"{") else {"status": "down", "checks": {}}
        except OSError:
            return {"status": "unreachable", "checks": {}}

    def page(self, path: str = "/login") -> tuple[int, str]:
        """Return status and text of a page; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status), str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait(self, what: Any, seconds: float) -> float:
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if what():
                return time.monotonic() - started
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s: {self.ready()}")

    def erp(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "erp.kernel.cli", "--data", str(self.data), *words]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ERP_")}
        environment["PYTHONPATH"] = str(ROOT)
        return subprocess.run(
            command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False
        )


class Postbox:
    """A real SMTP server that keeps what it accepts."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.messages.append(message_from_bytes(envelope.content))
        return "250 kept"


@pytest.fixture(scope="session")
def mail_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def postbox(mail_port: int) -> Iterator[Postbox]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=mail_port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="session")
def instance(postbox: Postbox, mail_port: int) -> Iterator[Running]:
    """An instance with a company, whose mail goes to the postbox."""
    with tempfile.TemporaryDirectory(prefix="daifuku-faults-") as folder:
        running = Running(Path(folder), free_port(), ERP_MAIL_URL=f"smtp://127.0.0.1:{mail_port}")
        running.start()
        set_up(running.port)
        yield running
        running.stop()


@pytest.fixture(scope="session")
def program(instance: Running) -> Program:
    """A program of the administrator; there are a customer C1 and an item TEA."""
    made = instance.erp("token", "create", "--user", "ada", "--scope", "all")
    assert made.returncode == 0, made.stderr
    one = Program(instance.port, made.stdout.split()[-1])
    one.insist("POST", "/customers", {"code": "C1", "name": "Ben", "email": "ben@ben.example"}, key="customer")
    one.insist("POST", "/items", {"code": "TEA", "name": "Tea", "unit": "pc", "type": "service"}, key="item")
    return one
