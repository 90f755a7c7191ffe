"""A running instance as a benchmark sees it: a token, an HTTP connection kept open, the CPU time of its processes."""

import http.client
import json
import os
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

import psutil

from erp.kernel.change.work import unit_of_work
from erp.kernel.cli import application
from erp.kernel.records.types import utc_now
from erp.kernel.rights import system_actor, tokens
from erp.kernel.rights.loading import actor_by_login
from erp.settings import Settings

TICKS = os.sysconf("SC_CLK_TCK")


class Instance:
    """The instance behind the settings in force."""

    def __init__(self, config: Settings) -> None:
        self.config = config
        self.url = urlsplit(config.base_url)
        self.token = self._token()
        self.connection = self._connect()
        self.processes = self._processes()

    def _token(self) -> str:
        from datetime import timedelta

        with application(), unit_of_work(system_actor("bench")) as work:
            actor = actor_by_login(work.session, "admin")
            assert actor is not None, "the benchmark needs the demo's user admin"
            token, _row = tokens.make_token(
                work.session, int(actor.user_id or 0), ["all"], now=work.now, life=timedelta(hours=2)
            )
        return token

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.url.hostname or "127.0.0.1", self.url.port or 80, timeout=30)

    def _processes(self) -> list[psutil.Process]:
        data = str(self.config.data)
        found = []
        for process in psutil.process_iter(["cmdline"]):
            command = " ".join(process.info["cmdline"] or [])
            if "erp.kernel.cli" in command or "deploy.dev" in command or "bin/erp" in command:
                continue
            try:
                if f"{data}/" in command or process.environ().get("ERP_DATA") == data:
                    found.append(process)
            except (psutil.AccessDenied, psutil.NoSuchProcess):
                continue
        return found

    def cpu(self) -> float:
        """Return the CPU seconds that all processes of the instance have used."""
        total = 0.0
        for process in self.processes:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        return total

    def memory(self) -> float:
        """Return the proportional memory of all processes in MB."""
        return sum(process.memory_full_info().pss for process in self.processes) / 2**20

    def call(self, method: str, path: str, body: Any = None, connection: Any = None) -> tuple[int, Any]:
        """Call the API and return status and body."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        one = connection or self.connection
        one.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = one.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content[:1] in (b"{", b"[") else content

    def cpu_each(self, act: Any, count: int, groups: int = 8) -> tuple[float, float]:
        """Return median and p95 of the CPU milliseconds of one ``act``, over groups of ``count / groups`` calls."""
        size = max(1, count // groups)
        figures = []
        for _ in range(groups):
            before = self.cpu()
            for _ in range(size):
                act()
            time.sleep(0.3)
            figures.append((self.cpu() - before) / size * 1000)
        figures.sort()
        return round(statistics.median(figures), 2), round(figures[-1], 2)


def figure(name: str, median: float, p95: float, unit: str, target: float, *, most: bool = True) -> dict[str, Any]:
    """Return a figure beside its target; ``most``: smaller is better."""
    ok = median <= target if most else median >= target
    return {"name": name, "median": median, "p95": p95, "unit": unit, "target": target, "ok": ok}


__all__ = ["Instance", "figure", "utc_now"]
