"""What work leaves behind, swept up every night: a table of tasks is not a diary."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from erp.kernel.change.work import Work
from erp.kernel.text import _l
from erp.kernel.work.jobs import job
from erp.kernel.work.schedule import ScheduleRun, schedule
from erp.kernel.work.task import CANCELLED, DONE, FAILED, Task

ENDED_DAYS = 30
FAILED_DAYS = 180
RUNS_DAYS = 400


@schedule("work.tidy", cron="50 3 * * *")
@job("work.tidy", label=_l("Drop finished jobs"))
def tidy(work: Work) -> dict[str, Any]:
    """Drop tasks that ended long ago, and the runs of batches; what was to happen once only is remembered for ever."""

    def before(days: int) -> Any:
        return work.now - timedelta(days=days)

    ended = delete(Task).where(Task.unique_key.is_(None))
    done = ended.where(Task.state.in_((DONE, CANCELLED)), Task.ended_at < before(ENDED_DAYS))
    failed = ended.where(Task.state == FAILED, Task.ended_at < before(FAILED_DAYS))
    runs = delete(ScheduleRun).where(ScheduleRun.created_at < before(RUNS_DAYS))
    gone = [work.session.execute(one.execution_options(synchronize_session=False)) for one in (done, failed, runs)]
    tasks, failures, old = (int(one.rowcount) for one in gone)  # type: ignore[attr-defined]
    return {"tasks": tasks + failures, "runs": old}
