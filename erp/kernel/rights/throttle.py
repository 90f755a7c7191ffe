"""Slowing down who guesses passwords: counters per account and per network, never a lock that shuts users out."""

import hashlib
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import BINARY, BigInteger, Integer, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.records.base import Base
from erp.kernel.records.types import Instant

FREE_TRIES = {"account": 5, "network": 30}
"""So many failures cost nothing; each further one doubles the wait."""

LONGEST = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=2)


class LoginAttempt(Base):
    """Failures in a row of one account name or one network, and until when the next try is refused."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    key: Mapped[bytes] = mapped_column(BINARY(32), unique=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    last_at: Mapped[Instant] = mapped_column(index=True)
    open_at: Mapped[Instant]


def wait_after(failures: int, free: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 0, then 1 s, 2 s, 4 s ... 15 minutes."""
    beyond = failures - free
    return timedelta() if beyond < 0 else min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST)


def network_of(address: str) -> str:
    """Return the network that counts as one: an IPv4 address, an IPv6 /64."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip) if ip.version == 4 else str(ip_network(f"{ip}/64", strict=False))


def keys_of(login: str, address: str) -> dict[str, bytes]:
    """Return the counters that a try at ``login`` from ``address`` concerns; names are kept as hashes only."""
    named = {"account": f"account:{login}", "network": f"network:{network_of(address)}"}
    return {kind: hashlib.sha256(name.encode()).digest() for kind, name in named.items()}


def seconds_to_wait(session: Session, login: str, address: str, now: datetime) -> int:
    """Return in how many seconds the next try is heard; 0: now."""
    keys = list(keys_of(login, address).values())
    opens = session.scalars(select(LoginAttempt.open_at).where(LoginAttempt.key.in_(keys))).all()
    longest = max((open_at - now for open_at in opens), default=timedelta())
    return max(0, -(-longest // timedelta(seconds=1)))


COUNT = text(
    "INSERT INTO login_attempt (`key`, failures, last_at, open_at) VALUES (:key, 1, :now, :now)"
    " ON DUPLICATE KEY UPDATE failures = IF(last_at < :old, 1, failures + 1), last_at = :now"
)


def failed(session: Session, login: str, address: str, now: datetime) -> int:
    """Count a failure for the account and the network; return how many the account has had in a row."""
    counts = {}
    for kind, key in sorted(keys_of(login, address).items()):
        session.execute(COUNT, {"key": key, "now": now, "old": now - FORGOTTEN_AFTER})
        row = session.scalars(
            select(LoginAttempt).where(LoginAttempt.key == key).execution_options(populate_existing=True)
        ).one()
        row.open_at = now + wait_after(row.failures, FREE_TRIES[kind])
        counts[kind] = row.failures
    session.flush()
    return counts["account"]


def succeeded(session: Session, login: str, address: str) -> None:
    """Forget the failures of the account; those of the network fade by themselves."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == keys_of(login, address)["account"]))


def forget_old(session: Session, now: datetime) -> int:
    """Drop counters that no longer count; return how many."""
    return int(session.execute(delete(LoginAttempt).where(LoginAttempt.last_at < now - FORGOTTEN_AFTER)).rowcount)  # type: ignore[attr-defined]
