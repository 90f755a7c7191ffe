"""Whether this process hears every hint: what Redis forgot or could not pass on is made good by looking again.

A hint is passed on by Redis to who listens at that moment. When the subscription of this process is another than it was -
Redis was restarted, the line was cut - hints may have been lost between the two, and the pages that are open are told to
fetch what they show.
"""

import os
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

LISTENING_EVERY = 1.0
PAUSED_SECONDS = 4.5
"""How long after Redis is back a web process may still leave it alone (``redis_roles.PAUSE_SECONDS``), and a bit."""


def own_name() -> str:
    """Return the name under which this process subscribes: unique among the processes of all hosts that share a Redis."""
    return f"realtime-{os.uname().nodename}-{os.getpid()}".replace(" ", "-")


class Hearing:
    """The subscription of one process, looked at from time to time."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self.redis, self.name = redis, name
        self._last: str | None = None
        self._was_deaf = False

    def missed(self) -> bool:
        """Return whether hints may have been lost since this was asked before."""
        now = self._subscription()
        if now is None:
            self._was_deaf = True
            return False
        missed = self._was_deaf or self._last not in {None, now}
        self._last, self._was_deaf = now, False
        return missed

    def _subscription(self) -> str | None:
        """Return a word for the subscription as it is, or None when there is none."""
        try:
            run: Any = self.redis.info("server")
            clients: Any = self.redis.client_list(_type="pubsub")
        except (RedisError, OSError):
            return None
        ids = [one["id"] for one in clients if one.get("name") == self.name]
        return f"{run['run_id']}:{ids[-1]}" if ids else None
