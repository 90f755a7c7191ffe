"""Which processes live: each writes its pulse every few seconds; who is silent is named by /readyz and erp status."""

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.change.work import unit_of_work
from erp.kernel.records.base import Base
from erp.kernel.records.types import Choice, Instant, utc_now
from erp.kernel.rights import system_actor


class ProcessHeartbeat(Base):
    """The pulse of one process on one host."""

    __tablename__ = "process_heartbeat"
    __table_args__ = (UniqueConstraint("name", "host"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    name: Mapped[Choice]
    host: Mapped[str] = mapped_column(String(190, collation="utf8mb4_nopad_bin"))
    pid: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[Instant]
    beat_at: Mapped[Instant]


BEAT = text(
    "INSERT INTO process_heartbeat (name, host, pid, started_at, beat_at) VALUES (:name, :host, :pid, :started, :now)"
    " ON DUPLICATE KEY UPDATE pid = VALUES(pid), started_at = VALUES(started_at), beat_at = VALUES(beat_at)"
)
STARTED = utc_now()
SILENT = timedelta(seconds=8)
"""After so long without a pulse a process is said to be away."""


def beat(name: str) -> None:
    """Write this process's pulse."""
    values = {"name": name, "host": socket.gethostname(), "pid": os.getpid(), "started": STARTED, "now": utc_now()}
    with unit_of_work(system_actor(name)) as work:
        work.session.execute(BEAT, values)


def last_beat(session: Session, name: str) -> datetime | None:
    """Return when a process of this name was last alive, on whatever host."""
    found: datetime | None = session.execute(
        text("SELECT MAX(beat_at) FROM process_heartbeat WHERE name = :name"), {"name": name}
    ).scalar()
    return found
