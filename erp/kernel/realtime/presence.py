"""Who looks at which document, and in which field: kept in Redis, so that several realtime processes know the same."""

import json
import time
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

KEPT_SECONDS = 60
"""A browser says so again every half a minute; whoever is silent for longer has gone."""


class Presence:
    """The users in the rooms of documents. Without Redis nobody is told of anybody."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=0.5)

    def enter(self, room: str, handle: str, user: int, field: str | None) -> list[dict[str, Any]]:
        """Note that a connection is in a room and return who is there."""
        about = json.dumps({"id": user, "field": field, "at": int(time.time())})
        try:
            pipe = self.redis.pipeline(transaction=False)
            pipe.hset(_key(room), handle, about)
            pipe.expire(_key(room), KEPT_SECONDS)
            pipe.execute()
        except (RedisError, OSError):
            return [{"id": user, "field": field}]
        return self.users(room)

    def leave(self, room: str, handle: str) -> list[dict[str, Any]]:
        """Forget a connection and return who is left."""
        try:
            self.redis.hdel(_key(room), handle)
        except (RedisError, OSError):
            return []
        return self.users(room)

    def users(self, room: str) -> list[dict[str, Any]]:
        """Return who is in a room, each user once: where he was last."""
        try:
            kept = self.redis.hgetall(_key(room))
        except (RedisError, OSError):
            return []
        known = sorted((json.loads(about) for about in kept.values()), key=lambda one: one["at"])
        fresh = [one for one in known if time.time() - one["at"] < KEPT_SECONDS]
        return [{"id": user, "field": field} for user, field in {one["id"]: one["field"] for one in fresh}.items()]


def _key(room: str) -> str:
    return f"presence:{room}"
