"""The job pages: what runs, how far it is, how it ended; a user sees his own, an administrator all."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import Conflict, NotFound
from erp.kernel.live import changed_task
from erp.kernel.rights.registry import surface
from erp.kernel.text import _
from erp.kernel.web.chrome import counts
from erp.kernel.web.pages import see_other
from erp.kernel.work.held_up import held_up
from erp.kernel.work.nudge import nudge
from erp.kernel.work.task import CANCELLED, FAILED, QUEUED, RUNNING, Task, counting_running, requeue, running_count

jobs = Blueprint("jobs", __name__)
SHOWN = 100

for endpoint in ("show_all", "show", "running", "rest", "retry", "stop"):
    surface(f"jobs.{endpoint}", own=True, note="a user's own jobs; an administrator sees all")

counts("running_jobs")(counting_running)


def state_words(state: str) -> str:
    """Return the word of a state."""
    known = {
        "queued": _("Waiting"), "running": _("Running"), "done": _("Done"), "failed": _("Failed"), "cancelled": _("Stopped"),
    }  # fmt: skip
    return known.get(state, state)


def own_task(work: Work, task_id: int, *, for_update: bool = False) -> Task:
    """Return a task of this user, or any for an administrator."""
    task = work.session.get(Task, task_id, with_for_update=for_update or None)
    if task is None or (task.user_id != work.actor.user_id and not work.actor.is_admin):
        raise NotFound
    return task


@jobs.get("/jobs")
def show_all() -> ResponseReturnValue:
    """List jobs, newest first."""
    work = current_work()
    query = select(Task).order_by(Task.id.desc()).limit(8 if request.args.get("show") == "menu" else SHOWN)
    if not work.actor.is_admin:
        query = query.where(Task.user_id == work.actor.user_id)
    found = list(work.session.scalars(query))
    return render_template(
        "jobs/list.html",
        tasks=found,
        title=_("Background jobs"),
        crumbs=[(_("Background jobs"), None)],
        words=state_words,
        missing=next(
            filter(None, (held_up(work, queue) for queue in {t.queue for t in found if t.state == QUEUED})), ""
        ),
    )


@jobs.get("/jobs/running")
def running() -> ResponseReturnValue:
    """Return how many jobs of this user are not finished."""
    return jsonify(running=running_count(current_work()))


@jobs.get("/jobs/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """Show one job: state, progress, result, error."""
    task = own_task(current_work(), task_id)
    crumbs = [(_("Background jobs"), "/jobs"), (task.label, None)]
    return render_template(
        "jobs/show.html", task=task, title=task.label, crumbs=crumbs, words=state_words, result_url=result_url(task),
        topic=f"task:{task.id}", missing=held_up(current_work(), task.queue) if task.state == QUEUED else "",
    )  # fmt: skip


def result_url(task: Task) -> str | None:
    """Return where the result of a job is, if it has a page."""
    url = (task.result or {}).get("url")
    return str(url) if isinstance(url, str) and url.startswith("/") and not url.startswith("//") else None


@jobs.get("/api/v1/jobs/<int:task_id>")
def rest(task_id: int) -> ResponseReturnValue:
    """Return a job as the API writes it."""
    return jsonify(as_json(own_task(current_work(), task_id)))


def as_json(task: Task) -> dict[str, Any]:
    """Return the state of a task."""
    return {
        "id": task.id, "name": task.name, "label": task.label, "state": task.state, "done": task.done,
        "total": task.total, "result": task.result, "error": task.error, "attempts": task.attempts,
        "created_at": plain(task.created_at), "started_at": plain(task.started_at), "ended_at": plain(task.ended_at),
    }  # fmt: skip


@jobs.post("/jobs/<int:task_id>/retry")
def retry(task_id: int) -> ResponseReturnValue:
    """Run a failed or stopped job again."""
    work = current_work()
    task = own_task(work, task_id, for_update=True)
    if task.state not in {FAILED, CANCELLED}:
        raise Conflict(_("This job has not failed. Nothing was changed."))
    requeue(work.session, task.id)
    work.after_commit(nudge)
    changed_task(work, task.id, task.user_id)
    return see_other(f"/jobs/{task.id}")


@jobs.post("/jobs/<int:task_id>/stop")
def stop(task_id: int) -> ResponseReturnValue:
    """Stop a job that waits; a running one ends between two of its steps."""
    work = current_work()
    task = own_task(work, task_id, for_update=True)
    if task.state not in {QUEUED, RUNNING}:
        raise Conflict(_("This job has ended. Nothing was changed."))
    task.state, task.ended_at = CANCELLED, work.now
    changed_task(work, task.id, task.user_id, ended=True)
    return see_other(f"/jobs/{task.id}")
