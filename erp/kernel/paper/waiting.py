"""Waiting for a job that makes a file: a few seconds in the request that asked, then on a page that goes on by itself."""

import time
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from erp.kernel.change.work import Work, current_work, new_session
from erp.kernel.paper.files import find_file
from erp.kernel.paper.pages import download, is_fragment
from erp.kernel.rights.registry import surface
from erp.kernel.web.pages import see_other
from erp.kernel.web.problems import wants_json
from erp.kernel.work.held_up import held_up
from erp.kernel.work.task import CANCELLED, DONE, FAILED, QUEUED, Task
from erp.kernel.work.views import own_task

waiting = Blueprint("waiting", __name__)
LOOK_SECONDS = 0.1
_places = BoundedSemaphore(2)
"""Two of a web process's threads may wait; who comes then waits on the page instead, so that pages go on."""

surface("waiting.job_wait", own=True, note="the view asks whose job it is")


def wait_for(task_id: int, patience: timedelta) -> None:
    """Return when the task has ended, when patience is over, or at once when others wait already."""
    if not _places.acquire(blocking=False):
        return
    try:
        ends = time.monotonic() + patience.total_seconds()
        while time.monotonic() < ends and not _has_ended(task_id):
            time.sleep(LOOK_SECONDS)
    finally:
        _places.release()


def _has_ended(task_id: int) -> bool:
    session = new_session()
    try:
        return session.scalar(select(Task.state).where(Task.id == task_id)) in {DONE, FAILED, CANCELLED}
    finally:
        session.rollback()
        session.close()


def answer_with(work: Work, task_id: int) -> ResponseReturnValue:
    """Send the file that a task made; while there is none, say with 202 which job makes it."""
    task = own_task(work, task_id)
    if task.state == DONE and (task.result or {}).get("file"):
        return download(find_file(work, int(task.result["file"])))  # type: ignore[index]
    if wants_json():
        return jsonify(job=task_id), 202
    return render_template("paper/print_wait.html", title=task.label, **_shown(task)), 202


@waiting.get("/jobs/<int:task_id>/wait")
def job_wait(task_id: int) -> ResponseReturnValue:
    """Lead to what a job made when it is there; until then show that it is being made."""
    task = own_task(current_work(), task_id)
    url = str((task.result or {}).get("url") or "")
    if task.state == DONE and url.startswith("/files/"):
        return ("", 200, {"HX-Redirect": url}) if is_fragment() else see_other(url)
    template = "paper/_print_wait.html" if is_fragment() else "paper/print_wait.html"
    return render_template(template, title=task.label, **_shown(task))


def _shown(task: Task) -> dict[str, Any]:
    page = f"/jobs/{task.id}/wait"
    ended = task if task.state in {FAILED, CANCELLED} else None
    missing = held_up(current_work(), task.queue) if task.state == QUEUED else ""
    return {
        "job": task.id, "wait_url": page, "url": page, "again_url": f"/jobs/{task.id}", "failed": ended, "missing": missing,
    }  # fmt: skip
