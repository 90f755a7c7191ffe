"""The audit trail: who changed what, from what to what; append-only by database rights."""

import json
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index, String, event, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.change.waiting import taken, waiting
from erp.kernel.change.work import Work
from erp.kernel.records.base import Base, table_of
from erp.kernel.records.record import Record
from erp.kernel.records.types import Choice, Instant, Json, Name


class AuditEntry(Base):
    """One unsafe action. ``changes`` maps a field path to [before, after]."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_record", "kind", "record_id", "id"),
        Index("ix_audit_entry_at", "at"),
        {"info": {"append_only": True}},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[Name]
    session_id: Mapped[int | None] = mapped_column(BigInteger)
    ip: Mapped[str] = mapped_column(String(64), default="")
    action: Mapped[Choice]
    kind: Mapped[Choice]
    record_id: Mapped[int | None] = mapped_column(BigInteger)
    company_id: Mapped[int | None] = mapped_column(BigInteger)
    changes: Mapped[Json | None]
    note: Mapped[str] = mapped_column(String(1000), default="")


WRITE, ENTRIES = insert(table_of(AuditEntry)), "audit entries"


def audit(
    work: Work, action: str, record: Record | None, changes: dict[str, Any] | None = None, *, note: str = "",
    kind: str = "", record_id: int | None = None,
) -> None:  # fmt: skip
    """Write one entry in the running transaction, together with its other entries just before it commits.

    Inside a savepoint it is written at once, so that it vanishes with the savepoint.
    """
    row = {
        "at": work.now, "user_id": work.actor.user_id, "user_name": work.actor.name,
        "session_id": work.actor.session_id, "ip": work.ip, "action": action,
        "kind": record.__kind__ if record is not None else kind,
        "record_id": record.id if record is not None else record_id,
        "company_id": getattr(record, "company_id", None), "changes": changes or None, "note": note[:1000],
    }  # fmt: skip
    if work.session.in_nested_transaction():
        work.session.execute(WRITE, [row])
    else:
        waiting(work.session, ENTRIES, list[dict[str, Any]]).append(row)


@event.listens_for(Session, "before_commit")
def write_waiting(session: Session) -> None:
    """Write the entries that wait, in their order: one statement for all of a transaction."""
    rows = taken(session, ENTRIES)
    if rows:
        session.execute(WRITE, rows)


def plain(value: Any) -> Any:
    """Return ``value`` as JSON keeps it: decimals as strings without idle zeros, dates in ISO 8601."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value, default=plain))
    return value


def decimal_text(value: Decimal) -> str:
    """Return an exact number without exponent and without idle zeros: ``12.5``, ``100``, ``0``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return [before, after] of every field path whose value differs."""
    return {
        path: [before.get(path), after.get(path)]
        for path in [*before, *(path for path in after if path not in before)]
        if before.get(path) != after.get(path)
    }
