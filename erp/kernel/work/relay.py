"""The relay: hands ids of due tasks to RQ, every second and on a nudge. Workers do the same while it is dead."""

import logging
from datetime import timedelta

from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.orm import Session

from erp.kernel.change.work import unit_of_work
from erp.kernel.records.types import utc_now
from erp.kernel.redis_roles import connection
from erp.kernel.rights import system_actor
from erp.kernel.work.heartbeat import last_beat
from erp.kernel.work.task import Due, claim_due

log = logging.getLogger("erp.relay")
RUN = "erp.kernel.work.entry.run"
SILENT = timedelta(seconds=5)
LONGEST_SECONDS, LONGEST_PDF_SECONDS = 3600, 300
"""How long one job may run before its worker ends it. A document that is not there after five minutes never will be."""


def queue_named(name: str) -> Queue:
    """Return the RQ queue of a name; only ids travel through it, as JSON."""
    return Queue(name, connection=connection("queue"), serializer=JSONSerializer)


def hand_out() -> int:
    """Hand due tasks to RQ; return how many. What Redis does not take stays due."""
    with unit_of_work(system_actor("relay")) as work:
        rows = claim_due(work.session, utc_now())
        _enqueue(rows)
    return len(rows)


def _enqueue(rows: list[Due]) -> None:
    """Put ids into Redis; one that still waits there, behind a long job, is not put there twice."""
    for due in rows:
        queue, job_id = queue_named(due.queue), f"task-{due.id}-{due.attempts}"
        if due.again and queue.get_job_position(job_id) is not None:
            continue
        queue.enqueue(
            RUN, due.id, job_id=job_id, result_ttl=0, failure_ttl=60, description=f"task {due.id}",
            job_timeout=LONGEST_PDF_SECONDS if due.queue == "pdf" else LONGEST_SECONDS,
        )  # fmt: skip


def relay_is_silent(session: Session) -> bool:
    """Return whether the relay has not been alive for a few seconds."""
    seen = last_beat(session, "relay")
    return seen is None or utc_now() - seen > SILENT
