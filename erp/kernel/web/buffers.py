"""What is being typed, kept on the server for every form: it survives reload, session end and restart."""

import json
from datetime import datetime

from sqlalchemy import BigInteger, String, UniqueConstraint, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.work import Work
from erp.kernel.records.base import Base
from erp.kernel.records.types import Choice, Instant, Json


class TypingBuffer(Base):
    """The content of one user's open form, as typed."""

    __tablename__ = "typing_buffer"
    __table_args__ = (UniqueConstraint("user_id", "kind", "record_key"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[Choice]
    record_key: Mapped[str] = mapped_column(String(64))
    form: Mapped[Json]
    updated_at: Mapped[Instant]


KEPT_OUT = {"csrf_token", "idempotency_key", "_add", "_default"}


def keep(work: Work, kind: str, key: str, form: dict[str, str]) -> None:
    """Keep what is typed in place of what was kept before."""
    row = {"u": work.actor.user_id, "k": kind, "r": key, "t": work.now}
    kept = {name: value for name, value in form.items() if name not in KEPT_OUT}
    statement = text(
        "INSERT INTO typing_buffer (user_id, kind, record_key, form, updated_at) VALUES (:u, :k, :r, :f, :t) "
        "ON DUPLICATE KEY UPDATE form = VALUES(form), updated_at = VALUES(updated_at)"
    )
    work.session.execute(statement, {**row, "f": json.dumps(kept, ensure_ascii=False)})


def kept_form(work: Work, kind: str, key: str) -> tuple[dict[str, str], datetime] | None:
    """Return what the user typed and when, or None."""
    row = work.session.execute(
        select(TypingBuffer.form, TypingBuffer.updated_at).where(
            TypingBuffer.user_id == work.actor.user_id, TypingBuffer.kind == kind, TypingBuffer.record_key == key
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def drop(work: Work, kind: str, key: str) -> None:
    """Forget what was typed: it is saved, or the user let go of it."""
    work.session.execute(
        delete(TypingBuffer)
        .where(TypingBuffer.user_id == work.actor.user_id, TypingBuffer.kind == kind, TypingBuffer.record_key == key)
        .execution_options(synchronize_session=False)
    )
