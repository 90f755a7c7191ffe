"""How often a program may ask: counted by the minute for each token or user, told in every answer of the API."""

import time

from flask import Blueprint, Response, current_app, g, request
from redis.exceptions import RedisError

from erp.kernel import redis_roles
from erp.kernel.errors import TooManyRequests
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _

limits = Blueprint("limits", __name__)
WINDOW_SECONDS = 60


def count(actor: Actor) -> None:
    """Count a request of the API; raise ``TooManyRequests`` beyond the limit. Without Redis nobody is counted."""
    g.pop("rate", None)
    limit: int = current_app.config["ERP"].api_rate
    if not limit or actor.user_id is None or redis_roles.is_paused("cache"):
        return
    window, passed = divmod(time.time(), WINDOW_SECONDS)
    key = f"rate:{'t' if actor.token_id else 'u'}{actor.token_id or actor.user_id}:{int(window)}"
    try:
        both = redis_roles.connection("cache", redis_roles.HINT_SECONDS).pipeline(transaction=False)
        both.incr(key)
        both.expire(key, WINDOW_SECONDS)
        asked = both.execute()[0]
    except RedisError:
        redis_roles.note_failure("cache")
        return
    left = int(WINDOW_SECONDS - passed) + 1
    g.rate = {"RateLimit-Limit": limit, "RateLimit-Remaining": max(0, limit - int(asked)), "RateLimit-Reset": left}
    if int(asked) > limit:
        raise TooManyRequests(_("Too many requests. Ask again in %(n)s seconds.", n=left), left)


@limits.after_app_request
def tell(response: Response) -> Response:
    """Say how much of the limit is left."""
    if request.path.startswith("/api/"):
        for name, value in g.get("rate", {}).items():
            response.headers[name] = str(value)
    return response
