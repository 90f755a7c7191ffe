"""Is everything alive? One function asked by /readyz, ``erp status`` and ``erp doctor``."""

import hmac
import shutil
import socket
import time
from functools import cache
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from erp.kernel.change.audit import plain
from erp.kernel.change.work import new_session
from erp.kernel.errors import NotFound
from erp.kernel.operate.since import remembered
from erp.kernel.records.types import utc_now
from erp.kernel.redis_roles import ping
from erp.kernel.rights.registry import surface
from erp.kernel.work.heartbeat import SILENT, last_beat
from erp.settings import settings

health = Blueprint("health", __name__)
OK, DEGRADED, DOWN, OFF = "ok", "degraded", "down", "off"
LOW_DISK_PERCENT = 10
READ_ONLY_PERCENT = 5

for endpoint in ("healthz", "readyz", "metrics"):
    surface(f"health.{endpoint}", bare=True, note="says whether processes live; no business data")


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer that this process lives."""
    return jsonify(status=OK)


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer whether pages and postings work, and what is missing."""
    checks = check_all()
    status = overall(checks)
    return jsonify(status=status, checks=checks), 503 if status == DOWN else 200


def overall(checks: dict[str, dict[str, Any]]) -> str:
    """Return ok, degraded (pages and postings work) or down."""
    if checks["database"]["status"] == DOWN or checks["disk"]["status"] == DOWN:
        return DOWN
    return OK if all(one["status"] in {OK, OFF} for one in checks.values()) else DEGRADED


def check_all() -> dict[str, dict[str, Any]]:
    """Return every check: status, detail, and since when it is so."""
    found: dict[str, tuple[str, str]] = {}
    with Session(_impatient_engine()) as session:
        found["database"] = _database(session)
        found["replica"] = (
            (OFF, "named, not read from yet") if settings().read_database_urls else (OFF, "none configured")
        )
        for role in ("cache", "queue", "realtime"):
            found[f"redis_{role}"] = _redis(role)
        for name in ("worker", "pdf", "scheduler", "relay"):
            alive = found["database"][0] == OK
            found[name] = _process(session, name) if alive else (DEGRADED, "unknown while the database is away")
    found["realtime"] = _realtime()
    found["disk"] = _disk()
    since = remembered({name: status for name, (status, _detail) in found.items()})
    return {
        name: {"status": status, "detail": detail, "since": plain(since[name])}
        for name, (status, detail) in found.items()
    }


@cache
def _impatient_engine() -> Engine:
    """Return an engine with a connection of its own that soon gives up: the database may hang, too."""
    options = settings().connect_args(connect_timeout=2, read_timeout=2, write_timeout=2)
    return create_engine(settings().database_url, pool_size=1, pool_pre_ping=True, connect_args=options)


def _database(session: Session) -> tuple[str, str]:
    started = time.perf_counter()
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return DOWN, "does not answer; nothing can be read or saved meanwhile"
    return OK, f"{(time.perf_counter() - started) * 1000:.1f} ms"


def _redis(role: str) -> tuple[str, str]:
    try:
        ping(role)
    except (RedisError, OSError):
        return DOWN, "does not answer; pages and postings go on"
    return OK, "answers"


def _process(session: Session, name: str) -> tuple[str, str]:
    try:
        seen = last_beat(session, name)
    except SQLAlchemyError:
        return DEGRADED, "unknown while the database is away"
    if seen is None:
        return DOWN, "never seen"
    silent = utc_now() - seen
    if silent > SILENT:
        return DOWN, f"silent for {int(silent.total_seconds())} s"
    return OK, "alive"


def _realtime() -> tuple[str, str]:
    """Ask the realtime server itself, over the address it listens on."""
    try:
        status = realtime_status()
    except OSError:
        return DOWN, "does not answer; pages ask for news themselves"
    return (OK, "answers") if status == 200 else (DOWN, f"answers {status}")


def realtime_status() -> int:
    """Return the HTTP status of the realtime server's own health page."""
    address = settings().realtime_bind
    if address.startswith("unix:"):
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target: Any = address.removeprefix("unix:")
    else:
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        host, _colon, port = address.rpartition(":")
        target = (host, int(port))
    with opened:
        opened.settimeout(1)
        opened.connect(target)
        opened.sendall(b"GET /healthz HTTP/1.1\r\nHost: realtime\r\nConnection: close\r\n\r\n")
        answer = opened.recv(64)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else 0


def _disk() -> tuple[str, str]:
    usage = shutil.disk_usage(settings().data if settings().data.exists() else "/")
    free = usage.free * 100 // usage.total
    status = (
        DOWN
        if free < READ_ONLY_PERCENT and usage.free < 2**30
        else DEGRADED
        if free < LOW_DISK_PERCENT and usage.free < 5 * 2**30
        else OK
    )
    return status, f"{usage.free // 2**20} MB free ({free} %)"


@health.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Return figures for Prometheus, to loopback without a proxy or to whoever holds the token."""
    token = settings().metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (token and hmac.compare_digest(sent.encode(), token.encode())) and request.remote_addr not in {
        None, "", "127.0.0.1", "::1",
    }:  # fmt: skip
        raise NotFound
    lines = ["# TYPE daifuku_up gauge"]
    lines += [f'daifuku_up{{part="{name}"}} {int(one["status"] in {OK, OFF})}' for name, one in check_all().items()]
    lines += ["# TYPE daifuku_tasks gauge", *task_lines()]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def task_lines() -> list[str]:
    """Return how many tasks are in each state."""
    session = new_session()
    try:
        rows = session.execute(text("SELECT state, COUNT(*) FROM task GROUP BY state"))
        return [f'daifuku_tasks{{state="{state}"}} {count}' for state, count in rows]
    except SQLAlchemyError:
        return []
    finally:
        session.close()
