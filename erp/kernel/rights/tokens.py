"""Tokens for programs: ``erp_<id>_<secret>``, shown once, kept as a hash, narrower than their user's rights."""

import re
from datetime import datetime, timedelta

from sqlalchemy import BINARY, BigInteger, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.errors import Problem, Problems
from erp.kernel.records import Base, Instant, Tags, all_kinds
from erp.kernel.rights.secret import digest, new_secret_text
from erp.kernel.text import _

FORM = re.compile(r"erp_(\d{1,18})_([A-Za-z0-9_-]{20,100})")
SCOPE = re.compile(r"[a-z][a-z0-9-]*:(\*|[a-z][a-z0-9_-]*)")
DEFAULT_LIFE = timedelta(days=365)


class ApiToken(Base):
    """A program's key to what a user may do, narrowed to ``scopes`` and perhaps one company."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    hash: Mapped[bytes] = mapped_column(BINARY(32))
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    scopes: Mapped[Tags]
    company_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]


def parse(token: str) -> tuple[int, str] | None:
    """Return the id and the secret of a token, or None when it has another form."""
    found = FORM.fullmatch(token)
    return (int(found[1]), found[2]) if found else None


def scope_problems(scopes: list[str]) -> list[Problem]:
    """Return what is wrong with the scopes of a new token."""
    if not scopes:
        return [Problem("scopes", "required", _("Say what the token may do, as in sales-invoices:read."))]
    known = {kind.__collection__ for kind in all_kinds()} | {"reports"}
    problems = []
    for scope in scopes:
        if scope in {"all", "realtime"}:
            continue
        if not SCOPE.fullmatch(scope) or scope.split(":", 1)[0] not in known:
            problems.append(Problem("scopes", "unknown_scope", _("“%(scope)s” is no scope.", scope=scope)))
    return problems


def make_token(
    session: Session, user_id: int, scopes: list[str], *, now: datetime, name: str = "", company_id: int | None = None,
    life: timedelta = DEFAULT_LIFE, by: int | None = None,
) -> tuple[str, ApiToken]:  # fmt: skip
    """Write a token and return its text, the only time it is known. Raises ``Problems`` for unknown scopes."""
    problems = scope_problems(scopes)
    if problems:
        raise Problems(problems)
    secret = new_secret_text()
    row = ApiToken(
        hash=digest(secret), user_id=user_id, name=name[:120], scopes=list(dict.fromkeys(scopes)),
        company_id=company_id, created_at=now, created_by_id=by, expires_at=now + life,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return f"erp_{row.id}_{secret}", row


def tokens_of(session: Session, user_id: int, now: datetime) -> list[ApiToken]:
    """Return the tokens of a user that still work, latest first."""
    alive = (ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    return list(session.scalars(select(ApiToken).where(*alive).order_by(ApiToken.id.desc())))


def revoke(session: Session, token_id: int, user_id: int, now: datetime) -> bool:
    """Make a user's token worthless; return whether there was one."""
    found = update(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return bool(session.execute(found.values(revoked_at=now)).rowcount)  # type: ignore[attr-defined]


def used(session: Session, token_id: int, now: datetime) -> None:
    """Note that the token was used; callers do so once a minute at the most."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def life_of(text: str) -> timedelta:
    """Return the time span of ``90d``, ``12h`` or ``30m``. Raises ``ValueError`` otherwise."""
    found = re.fullmatch(r"([1-9]\d{0,4})([dhm])", text.strip())
    if not found:
        raise ValueError(text)
    unit = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}[found[2]]
    return int(found[1]) * unit
