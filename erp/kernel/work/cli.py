"""``erp run``: a batch by hand; ``erp schedules``: the timetable."""

import sys
from datetime import timedelta

import click
from sqlalchemy import update

from erp.kernel.change.work import Work, run_work
from erp.kernel.cli import application, tell
from erp.kernel.records.base import table_of
from erp.kernel.rights import system_actor
from erp.kernel.work.jobs import all_jobs, job_named
from erp.kernel.work.run import run_task
from erp.kernel.work.schedule import all_schedules
from erp.kernel.work.task import FAILED, QUEUED, Task, later


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
def run(name: str, as_json: bool) -> None:
    """Run a batch now, in this process, and show its result."""
    with application():
        if job_named(name) is None:
            sys.exit(f"erp: no batch is called {name}; known: {', '.join(sorted(one.name for one in all_jobs()))}")
        task_id = run_work(system_actor("operator"), lambda work: _own(work, name))
        state = run_task(task_id)
        task = run_work(system_actor("operator"), lambda work: work.session.get_one(Task, task_id))
    told = {"job": task_id, "state": state, "result": task.result, "error": task.error}
    tell(told, as_json=as_json, words=f"{name}: {state} {task.result or task.error or ''}")
    sys.exit(1 if state in {FAILED, QUEUED} else 0)


def _own(work: Work, name: str) -> int:
    """Write the task and keep the relay from handing it to a worker: it runs here."""
    task_id = later(work, name, {})
    hidden = work.now + timedelta(minutes=1)
    work.session.execute(update(table_of(Task)).where(Task.id == task_id).values(handed_until=hidden))
    return task_id


@click.command()
@click.option("--json", "as_json", is_flag=True)
def schedules(as_json: bool) -> None:
    """Show the timetable."""
    with application():
        found = [{"name": one.name, "cron": one.cron, "daily": one.daily} for one in all_schedules()]
    tell(found, as_json=as_json, words="\n".join(f"{one['cron']:16} {one['name']}" for one in found))


commands: list[click.Command] = [run, schedules]
