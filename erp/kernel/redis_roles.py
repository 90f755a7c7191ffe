"""Connections to the three roles of Redis: short timeouts, and a pause after a failure, so that no page waits for it."""

import time
from functools import cache
from typing import Any

from redis import Redis

from erp.settings import settings

PAUSE_SECONDS = 3.0
_failed_at: dict[str, float] = {}


HINT_SECONDS = 0.5
"""How long a page or a health check waits for a Redis that took the question and does not answer."""


@cache
def connection(role: str, patience: float = 5) -> "Redis":
    """Return the connection of a role: "cache", "queue" or "realtime"; it waits ``patience`` seconds for an answer."""
    url = {
        "cache": settings().redis_cache_url, "queue": settings().redis_queue_url, "realtime": settings().redis_realtime_url,
    }[role]  # fmt: skip
    found: Redis = Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=HINT_SECONDS)
    return found


def is_paused(role: str) -> bool:
    """Return whether the role failed a moment ago, so that asking again would only cost time."""
    return time.monotonic() - _failed_at.get(role, -PAUSE_SECONDS) < PAUSE_SECONDS


def note_failure(role: str) -> None:
    """Leave the role alone for a moment."""
    _failed_at[role] = time.monotonic()


def ping(role: str) -> Any:
    """Return true when the role answers; raise what the driver raises."""
    return connection(role, HINT_SECONDS).ping()
