"""What happened, told to open browsers after the commit: changed, approval, notice, progress, developers' own events."""

from collections.abc import Callable
from typing import Any, TypeVar

from erp.kernel.change import approvals
from erp.kernel.change.hooks import on_approval, on_change
from erp.kernel.change.work import Work
from erp.kernel.live.emitter import emit
from erp.kernel.live.events import audience_of
from erp.kernel.live.rooms import own_room, public, room, rooms_of
from erp.kernel.records.record import Record

F = TypeVar("F", bound=Callable[..., Any])
MOST_TOLD = 200
"""Changes of one commit that are told one by one; beyond that each list is told once."""

BESIDE = frozenset({"commented", "assigned", "tagged", "attached", "mailed", "accepted", "seen", "question", "answer"})
"""What happens beside a record without making a new version of it: pages that show this version fetch it again, too."""


def dashed(kind: str) -> str:
    """Return a kind as browsers name it: ``sales-invoice``."""
    return kind.replace("_", "-")


@on_change
def changed(work: Work, record: Record, event: str) -> None:
    """Tell who shows this record, or a list it belongs to, that it changed; many changes of one record are one hint."""
    told: dict[tuple[str, int], tuple[Any, str]] = work.facts.setdefault("live changed", {})
    if not told:
        work.after_commit(lambda: _tell_changed(work))
    told[record.__kind__, record.id] = (record, event)


def _tell_changed(work: Work) -> None:
    told = work.facts.pop("live changed", {})
    _tell_others([record for record, _event in told.values()])
    if len(told) > MOST_TOLD:
        for kind in {kind for kind, _id in told}:
            sample = next(record for (name, _id), (record, _event) in told.items() if name == kind)
            emit("changed", {"kind": dashed(kind), "id": None, "version": 0, "event": "bulk", "origin": work.origin},
                 rooms_of(sample)[1:])  # fmt: skip
        return
    for (kind, record_id), (record, event) in told.items():
        data = {"kind": dashed(kind), "id": record_id, "version": record.version, "event": event, "origin": work.origin}
        emit("changed", data | ({"beside": True} if event in BESIDE else {}), rooms_of(record))


def _tell_others(records: list[Record]) -> None:
    """Let pages on other sites look again: one hint for all of it, without kinds, ids or words."""
    shown = records if len(records) <= MOST_TOLD else list({record.__kind__: record for record in records}.values())
    emit("touched", {}, list(dict.fromkeys(public(inner) for record in shown for inner in rooms_of(record))))


@on_approval
def approval_hint(work: Work, approval: approvals.Approval, event: str) -> None:
    """Ask those who may approve to look, or tell their browsers that it is decided or waits for others."""
    if event in {"question", "answer"}:
        return
    about = {"id": approval.id}
    everybody = [room("approvals", approval.kind, approval.company_id or 0)]
    if approvals.asks_only_the_right(approval):
        asked = everybody
    else:
        asked = [own_room(user_id) for user_id, _name in approvals.deciders(work, approval)]
        everybody = [*everybody, *(own_room(user_id) for user_id in approvals.people_of(work, approval))]
    if event != "requested":
        if approval.requested_by_id:
            everybody = [*everybody, own_room(approval.requested_by_id)]
        work.after_commit(lambda: emit("approval_closed", about, list(dict.fromkeys(everybody))))
    if approval.state == approvals.PENDING:
        work.after_commit(lambda: emit("approval", about, asked))


_write_notice: Callable[..., Any] | None = None


def writes_notices(write: F) -> F:
    """Register who keeps notifications: ``write(work, user_id, message, **more)``."""
    global _write_notice  # noqa: PLW0603 - set once while departments are imported
    _write_notice = write
    return write


def write_notice(work: Work, user_id: int, message: str, **more: Any) -> None:
    """Keep a notification for a user."""
    if _write_notice is not None:
        _write_notice(work, user_id, message, **more)


def notify(work: Work, user_id: int, notification_id: int | None) -> None:
    """Tell a user's browsers that a notification waits; None: only that there are more, or fewer, than they show."""
    work.after_commit(lambda: emit("notice", {"id": notification_id}, [own_room(user_id)]))


def changed_task(
    work: Work, task_id: int, user_id: int | None, *, done: int = 0, total: int | None = None, ended: bool = False
) -> None:
    """Tell whoever waits for a job how far it is."""
    data = {"job": task_id, "done": done, "total": total, "ended": ended, "label_key": "job"}
    rooms = [room("task", task_id), *([own_room(user_id)] if user_id else [])]
    work.after_commit(lambda: emit("progress", data, rooms))


def publish(
    work: Work, name: str, *, to: str | Record, ref: dict[str, int] | None = None, reason: str = ""
) -> None:  # fmt: skip
    """Send a developer's own event after the commit.

    ``to`` is a user, a role, a company or a document, or its name: ``user:7``, ``role:sales``, ``company:3``,
    ``loan:12``. The event must be registered with its audience rule; its payload is ids and an enumerated reason,
    never data. Raises ``LookupError`` for an event nobody registered, ``ValueError`` for what its rule forbids.
    """
    rule = audience_of(name)
    address = to if isinstance(to, str) else rule.address_of(to)
    rule.check(address, reason)
    if not all(isinstance(one, int) for one in (ref or {}).values()):
        raise ValueError(f"{name} carries ids only, not {ref!r}")
    data = {"event": name, "ref": ref or {}, "reason": reason}
    work.after_commit(lambda: emit("event", data, [room("event", name, address)]))
