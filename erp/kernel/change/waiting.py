"""What a transaction writes last of all, just before it commits: collected on the way, forgotten when it rolls back."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

T = TypeVar("T")
WAITING = "waiting for the commit"


def waiting(session: Session, name: str, make: Callable[[], T]) -> T:
    """Return what waits under ``name``, made at the first question."""
    found: dict[str, Any] = session.info.setdefault(WAITING, {})
    if name not in found:
        found[name] = make()
    value: T = found[name]
    return value


def taken(session: Session, name: str) -> Any:
    """Take what waits under ``name`` in order to write it; None when nothing does, or only a savepoint ends."""
    if session.in_nested_transaction():
        return None
    return session.info.get(WAITING, {}).pop(name, None)


@event.listens_for(Session, "after_soft_rollback")
def forget(session: Session, ended: SessionTransaction) -> None:
    """Forget what waited in a transaction that was rolled back as a whole."""
    if not ended.nested:
        session.info.pop(WAITING, None)
