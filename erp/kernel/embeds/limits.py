"""How often one embed may be looked at and written to by one reader: counted by the minute, in Redis."""

import time

from flask import request
from redis.exceptions import RedisError

from erp.kernel import redis_roles
from erp.kernel.errors import TooManyRequests
from erp.kernel.text import _

WINDOW_SECONDS = 60
LOOKS, POSTS = 240, 20


def count_look(embed_id: int) -> None:
    """Count a look; raise ``TooManyRequests`` beyond the limit."""
    _count("look", embed_id, LOOKS)


def count_post(embed_id: int) -> None:
    """Count something sent; raise ``TooManyRequests`` beyond the limit."""
    _count("post", embed_id, POSTS)


def _count(what: str, embed_id: int, limit: int) -> None:
    if redis_roles.is_paused("cache"):
        return
    window, passed = divmod(time.time(), WINDOW_SECONDS)
    key = f"embed:{what}:{embed_id}:{request.remote_addr}:{int(window)}"
    try:
        both = redis_roles.connection("cache", redis_roles.HINT_SECONDS).pipeline(transaction=False)
        both.incr(key)
        both.expire(key, WINDOW_SECONDS)
        asked = int(both.execute()[0])
    except RedisError:
        redis_roles.note_failure("cache")
        return
    if asked > limit:
        left = int(WINDOW_SECONDS - passed) + 1
        raise TooManyRequests(_("Too many requests. Ask again in %(n)s seconds.", n=left), left)
