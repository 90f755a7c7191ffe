"""Why a job does not go on: which part of the system it waits for, in words for the one who waits."""

from redis.exceptions import RedisError

from erp.kernel.change.work import Work
from erp.kernel.records.types import utc_now
from erp.kernel.redis_roles import is_paused, note_failure, ping
from erp.kernel.text import _
from erp.kernel.work.heartbeat import SILENT, last_beat

SERVED_BY = {"pdf": ("pdf",), "long": ("worker",)}
"""Who serves a queue; every other queue is served by both."""


def held_up(work: Work, queue: str) -> str:
    """Return what is missing for jobs of this queue, or nothing when they go on."""
    if not _queue_answers():
        return _("The queue does not answer. Jobs are kept and run when it is back.")
    beats = [last_beat(work.session, name) for name in SERVED_BY.get(queue, ("worker", "pdf"))]
    if not any(seen is not None and utc_now() - seen < SILENT for seen in beats):
        return _("The process that does this is not running. Jobs are kept and run when it is back.")
    return ""


def _queue_answers() -> bool:
    """Ask Redis, not again within seconds of a failure."""
    if is_paused("queue"):
        return False
    try:
        ping("queue")
    except (RedisError, OSError):
        note_failure("queue")
        return False
    return True
