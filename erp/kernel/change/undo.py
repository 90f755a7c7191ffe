"""Taking back what was done a moment ago: what it was, kept for some seconds by whoever did it."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import BigInteger, Index, delete, insert, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.audit import audit
from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, NotFound
from erp.kernel.records.aspects import aspects_of
from erp.kernel.records.base import Base, table_of
from erp.kernel.records.record import Record
from erp.kernel.records.registry import kind_of
from erp.kernel.records.types import Choice, Instant, Json
from erp.kernel.text import _

OFFERED = timedelta(seconds=10)
TAKEN = OFFERED + timedelta(seconds=5)
"""Who clicks at the last moment still gets there."""

DELETED = "deleted"


class UndoStep(Base):
    """One thing that its doer may still take back."""

    __tablename__ = "undo_step"
    __table_args__ = (Index("ix_undo_step_at", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[Choice]
    kind: Mapped[Choice]
    record_id: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[Json]
    at: Mapped[Instant]
    taken_at: Mapped[Instant | None]


Undo = Callable[[Work, UndoStep], str]
_ways: dict[str, Undo] = {}


def undoes(what: str) -> Callable[[Undo], Undo]:
    """Register how something is taken back: ``act(work, step)`` returns the page to show next."""

    def register(act: Undo) -> Undo:
        _ways[what] = act
        return act

    return register


def may_be_taken_back(work: Work, what: str, record: Record, content: Any) -> None:
    """Keep what the actor needs to take something back; the page that answers offers it."""
    if work.actor.user_id is None:
        return
    row = UndoStep(
        user_id=work.actor.user_id, what=what, kind=record.__kind__, record_id=record.id, content=content, at=work.now
    )
    work.session.add(row)
    work.session.flush()
    work.facts["undo"] = (row.id, what)


def take_back(work: Work, step_id: int) -> str:
    """Take back what the actor did a moment ago; return the page to show. Raises ``NotFound`` and ``Conflict``."""
    step = work.session.get(UndoStep, step_id, with_for_update=True)
    if step is None or step.user_id != work.actor.user_id or step.what not in _ways:
        raise NotFound
    if step.taken_at is not None:
        raise Conflict(_("This was taken back already."))
    if work.now - step.at > TAKEN:
        raise Conflict(_("It is too late to take this back: more than ten seconds have passed. Nothing was changed."))
    url = _ways[step.what](work, step)
    step.taken_at = work.now
    return url


def forget_steps(work: Work, before: datetime) -> int:
    """Delete what can no longer be taken back; return how much."""
    done = work.session.execute(
        delete(UndoStep).where(UndoStep.at < before).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def rows_of(work: Work, record: Record) -> list[list[Any]]:
    """Return every row of a record - its own, its lines, its aspects - as JSON, in the order in which they are written."""
    mapper = inspect(type(record))
    found = [_row(work, table, table.c.id == record.id) for table in mapper.tables]
    for relation in mapper.relationships:
        if "rows" in relation.info:
            line = table_of(relation.mapper.class_)
            [owned] = relation.remote_side
            found.append(_row(work, line, line.c[owned.name] == record.id))
    for cls in aspects_of(record.__kind__):
        table = table_of(cls)
        found.append(_row(work, table, table.c.record_id == record.id))
    return [part for part in found if part[1]]


def _row(work: Work, table: Any, condition: Any) -> list[Any]:
    rows = work.session.execute(select(table).where(condition)).mappings()
    return [table.name, [{name: _kept(value) for name, value in row.items()} for row in rows]]


def _kept(value: Any) -> Any:
    """Return a value with its type, as JSON keeps it."""
    for cls, tag in ((Decimal, "n"), (datetime, "t"), (date, "d"), (uuid.UUID, "u"), (bytes, "b")):
        if isinstance(value, cls):
            return {"$": tag, "v": value.hex() if isinstance(value, bytes) else str(value)}
    return value


def _read(kept: Any) -> Any:
    """Return a value that ``_kept`` wrote."""
    if not isinstance(kept, dict) or set(kept) != {"$", "v"}:
        return kept
    read: dict[str, Callable[[str], Any]] = {
        "n": Decimal, "t": datetime.fromisoformat, "d": date.fromisoformat, "u": uuid.UUID, "b": bytes.fromhex,
    }  # fmt: skip
    return read[kept["$"]](kept["v"])


@undoes(DELETED)
def write_again(work: Work, step: UndoStep) -> str:
    """Write a deleted record again, with its ids, so that whatever names it finds it."""
    kind = kind_of(step.kind)
    tables, content = Base.metadata.tables, cast("Any", step.content)
    try:
        with work.session.begin_nested():
            for name, rows in content:
                table = tables[name]
                # Written by hand: these are the rows as they stood, and no rule is asked about them again.
                values = [
                    {key: _read(value) for key, value in row.items() if table.c[key].computed is None} for row in rows
                ]
                work.session.execute(insert(table), values)
    except IntegrityError:
        raise Conflict(_("Something else took its place meanwhile. Nothing was changed.")) from None
    record = work.session.get_one(kind, step.record_id)
    audit(work, "undeleted", record)
    announce(work, record, "created")
    return f"/{kind.__collection__}/{record.id}"
