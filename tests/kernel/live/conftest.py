"""A real realtime process on eventlet, the application it asks, and Socket.IO clients as browsers and programs are."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
import socketio
from flask import Flask
from socketio.exceptions import ConnectionError as NotLetIn
from werkzeug.serving import make_server

from deploy.layout import ROOT

PATIENCE = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def web(whole_app: Flask) -> Iterator[str]:
    """The application on a port, where the realtime process asks."""
    server = make_server("127.0.0.1", 0, whole_app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def start(internal_url: str) -> tuple["subprocess.Popen[bytes]", str]:
    port = free_port()
    settings = {"ERP_REALTIME_BIND": f"127.0.0.1:{port}", "ERP_INTERNAL_URL": internal_url, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "workers.realtime"], cwd=ROOT, env={**os.environ, **settings}
    )
    url = f"http://127.0.0.1:{port}"
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1):
                return process, url
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError("the realtime process does not answer")


@pytest.fixture(scope="session")
def realtime(web: str) -> Iterator[str]:
    process, url = start(web)
    yield url
    process.terminate()
    process.wait(30)


@pytest.fixture
def second_realtime(web: str) -> Iterator[str]:
    process, url = start(web)
    yield url
    process.kill()
    process.wait()


class Listener:
    """One open page: what it heard, in order."""

    def __init__(self, url: str, sid: str = "", token: str = "", embed: str = "", origin: str = "") -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.closed, self.refusal = False, ""
        self.client = socketio.Client(
            reconnection=False, websocket_extra_options={"origin": origin} if origin else None
        )
        self.client.on("*", lambda event, data: self.heard.append((event, data)))
        self.client.on("disconnect", self._closed)
        self.client.on("connect_error", self._refused)
        headers = {"Cookie": f"sid={sid}"} if sid else {}
        auth = {"embed": embed} if embed else {"token": token} if token else None
        url += "?embed=1" if embed or origin else ""
        try:
            self.client.connect(url, headers=headers, auth=auth, transports=["websocket"], wait_timeout=PATIENCE)
        except NotLetIn:
            raise NotLetIn(self.refusal) from None

    def _refused(self, why: Any) -> None:
        self.refusal = why["message"] if isinstance(why, dict) else str(why)

    def _closed(self, *reason: Any) -> None:
        self.closed = True

    def watch(self, *topics: dict[str, Any]) -> dict[str, Any]:
        return dict(self.client.call("watch", {"topics": list(topics)}, timeout=PATIENCE))

    def unwatch(self, *topics: dict[str, Any]) -> dict[str, Any]:
        return dict(self.client.call("unwatch", {"topics": list(topics)}, timeout=PATIENCE))

    def all(self, event: str) -> list[dict[str, Any]]:
        return [data for name, data in self.heard if name == event]

    def wait(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        eventually(lambda: len(self.all(event)) >= count)
        return self.all(event)


def eventually(is_so: Callable[[], Any], seconds: float = PATIENCE) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.02)


Listen = Callable[..., Listener]


@pytest.fixture
def listen(realtime: str) -> Iterator[Listen]:
    """Open a page that listens, by cookie or by token."""
    opened: list[Listener] = []

    def connect(*, at: str = "", **who: str) -> Listener:
        opened.append(Listener(at or realtime, **who))
        return opened[-1]

    yield connect
    for one in opened:
        one.client.disconnect()
