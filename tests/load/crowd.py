"""Many open browsers in one process, without a browser: sockets that listen, and fetch again as our pages do.

Run as a program of its own, ``python -m tests.load.crowd``: it reads what to do as JSON from its input and prints what it saw
as JSON. It shares the machine with the server, so it says how much CPU it took itself.
"""

import http.client
import json
import random
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import eventlet
import eventlet.tpool

eventlet.monkey_patch()

import psutil  # noqa: E402 - the engine must patch the sockets first
import websocket  # noqa: E402

GAP, SIDE_GAP = 0.5, 3.0
"""Seconds between two fetches of one part, as in ``static/js/live.js``: rows and forms, totals and views."""

ALIKE = 40
"""Connections opened at the same time."""

TRIES = 10


@dataclass
class Asked:
    """What the crowd is to do."""

    host: str
    port: int
    cookies: list[str]
    lists: list[str] = field(default_factory=list)
    forms: list[int] = field(default_factory=list)
    idle: int = 0
    seconds: float = 10
    wait_for: int = 0


class Web:
    """Requests over connections that are kept open; as many at once as a handful of browsers would send."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.idle, self.slots = asked, list[http.client.HTTPConnection](), eventlet.semaphore.Semaphore(64)
        self.sent = 0

    def get(self, path: str, cookie: str) -> str:
        """Return a part of a page."""
        with self.slots:
            one = (
                self.idle.pop()
                if self.idle
                else http.client.HTTPConnection(self.asked.host, self.asked.port, timeout=60)
            )
            try:
                one.request("GET", path, headers={"Cookie": f"sid={cookie}", "HX-Request": "true"})
                answer = one.getresponse()
                text = answer.read().decode()
            except (OSError, http.client.HTTPException):
                one.close()
                return ""
            self.idle.append(one)
            self.sent += 1
            return text if answer.status == 200 else ""


class Part:
    """A part of a page that is fetched at once, then collects what changes while it asks."""

    def __init__(self, act: Callable[[], None], gap: float) -> None:
        self.act, self.gap, self.last, self.before, self.took = act, gap, 0.0, 0.0, 0.0
        self.waits, self.again = False, False

    def soon(self) -> None:
        """Have it fetched as soon as its turn comes."""
        if self.waits:
            self.again = True
            return
        self.waits = True
        now, chance = time.monotonic(), random.random()
        due = max(0.0, self.last + max(self.gap, 3 * self.took) - now)
        spread = chance * self.gap * 0.7 if now - self.before < 6 * self.gap else 0.0
        wait = due + (spread or chance * self.gap / 4) if self.gap > GAP else max(due, spread)
        eventlet.spawn_after(wait, self._run)

    def _run(self) -> None:
        self.again, self.before, self.last = False, self.last, time.monotonic()
        self.act()
        self.took, self.waits = time.monotonic() - self.last, False
        if self.again:
            self.soon()


class Client:
    """One open page: a list, a form, or one that nothing happens to."""

    def __init__(self, crowd: "Crowd", cookie: str, *, path: str = "", record: int = 0) -> None:
        self.crowd, self.cookie, self.path, self.record = crowd, cookie, path, record
        self.missing: dict[int, dict[int, float]] = {}
        self.socket: Any = None
        self.heard, self.shown = 0, set[int]()
        self.parts = [Part(self._fetch, GAP)] + ([Part(self._totals, SIDE_GAP)] if path else [])

    def open(self) -> None:
        """Load the page, connect, say what is shown, and listen."""
        if self.path:
            self.shown = set(map(int, re.findall(r'<tr id="r-(\d+)"', self.crowd.web.get(self.path, self.cookie))))
        # A page that is not let in because the application is busy tries again; so does this one.
        if not any(self._connected() or eventlet.sleep(1) for _try in range(TRIES)):
            return
        topic: dict[str, Any] = {"kind": "customer"}
        if self.record:
            topic["id"] = self.record
        self.socket.send("420" + json.dumps(["watch", {"topics": [topic]}]))
        self.socket.settimeout(None)
        eventlet.spawn(self._listen)

    def _connected(self) -> bool:
        """Open the socket; return whether it was let in."""
        asked = self.crowd.asked
        url = f"ws://{asked.host}:{asked.port}/socket.io/?EIO=4&transport=websocket"
        self.socket = websocket.create_connection(
            url, timeout=120, header=[f"Cookie: sid={self.cookie}"], origin=f"http://{asked.host}:{asked.port}"
        )
        self.socket.recv()
        self.socket.send("40")
        if self.socket.recv().startswith("40"):
            return True
        self.socket.close()
        return False

    def _listen(self) -> None:
        with suppress(OSError, websocket.WebSocketException):
            while True:
                text = self.socket.recv()
                if text == "2":
                    self.socket.send("3")
                elif text.startswith("430"):
                    self.crowd.ready += 1
                elif text.startswith("42"):
                    self._hear(*json.loads(text[2:]))

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        if event != "changed":
            return
        self.heard += 1
        if self.path and data["id"] not in self.shown and data["event"] != "created":
            self.parts[1].soon()
        elif self.path or self.record:
            self.missing.setdefault(data["id"], {})[data["version"]] = self.crowd.changed_at(
                data["id"], data["version"]
            )
            for part in self.parts:
                part.soon()

    def _fetch(self) -> None:
        wanted, self.missing = self.missing, {}
        if not wanted:
            return
        if self.record:
            text = self.crowd.web.get(f"/customers/{self.record}", self.cookie)
        else:
            sign = "&" if "?" in self.path else "?"
            text = self.crowd.web.get(
                f"{self.path.replace('/customers', '/customers/changes')}{sign}ids={','.join(map(str, wanted))}",
                self.cookie,
            )
        now = time.time()
        for record, versions in wanted.items():
            shown = version_in(text, record if self.path else 0)
            for version, at in versions.items():
                if shown >= version:
                    self.crowd.waits.append(now - at)
                else:
                    self.missing.setdefault(record, {})[version] = at
        if self.missing:
            self.parts[0].again = True

    def _totals(self) -> None:
        self.crowd.web.get(self.path.replace("/customers", "/customers/totals"), self.cookie)


def version_in(text: str, record: int) -> int:
    """Return which version of a record a part of a page shows: that of its row, or of the form; -1: none."""
    mark = f'data-id="{record}" data-version="' if record else 'data-version="'
    head, found, rest = text.partition(mark)
    del head
    return int(rest.split('"', 1)[0]) if found else -1


class Crowd:
    """All clients, what was changed when, and how long each took to show it."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.web, self.waits, self.ready = asked, Web(asked), list[float](), 0
        self.changes: dict[tuple[int, int], float] = {}
        self.clients: list[Client] = []

    def changed_at(self, record: int, version: int) -> float:
        """Return when a version was committed, as far as the first who heard of it can tell."""
        return self.changes.setdefault((record, version), time.time())

    def gather(self) -> None:
        """Open every client."""
        asked = self.asked
        cookies = asked.cookies
        self.clients = [Client(self, cookies[n % len(cookies)], path=path) for n, path in enumerate(asked.lists)]
        self.clients += [Client(self, cookies[n % len(cookies)], record=one) for n, one in enumerate(asked.forms)]
        self.clients += [Client(self, cookies[n % len(cookies)]) for n in range(asked.idle)]
        pool = eventlet.GreenPool(ALIKE)
        for _opened in pool.imap(Client.open, self.clients):
            pass
        ends = time.monotonic() + 60
        while self.ready < len(self.clients) and time.monotonic() < ends:
            eventlet.sleep(0.05)

    def told(self) -> dict[str, Any]:
        """Return what was seen."""
        left = sum(len(versions) for one in self.clients for versions in one.missing.values())
        return {
            "clients": len(self.clients), "ready": self.ready, "waits": [round(one, 4) for one in self.waits],
            "left": left, "heard": [one.heard for one in self.clients], "requests": self.web.sent,
        }  # fmt: skip


def main() -> None:
    """Gather the crowd, say so, watch for a while, tell what was seen."""
    crowd = Crowd(Asked(**json.loads(sys.stdin.readline())))
    own = psutil.Process()
    crowd.gather()
    own.cpu_percent()
    print(json.dumps({"ready": crowd.ready}), flush=True)
    began = time.monotonic()

    def commands() -> None:
        """Read when each change was committed: ``id version seconds`` a line; an empty line ends it."""
        for line in iter(lambda: eventlet.tpool.execute(sys.stdin.readline), ""):
            if not line.strip():
                break
            record, version, at = line.split()
            crowd.changes[int(record), int(version)] = float(at)

    reader = eventlet.spawn(commands)
    reader.wait()
    eventlet.sleep(2)
    took = time.monotonic() - began
    print(json.dumps(crowd.told() | {"cpu_percent": own.cpu_percent(), "seconds": took}), flush=True)


if __name__ == "__main__":
    main()
