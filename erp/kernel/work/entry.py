"""What RQ calls in a worker: one function, one argument, the id of a task."""

from typing import Any

from erp.kernel.work.run import run_task
from erp.kernel.work.schedule import start_due

_apps: list[Any] = []


def use_app(app: Any) -> None:
    """Set the application whose context tasks run in: once, when the worker starts."""
    _apps[:] = [app]


def run(task_id: int) -> str:
    """Run a task inside the application's context."""
    with _apps[0].app_context():
        return run_task(task_id)


def tick() -> list[str]:
    """Start the batches whose moment has come: what the clock calls each minute."""
    with _apps[0].app_context():
        return start_due()
