"""A repeat of an unsafe request gets the first answer: the key is a row of the same transaction."""

import hashlib
from datetime import timedelta

from flask import Response, request
from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, UniqueConstraint, delete, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.work import Work, number_of
from erp.kernel.errors import Conflict, Problem, Problems
from erp.kernel.records.base import Base
from erp.kernel.records.types import Code, Instant
from erp.kernel.text import _

KEPT_DAYS = 30
SHOWN_HEADERS = ("Content-Type", "Location", "ETag", "HX-Redirect", "HX-Location", "HX-Push-Url")
NOT_ASKED = {"csrf_token", "idempotency_key"}
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


def _key() -> str:
    sent = request.headers.get("Idempotency-Key")
    if not sent and request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        sent = request.form.get("idempotency_key")
    return (sent or "")[:200]


def _scope(work: Work) -> str:
    token = getattr(work.actor, "token_id", None)
    return f"t{token}" if token else f"u{work.actor.user_id}"


def _hash() -> bytes:
    """Return a digest of what was asked; the proof of our own page differs from page to page and is left out."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    digest.update(request.get_data(cache=True))
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_ASKED]
    digest.update(repr(sorted(fields)).encode())
    for name, file in sorted(request.files.items(multi=True)):
        digest.update(f"\n{name} {file.filename}\n".encode())
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.digest()


def replayed(work: Work) -> Response | None:
    """Take the key, or return the answer it already has. Raises ``Problems`` when the body differs."""
    key = _key()
    if not key or work.actor.user_id is None:
        return None
    row = {"scope": _scope(work), "key": key, "request_hash": _hash(), "created_at": work.now}
    try:
        work.session.execute(TAKE, row)
    except IntegrityError:
        return _first_answer(work, row)
    except OperationalError as error:
        if number_of(error) != LOCK_WAIT:
            raise
        raise StillRunning(_("The first request with this key is still running. Ask again in a moment.")) from None
    return None


def _first_answer(work: Work, row: dict[str, object]) -> Response:
    kept = work.session.execute(
        select(IdempotencyKey).where(IdempotencyKey.scope == row["scope"], IdempotencyKey.key == row["key"])
    ).scalar_one()
    if kept.request_hash != row["request_hash"]:
        message = _("This idempotency key was used for another request.")
        raise Problems([Problem("Idempotency-Key", "key_reused", message)])
    response = Response(kept.body or b"", status=kept.status or 200)
    for line in (kept.headers or "").splitlines():
        name, _sep, value = line.partition(": ")
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response


def remember(work: Work, response: Response) -> None:
    """Keep the answer with its key; a refusal is not remembered, so that the key may be used for a better request."""
    key = _key()
    if not key or work.actor.user_id is None:
        return
    mine = (IdempotencyKey.scope == _scope(work), IdempotencyKey.key == key)
    if response.is_streamed or response.status_code >= 400:
        work.session.execute(delete(IdempotencyKey).where(*mine).execution_options(synchronize_session=False))
        return
    headers = "\n".join(f"{name}: {response.headers[name]}" for name in SHOWN_HEADERS if name in response.headers)
    work.session.execute(
        update(IdempotencyKey)
        .where(*mine)
        .values(status=response.status_code, headers=headers[:2000], body=response.get_data())
        .execution_options(synchronize_session=False)
    )


def forget_old_keys(work: Work) -> int:
    """Delete keys older than thirty days; returns how many."""
    done = work.session.execute(
        delete(IdempotencyKey)
        .where(IdempotencyKey.created_at < work.now - timedelta(days=KEPT_DAYS))
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
