"""What a record held before each of its changes, for a few days: the common ground of people who change it at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.audit import plain
from erp.kernel.change.content import value_in
from erp.kernel.change.work import Work
from erp.kernel.records.base import Base, table_of
from erp.kernel.records.description import describe
from erp.kernel.records.record import Record
from erp.kernel.records.setup import setup
from erp.kernel.records.types import Choice, Instant, Json


class EarlierContent(Base):
    """The content that a record had as ``version``, before the change that ended it."""

    __tablename__ = "earlier_content"
    __table_args__ = (
        Index("ix_earlier_content_record", "kind", "record_id", "version"),
        Index("ix_earlier_content_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    kind: Mapped[Choice]
    record_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[Json]
    at: Mapped[Instant]


def by_identity(work: Work, record: Record) -> dict[str, Any]:
    """Return every described value as JSON keeps it: fields by name, lines by id (``{"lines": {"12": {...}}}``), in order."""
    description = describe(record.__kind__, "form", setup(work.session))
    content: dict[str, Any] = {info.name: plain(value_in(work, record, info)) for info in description.fields}
    for name, line in description.lines.items():
        content[name] = {
            str(row.id): {info.name: plain(getattr(row, info.attribute)) for info in line.fields}
            for row in getattr(record, name)
        }
    return content


def keep_earlier(work: Work, record: Record, version: int, content: dict[str, Any]) -> None:
    """Keep what a record held as ``version``; called by the save that changes it."""
    row = {"kind": record.__kind__, "record_id": record.id, "version": version, "content": content, "at": work.now}
    work.session.execute(insert(table_of(EarlierContent)), [row])


def content_as_of(work: Work, record: Record, version: int) -> dict[str, Any] | None:
    """Return what a record held as an earlier version, as ``by_identity``; None where nobody knows any more.

    Verbs make versions without changing what is typed: the content of a version is what the next change found.
    """
    about = EarlierContent.kind == record.__kind__, EarlierContent.record_id == record.id
    kept = select(EarlierContent.content).where(*about, EarlierContent.version >= version)
    found: dict[str, Any] | None = work.session.scalars(kept.order_by(EarlierContent.version).limit(1)).first()
    return found


def forget_earlier(work: Work, before: datetime) -> int:
    """Drop what was kept before a moment: nobody has a page open for so long."""
    return int(work.session.execute(delete(EarlierContent).where(EarlierContent.at < before)).rowcount)  # type: ignore[attr-defined]
