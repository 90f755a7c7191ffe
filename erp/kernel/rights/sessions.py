"""Sessions: the truth is a row in the database, the cookie is a random number whose hash the row keeps."""

from datetime import datetime, timedelta

from sqlalchemy import BINARY, BigInteger, ForeignKey, Integer, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.records import Base, Choice, Instant
from erp.kernel.rights.actor import PASSWORD
from erp.kernel.rights.csrf import new_secret
from erp.kernel.rights.secret import digest, new_secret_text

ABSOLUTE, IDLE = timedelta(hours=12), timedelta(hours=2)
ABSOLUTE_STAYING, IDLE_STAYING = timedelta(days=14), timedelta(days=3)
SEEN_EVERY = timedelta(minutes=1)


class SessionRow(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "session_row"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    hash: Mapped[bytes] = mapped_column(BINARY(32), unique=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id", ondelete="RESTRICT"), index=True)
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    idle_seconds: Mapped[int] = mapped_column(Integer)
    revoked_at: Mapped[Instant | None]
    auth_level: Mapped[Choice] = mapped_column(default=PASSWORD)
    second_factor_at: Mapped[Instant | None]
    csrf: Mapped[bytes] = mapped_column(BINARY(32))
    ip: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(255), default="")
    last_gtid: Mapped[str] = mapped_column(String(190), default="")

    def is_open(self, now: datetime) -> bool:
        """Return whether the session still lets its browser in."""
        idle_until = self.last_seen_at + timedelta(seconds=self.idle_seconds)
        return self.revoked_at is None and now < min(self.expires_at, idle_until)


def open_session(
    session: Session, user_id: int, *, now: datetime, ip: str = "", agent: str = "", staying: bool = False
) -> tuple[str, SessionRow]:  # fmt: skip
    """Sign a user in: return the secret for the cookie, and its row."""
    sid = new_secret_text()
    row = SessionRow(
        hash=digest(sid), user_id=user_id, created_at=now, last_seen_at=now,
        expires_at=now + (ABSOLUTE_STAYING if staying else ABSOLUTE),
        idle_seconds=int((IDLE_STAYING if staying else IDLE).total_seconds()),
        auth_level=PASSWORD, csrf=new_secret(), ip=ip[:64], agent=agent[:255], last_gtid="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return sid, row


def seen(session: Session, session_id: int, now: datetime) -> None:
    """Note that the browser was active; callers do so once a minute at the most."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(last_seen_at=now))


def end_session(session: Session, session_id: int, now: datetime) -> None:
    """Sign one browser out."""
    session.execute(
        update(SessionRow).where(SessionRow.id == session_id, SessionRow.revoked_at.is_(None)).values(revoked_at=now)
    )


def end_sessions(session: Session, user_id: int, now: datetime, *, but: int | None = None) -> None:
    """Sign a user out everywhere, except in the session ``but``."""
    query = update(SessionRow).where(SessionRow.user_id == user_id, SessionRow.revoked_at.is_(None))
    if but is not None:
        query = query.where(SessionRow.id != but)
    session.execute(query.values(revoked_at=now))


def open_sessions(session: Session, user_id: int, now: datetime) -> list[SessionRow]:
    """Return the browsers in which a user is signed in, latest first."""
    query = select(SessionRow).where(
        SessionRow.user_id == user_id, SessionRow.revoked_at.is_(None), SessionRow.expires_at > now
    )
    return [row for row in session.scalars(query.order_by(SessionRow.last_seen_at.desc())) if row.is_open(now)]
