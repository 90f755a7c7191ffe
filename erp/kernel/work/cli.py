"""``erp run``: a batch by hand; ``erp schedules``: the timetable."""

import sys

import click

from erp.kernel.change.work import run_work
from erp.kernel.cli import application, tell
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
        task_id = run_work(system_actor("operator"), lambda work: later(work, name, {}))
        state = run_task(task_id)
        task = run_work(system_actor("operator"), lambda work: work.session.get_one(Task, task_id))
    told = {"job": task_id, "state": state, "result": task.result, "error": task.error}
    tell(told, as_json=as_json, words=f"{name}: {state} {task.result or task.error or ''}")
    sys.exit(1 if state in {FAILED, QUEUED} else 0)


@click.command()
@click.option("--json", "as_json", is_flag=True)
def schedules(as_json: bool) -> None:
    """Show the timetable."""
    with application():
        found = [{"name": one.name, "cron": one.cron, "daily": one.daily} for one in all_schedules()]
    tell(found, as_json=as_json, words="\n".join(f"{one['cron']:16} {one['name']}" for one in found))


commands: list[click.Command] = [run, schedules]
