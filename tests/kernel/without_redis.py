"""Every role of Redis is away: its addresses lead nowhere."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from erp.kernel import redis_roles
from erp.kernel.live import emitter
from erp.settings import settings

NOWHERE = "unix:///tmp/no-redis-is-here.sock"


@contextmanager
def redis_away() -> Iterator[None]:
    """Let every new connection lead nowhere inside the block, and know nothing of it afterwards."""
    away = dataclasses.replace(
        settings(), redis_cache_url=NOWHERE, redis_queue_url=NOWHERE, redis_realtime_url=NOWHERE
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redis_roles, "settings", lambda: away)
        patch.setattr(emitter, "settings", lambda: away)
        _forget()
        yield
    _forget()


def _forget() -> None:
    redis_roles.connection.cache_clear()
    redis_roles._failed_at.clear()
    emitter._manager.cache_clear()
