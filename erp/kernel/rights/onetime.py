"""Links that work once: an invitation to choose the first password, and a reset of a forgotten one."""

from datetime import datetime, timedelta

from sqlalchemy import BINARY, BigInteger, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.records import Base, Choice, Instant
from erp.kernel.rights.secret import digest, new_secret_text

INVITATION, RESET = "invitation", "reset"
LIFE = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}


class OneTimeLink(Base):
    """A link that was mailed; only its hash is kept, and it works once."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    hash: Mapped[bytes] = mapped_column(BINARY(32), unique=True)
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id", ondelete="RESTRICT"), index=True)
    purpose: Mapped[Choice]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


def make_link(session: Session, user_id: int, purpose: str, now: datetime) -> str:
    """Return the secret of a new link; earlier ones of the user stop working."""
    spoil_links(session, user_id, now)
    secret = new_secret_text()
    expires_at = now + LIFE[purpose]
    session.add(
        OneTimeLink(hash=digest(secret), user_id=user_id, purpose=purpose, created_at=now, expires_at=expires_at)
    )
    session.flush()
    return secret


def find_link(session: Session, secret: str, now: datetime, *, for_update: bool = False) -> OneTimeLink | None:
    """Return the link if it still works."""
    query = select(OneTimeLink).where(
        OneTimeLink.hash == digest(secret), OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now
    )
    return session.scalars(query.with_for_update() if for_update else query).one_or_none()


def spoil_links(session: Session, user_id: int, now: datetime) -> None:
    """Make every link of a user worthless."""
    query = update(OneTimeLink).where(OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None))
    session.execute(query.values(used_at=now))
