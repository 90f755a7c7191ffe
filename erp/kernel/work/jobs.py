"""Jobs by name: three-line delegations to commands, run later with the rights of whoever asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from erp.kernel.change.work import current_work
from erp.kernel.rights.registry import surface

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its function ``act(work, **args)``, its queue, its words, and how often it is tried.

    ``as_system``: what it does was allowed when it was asked for, and must happen whatever becomes of who asked.
    """

    name: str
    act: Callable[..., Any]
    queue: str
    label: str
    attempts: int
    as_system: bool = False


_jobs: dict[str, Job] = {}


def job(
    name: str, *, queue: str = "default", label: str = "", attempts: int = 5, as_system: bool = False
) -> Callable[[F], F]:  # fmt: skip
    """Register ``act(work, **args)`` as the job ``name``; "long" is the queue of what takes minutes."""

    def register(act: F) -> F:
        _jobs[name] = Job(name, act, queue, label or name, attempts, as_system)
        whose = (
            "acts for the product: asking for it was the right"
            if as_system
            else "runs with the rights of whoever asked"
        )
        surface(f"job:{name}", own=True, note=whose)
        return act

    return register


_writer: Callable[..., int] | None = None


def writes_tasks(write: F) -> F:
    """Register who writes tasks: ``write(work, name, args, **options)``."""
    global _writer  # noqa: PLW0603 - set once while the kernel is imported
    _writer = write
    return write


def later(name: str, args: dict[str, Any] | None = None, **options: Any) -> int:
    """Ask for a job in the running unit of work: it runs only if that commits. Return the task's id."""
    if _writer is None:
        raise LookupError("no table of tasks")
    return _writer(current_work(), name, args, **options)


def job_named(name: str) -> Job | None:
    """Return the job of this name."""
    return _jobs.get(name)


def all_jobs() -> list[Job]:
    """Return every job."""
    return list(_jobs.values())
