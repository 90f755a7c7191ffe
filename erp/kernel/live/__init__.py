"""Live updates: hints after the commit that something changed. They carry ids, never data.

What developers call - ``live.changed(document)``, ``live.publish("app.event", to=...)``, ``live.notify(user, ...)`` -
belongs to the running unit of work and takes effect only if that commits.
"""

from typing import Any, overload

from erp.kernel.change.work import Work, current_work
from erp.kernel.live import announce
from erp.kernel.live.announce import approval_hint, changed_task
from erp.kernel.live.events import event
from erp.kernel.records.record import Record

__all__ = ["approval_hint", "changed", "changed_task", "event", "notify", "publish"]


def changed(document: Record, event: str = "changed") -> None:
    """Tell open pages that a document changed: for changes that no command of the kernel made."""
    announce.changed(current_work(), document, event)


def notify(user: Record | int, message: str, **more: Any) -> None:
    """Keep a notification for a user and show it at once; ``more`` are ``values``, ``url`` and ``about``."""
    announce.write_notice(current_work(), user if isinstance(user, int) else user.id, message, **more)


@overload
def publish(name: str, /, *, to: str | Record, ref: dict[str, int] | None = None, reason: str = "") -> None: ...
@overload
def publish(
    work: Work, name: str, /, *, to: str | Record, ref: dict[str, int] | None = None, reason: str = ""
) -> None: ...
def publish(*words: Any, **more: Any) -> None:
    """Send a developer's own event, in the running unit of work or the one that is named first."""
    work, name = words if len(words) == 2 else (current_work(), *words)
    announce.publish(work, name, **more)
