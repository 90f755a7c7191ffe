"""A repeat of an unsafe request gets the first answer: the key is a row of the same transaction."""

import hashlib
from datetime import timedelta

from flask import Response, request
from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, UniqueConstraint, delete, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.work import Work, number_of
from erp.kernel.errors import BadRequest, Conflict, Problem, Problems
from erp.kernel.records.base import Base
from erp.kernel.records.types import Code, Instant
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _

KEPT_DAYS = 30
SHOWN_HEADERS = ("Content-Type", "Location", "ETag", "HX-Redirect", "HX-Location", "HX-Push-Url")
NOT_ASKED = {"csrf_token", "idempotency_key"}
LONGEST_KEY = 180
LOCK_WAIT = 1205


class IdempotencyKey(Base):
    """The first answer to a key, per token or user, for thirty days."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("scope", "key"), Index("ix_idempotency_key_created_at", "created_at"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    scope: Mapped[Code]
    key: Mapped[str] = mapped_column(String(200, collation="utf8mb4_nopad_bin"))
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int | None] = mapped_column(Integer)
    headers: Mapped[str | None] = mapped_column(String(2000))
    body: Mapped[bytes | None] = mapped_column(LargeBinary(2**24 - 1))
    created_at: Mapped[Instant]


TAKE = text(
    "SET STATEMENT innodb_lock_wait_timeout = 2 FOR INSERT INTO idempotency_key "
    "(scope, `key`, request_hash, created_at) VALUES (:scope, :key, :request_hash, :created_at)"
)
"""A second request with the same key waits here for the first one, two seconds at the most."""


class StillRunning(Conflict):
    """The first request with this key has not ended yet."""

    retry_after = 2


def sent_key() -> str:
    """Return the key of the running request, or an empty text."""
    sent = request.headers.get("Idempotency-Key")
    if not sent and request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        sent = request.form.get("idempotency_key")
    if len(sent or "") > LONGEST_KEY:
        raise BadRequest(_("An idempotency key has at most %(n)s characters.", n=LONGEST_KEY))
    return sent or ""


def scope_of(actor: Actor) -> str:
    """Return whose key it is: the token's, else the user's."""
    return f"t{actor.token_id}" if actor.token_id else f"u{actor.user_id}"


def _hash() -> bytes:
    """Return a digest of what was asked; the proof of our own page differs from page to page and is left out."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    digest.update(request.get_data(cache=True))
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_ASKED]
    digest.update(repr(sorted(fields)).encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
        digest.update(f"\n{name} {file.filename}\n".encode())
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.digest()


def take(work: Work, scope: str, key: str, digest: bytes) -> IdempotencyKey | None:
    """Take the key, or return the answer it has already. Raises ``Problems`` when it was another request."""
    row = {"scope": scope, "key": key, "request_hash": digest, "created_at": work.now}
    try:
        work.session.execute(TAKE, row)
    except IntegrityError:
        return _kept(work, row)
    except OperationalError as error:
        if number_of(error) != LOCK_WAIT:
            raise
        raise StillRunning(_("The first request with this key is still running. Ask again in a moment.")) from None
    return None


def _kept(work: Work, row: dict[str, object]) -> IdempotencyKey:
    kept = work.session.execute(
        select(IdempotencyKey).where(IdempotencyKey.scope == row["scope"], IdempotencyKey.key == row["key"])
    ).scalar_one()
    if kept.request_hash != row["request_hash"]:
        message = _("This idempotency key was used for another request.")
        raise Problems([Problem("Idempotency-Key", "key_reused", message)])
    return kept


def keep(work: Work, scope: str, key: str, *, status: int, body: bytes, headers: str = "") -> None:
    """Keep the first answer with its key."""
    work.session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.scope == scope, IdempotencyKey.key == key)
        .values(status=status, headers=headers[:2000], body=body)
        .execution_options(synchronize_session=False)
    )


def replayed(work: Work) -> Response | None:
    """Take the key of this request, or return the answer it already has."""
    key = sent_key()
    if not key or work.actor.user_id is None:
        return None
    kept = take(work, scope_of(work.actor), key, _hash())
    if kept is None:
        return None
    response = Response(kept.body or b"", status=kept.status or 200)
    for line in (kept.headers or "").splitlines():
        name, _sep, value = line.partition(": ")
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response


def remember(work: Work, response: Response) -> None:
    """Keep the answer with its key; a refusal is not remembered, so that the key may be used for a better request."""
    key = sent_key()
    if not key or work.actor.user_id is None:
        return
    scope = scope_of(work.actor)
    if response.is_streamed or response.status_code >= 400:
        mine = (IdempotencyKey.scope == scope, IdempotencyKey.key == key)
        work.session.execute(delete(IdempotencyKey).where(*mine).execution_options(synchronize_session=False))
        return
    headers = "\n".join(f"{name}: {response.headers[name]}" for name in SHOWN_HEADERS if name in response.headers)
    keep(work, scope, key, status=response.status_code, body=response.get_data(), headers=headers)


def forget_old_keys(work: Work) -> int:
    """Delete keys older than thirty days; returns how many."""
    done = work.session.execute(
        delete(IdempotencyKey)
        .where(IdempotencyKey.created_at < work.now - timedelta(days=KEPT_DAYS))
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
