"""Who looks at which document, and in which field: kept in Redis, so that several realtime processes know the same."""

import json
import re
import time
from collections.abc import Iterable
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

KEPT_SECONDS = 25
"""A browser says so again every ten seconds; whoever is silent for longer has gone. With the round that looks for the
silent, nobody is shown for more than thirty seconds after his browser died."""

FIELD = re.compile(r"[\w.$-]{1,100}", re.ASCII)
"""How fields are named. What a browser calls a field is told to others, so it carries nothing else."""


def field_name(sent: Any) -> str | None:
    """Return the field that a browser names, or None for anything that is no name of a field."""
    return sent if isinstance(sent, str) and FIELD.fullmatch(sent) else None


class Presence:
    """The users in the rooms of documents. Without Redis nobody is told of anybody."""

    def __init__(self, redis: "Redis") -> None:
        self.redis = redis

    def enter(self, room: str, handle: str, user: int, field: str | None) -> list[dict[str, Any]] | None:
        """Note that a connection is in a room; return who is there, or None when that is what everybody knows."""
        now, key = time.time(), _key(room)
        try:
            before = _read(self.redis.hget(key, handle))
            same = before is not None and (before["id"], before["field"]) == (user, field)
            moved = before["moved"] if before is not None and same else now
            about = {"id": user, "field": field, "at": now, "moved": moved}
            pipe = self.redis.pipeline(transaction=False)
            pipe.hset(key, handle, json.dumps(about))
            pipe.expire(key, KEPT_SECONDS)
            pipe.hgetall(key)
            kept = pipe.execute()[-1]
        except (RedisError, OSError):
            return None
        return None if same else _users(kept)

    def leave(self, room: str, handle: str) -> list[dict[str, Any]] | None:
        """Forget a connection; return who is left, or None when nobody knew of it."""
        try:
            return self.users(room) if self.redis.hdel(_key(room), handle) else None
        except (RedisError, OSError):
            return None

    def users(self, room: str) -> list[dict[str, Any]]:
        """Return who is in a room, each user once: in the field he moved to last."""
        try:
            return _users(self.redis.hgetall(_key(room)))
        except (RedisError, OSError):
            return []

    def silent(self, rooms: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """Forget the connections that say nothing any more; return who is left, for each room that lost one.

        Several processes look at the same rooms: the one that takes an entry away is the one that tells.
        """
        asked, lost = list(rooms), {}
        try:
            pipe = self.redis.pipeline(transaction=False)
            for room in asked:
                pipe.hgetall(_key(room))
            for room, kept in zip(asked, pipe.execute(), strict=True):
                old = [handle for handle, about in kept.items() if not _is_fresh(_read(about))]
                if old and self.redis.hdel(_key(room), *old):
                    lost[room] = _users(kept)
        except (RedisError, OSError):
            return lost
        return lost


def _read(about: Any) -> dict[str, Any] | None:
    return dict(json.loads(about)) if about else None


def _is_fresh(about: dict[str, Any] | None) -> bool:
    return about is not None and time.time() - about["at"] < KEPT_SECONDS


def _users(kept: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return each user once; of his browsers the one in a field counts before those that only show the document."""
    known = [about for about in map(_read, kept.values()) if about is not None and _is_fresh(about)]
    known.sort(key=lambda one: (one["field"] is not None, one["moved"]))
    return [{"id": user, "field": field} for user, field in {one["id"]: one["field"] for one in known}.items()]


def _key(room: str) -> str:
    return f"presence:{room}"
