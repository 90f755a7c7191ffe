"""Work that happens later: tasks written with the business change, run by workers, scheduled by the clock."""

from erp.kernel.work.jobs import all_jobs, job, job_named
from erp.kernel.work.run import is_cancelled, on_failure, progress, run_task
from erp.kernel.work.schedule import all_schedules, schedule
from erp.kernel.work.task import Task, later, requeue

__all__ = [
    "Task", "all_jobs", "all_schedules", "is_cancelled", "job", "job_named", "later", "on_failure", "progress", "requeue",
    "run_task", "schedule",
]  # fmt: skip
