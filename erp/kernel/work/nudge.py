"""A hint to the relay that something is due; losing it costs a second."""

import logging

from redis.exceptions import RedisError

from erp.kernel.redis_roles import HINT_SECONDS, connection, is_paused, note_failure

log = logging.getLogger("erp.work")
KEY = "daifuku:nudge"


def nudge() -> None:
    """Wake the relay; never fails and never waits long."""
    if is_paused("queue"):
        return
    try:
        pipe = connection("queue", HINT_SECONDS).pipeline(transaction=False)
        pipe.lpush(KEY, 1)
        pipe.ltrim(KEY, 0, 0)
        pipe.execute()
    except (RedisError, OSError):
        note_failure("queue")
        log.info("the relay was not nudged: Redis is away")


def wait_for_nudge(seconds: float) -> None:
    """Return when something is due, or after ``seconds``."""
    connection("queue").blpop([KEY], timeout=seconds)
