"""A running instance as a benchmark sees it: tokens, an HTTP connection kept open, the CPU time of its processes."""

import contextlib
import gzip
import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pymysql
from sqlalchemy.engine import make_url

from erp.kernel.change.work import unit_of_work
from erp.kernel.rights import system_actor, tokens
from erp.kernel.rights.loading import actor_by_login
from erp.settings import Settings

NANO = 1_000_000_000
Figure = dict[str, Any]
OWN = ("erp.kernel.cli", "deploy.dev", "bin/erp", "-m pytest", "chrom")
"""Programs that measure, start or look at an instance and are no part of it."""


class NotMeasured(Exception):
    """A figure cannot be taken here; the message says what is missing."""


class Refused(Exception):
    """The instance answered something else than success."""


class Instance:
    """The instance behind the settings in force, asked as the administrator ``user``."""

    def __init__(self, config: Settings, user: str = "admin") -> None:
        self.config, self.user = config, user
        self.url = urlsplit(config.base_url)
        self.connection = self.connect()
        self.processes = self._processes()
        self._tokens: dict[int | None, tuple[str, int]] = {}

    def token(self, company: int | None = None) -> str:
        """Return a token for everything, or for one company alone."""
        if company not in self._tokens:
            with unit_of_work(system_actor("bench")) as work:
                actor = actor_by_login(work.session, self.user)
                if actor is None or actor.user_id is None or not actor.is_admin:
                    raise NotMeasured(f"the benchmark needs an administrator {self.user!r}; name one with --user")
                text, row = tokens.make_token(
                    work.session, actor.user_id, ["all"], now=work.now, name="bench", company_id=company,
                    life=timedelta(hours=4),
                )  # fmt: skip
                self._tokens[company] = text, actor.user_id
                assert row.id
        return self._tokens[company][0]

    def close(self) -> None:
        """Make the tokens worthless."""
        with unit_of_work(system_actor("bench")) as work:
            for text, user_id in self._tokens.values():
                tokens.revoke(work.session, int(text.split("_")[1]), user_id, work.now)
        self.connection.close()

    def connect(self) -> http.client.HTTPConnection:
        """Open one more connection to the instance."""
        return http.client.HTTPConnection(self.url.hostname or "127.0.0.1", self.url.port or 80, timeout=60)

    def database(self) -> "pymysql.Connection[Any]":
        """Open a connection to the database as the product's own user, without any library above the driver."""
        url = make_url(self.config.database_url)
        socket = url.query.get("unix_socket")
        where = {"unix_socket": str(socket)} if socket else {"host": url.host, "port": url.port or 3306}
        return pymysql.connect(
            user=url.username, password=url.password or "", database=url.database, charset="utf8mb4", **where
        )

    def _processes(self) -> list[psutil.Process]:
        data, found = str(self.config.data), []
        for process in psutil.process_iter(["cmdline"]):
            command = " ".join(process.info["cmdline"] or [])
            if any(word in command for word in OWN):
                continue
            with contextlib.suppress(psutil.AccessDenied, psutil.NoSuchProcess):
                if f"{data}/" in command or process.environ().get("ERP_DATA") == data:
                    found.append(process)
        return found

    def cpu(self) -> int:
        """Return the CPU nanoseconds that all processes of the instance have used, thread by thread."""
        total = 0
        for process in self.processes:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                for task in Path(f"/proc/{process.pid}/task").iterdir():
                    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                        total += int((task / "schedstat").read_text().split()[0])
        return total

    def memory(self) -> float:
        """Return the proportional memory of all processes in MB."""
        self.processes = self._processes()
        total = 0
        for process in self.processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_full_info().pss
        return total / 2**20

    def call(self, method: str, path: str, body: Any = None, *, token: str = "", over: Any = None) -> Any:
        """Call the API and return the JSON it answers; raise ``Refused`` when it is no success."""
        content = self.send(method, path, body, token=token, over=over)
        return json.loads(content)

    def page(self, path: str, *, token: str, fragment: bool = False) -> str:
        """Return a page, or a fragment of one, as text."""
        return self.send("GET", path, token=token, headers={"HX-Request": "true"} if fragment else {}).decode()

    def send(
        self, method: str, path: str, body: Any = None, *, token: str = "", over: Any = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:  # fmt: skip
        """Send one request and return the content of its answer."""
        about = {"Authorization": f"Bearer {token or self.token()}", "Accept-Encoding": "gzip", **(headers or {})}
        if body is not None:
            about["Content-Type"] = "application/json"
        one = over or self.connection
        one.request(method, path, json.dumps(body) if body is not None else None, about)
        answer = one.getresponse()
        content: bytes = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        if answer.status >= 300:
            raise Refused(f"{method} {path}: {answer.status} {content[:500].decode(errors='replace')}")
        return content

    def each(self, act: Callable[[], Any], count: int, *, before: Callable[[], Any] | None = None) -> list[float]:
        """Return the CPU milliseconds of each of ``count`` acts.

        Without ``before`` all that the instance does from one act to the next is the act's: also what it does after
        the answer. With ``before`` something is done ahead of each act that is not counted.
        """
        figures = []
        mark = self.cpu()
        for _ in range(count):
            if before is not None:
                before()
                time.sleep(0.02)
                mark = self.cpu()
            act()
            now = self.cpu()
            figures.append((now - mark) / NANO * 1000)
            mark = now
        return figures


@contextmanager
def opened(config: Settings, user: str) -> Iterator[Instance]:
    """Open an instance for measuring; afterwards its tokens are worthless."""
    instance = Instance(config, user)
    try:
        yield instance
    finally:
        instance.close()


def figure(name: str, values: list[float], unit: str, target: float, *, most: bool = True) -> Figure:
    """Return median and p95 of ``values`` beside the target; ``most``: smaller is better."""
    ordered = sorted(values)
    median = statistics.median(ordered)
    p95 = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    return judged(name, median, p95, unit, target, most=most)


def judged(name: str, value: float, p95: float, unit: str, target: float, *, most: bool = True) -> Figure:
    """Return a figure beside its target."""
    ok = value <= target if most else value >= target
    return {
        "name": name, "median": round(value, 2), "p95": round(p95, 2), "unit": unit, "target": target, "ok": bool(ok),
    }  # fmt: skip
