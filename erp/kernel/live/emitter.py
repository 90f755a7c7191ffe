"""Sending hints to the realtime processes through Redis: best effort, short timeouts, a pause after a failure."""

import logging
from functools import cache
from typing import Any

import socketio
from redis.exceptions import RedisError

from erp.kernel.redis_roles import is_paused, note_failure
from erp.settings import settings

log = logging.getLogger("erp.live")
CHANNEL = "flask-socketio"


@cache
def _manager() -> Any:
    options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return socketio.RedisManager(
        settings().redis_realtime_url, channel=CHANNEL, write_only=True, redis_options=options, logger=_Quiet()
    )


class _Quiet:
    """Takes the manager's complaints: a lost hint is no error."""

    def error(self, *words: Any, **more: Any) -> None:
        """Note that Redis did not answer."""
        del words, more
        note_failure("realtime")

    warning = info = exception = error


def emit(event: str, data: dict[str, Any], rooms: list[str]) -> None:
    """Send a hint to rooms; a lost one is made good when the page fetches again."""
    if is_paused("realtime") or not rooms:
        return
    try:
        _manager().emit(event, data, namespace="/", room=rooms if len(rooms) > 1 else rooms[0])
    except (RedisError, OSError):
        note_failure("realtime")
        log.info("a live hint was lost: Redis is away")
