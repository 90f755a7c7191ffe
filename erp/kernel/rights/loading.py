"""From a cookie, a token or a user to an ``Actor``: one statement, and a table of rights cached by its version."""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.orm import Session

from erp.kernel.rights.actor import ADMINISTRATOR, TOKEN, Actor
from erp.kernel.rights.grants import RightsTable, declared
from erp.kernel.rights.secret import digest
from erp.kernel.rights.tokens import parse

WHO = """
    u.id AS user_id, u.login, u.name, u.email, u.language, u.timezone, u.must_change, u.current_company_id,
    COALESCE((SELECT version FROM rights_version WHERE id = 1), 0) AS rights_version,
    COALESCE((SELECT version FROM kind_version WHERE kind = '$setup' AND company_id = 0), 0) AS setup_version,
    (SELECT GROUP_CONCAT(r.code SEPARATOR '\n') FROM user_role ur JOIN role r ON r.id = ur.role_id
      WHERE ur.user_id = u.id AND r.state = 'active') AS roles,
    (SELECT GROUP_CONCAT(k.`key` SEPARATOR '\n') FROM user_key k WHERE k.user_id = u.id) AS scope_keys"""

BY_SESSION = text(
    f"SELECT s.id AS session_id, s.last_seen_at, s.expires_at, s.idle_seconds, s.csrf, s.auth_level, s.last_gtid, {WHO}"  # noqa: S608
    " FROM session_row s JOIN `user` u ON u.id = s.user_id"
    " WHERE s.hash = :hash AND s.revoked_at IS NULL AND u.state = 'active'"
)
BY_SESSIONS = text(
    f"SELECT s.hash, s.last_seen_at, s.expires_at, s.idle_seconds, {WHO}"  # noqa: S608
    " FROM session_row s JOIN `user` u ON u.id = s.user_id"
    " WHERE s.hash IN :hashes AND s.revoked_at IS NULL AND u.state = 'active'"
).bindparams(bindparam("hashes", expanding=True))
BY_TOKEN = text(
    "SELECT t.id AS token_id, t.hash, t.scopes, t.company_id, t.expires_at, t.last_used_at,"  # noqa: S608
    f" {WHO} FROM api_token t JOIN `user` u ON u.id = t.user_id"
    " WHERE t.id = :id AND t.revoked_at IS NULL AND u.state = 'active'"
)
BY_USER = text(f"SELECT {WHO} FROM `user` u WHERE u.id = :id AND u.state = 'active'")  # noqa: S608
BY_LOGIN = text(f"SELECT {WHO} FROM `user` u WHERE u.login = :login AND u.state = 'active'")  # noqa: S608
RIGHTS = text(
    "SELECT r.code, g.kind, g.verb, g.scope FROM role_right g JOIN role r ON r.id = g.role_id WHERE r.state = 'active'"
)
FIELDS = text("SELECT r.code, f.kind, f.field, f.level FROM field_right f JOIN role r ON r.id = f.role_id")


@dataclass(frozen=True, slots=True)
class Identity:
    """An actor with what only its session or token knows. ``csrf`` is empty for tokens."""

    actor: Actor
    csrf: bytes
    expires_at: datetime
    seen_at: datetime | None
    last_gtid: str = ""
    setup_version: int | None = None


_tables: dict[int, RightsTable] = {}


def rights_at(session: Session, version: int) -> RightsTable:
    """Return the rights in force at ``version``; before anything was seeded, those declared in code."""
    if version == 0:
        return declared()
    found = _tables.get(version)
    if found is None:
        found = _read_rights(session, version)
        for old in sorted(_tables)[:-2]:
            _tables.pop(old, None)
        _tables[version] = found
    return found


def forget_rights() -> None:
    """Read the rights again at the next question: for tests, whose databases come and go."""
    _tables.clear()


def _read_rights(session: Session, version: int) -> RightsTable:
    rights: dict[str, dict[tuple[str, str], str]] = {}
    for role, kind, verb, scope in session.execute(RIGHTS):
        rights.setdefault(role, {})[kind, verb] = scope
    fields: dict[str, dict[tuple[str, str], str]] = {}
    for role, kind, name, level in session.execute(FIELDS):
        fields.setdefault(role, {})[kind, name] = level
    return RightsTable(version, rights, fields)


def identify_session(session: Session, sid: str, now: datetime) -> Identity | None:
    """Return who holds the cookie, or None when the session is unknown, over or revoked."""
    row = session.execute(BY_SESSION, {"hash": digest(sid)}).one_or_none()
    if row is None or now >= min(row.expires_at, row.last_seen_at + timedelta(seconds=row.idle_seconds)):
        return None
    actor = make_actor(session, row, session_id=row.session_id, auth_level=row.auth_level)
    ends = min(row.expires_at, row.last_seen_at + timedelta(seconds=row.idle_seconds))
    return Identity(actor, bytes(row.csrf), ends, row.last_seen_at, row.last_gtid, row.setup_version)


def sessions_alive(session: Session, sids: list[str], now: datetime) -> dict[str, str]:
    """Return the mark of the rights behind each cookie that still opens something: one statement for all of them."""
    by_hash = {digest(sid): sid for sid in sids}
    if not by_hash:
        return {}
    found = {}
    for row in session.execute(BY_SESSIONS, {"hashes": list(by_hash)}):
        if now < min(row.expires_at, row.last_seen_at + timedelta(seconds=row.idle_seconds)):
            found[by_hash[bytes(row.hash)]] = mark_of(row.rights_version, _lines(row.roles), _lines(row.scope_keys))
    return found


def mark_of(version: int, roles: Iterable[str], keys: Iterable[str]) -> str:
    """Return a word that changes when somebody may do more or less: by the table of rights, his roles or his keys."""
    return f"{version}-{digest(json.dumps([sorted(roles), sorted(keys)])).hex()[:16]}"


def identify_token(session: Session, token: str, now: datetime) -> Identity | None:
    """Return for whom the token speaks, or None when it is unknown, over or revoked."""
    parts = parse(token)
    row = session.execute(BY_TOKEN, {"id": parts[0]}).one_or_none() if parts else None
    if parts is None or row is None or now >= row.expires_at:
        return None
    if not hmac.compare_digest(bytes(row.hash), digest(parts[1])):
        return None
    return Identity(_of_token(session, row), b"", row.expires_at, row.last_used_at, setup_version=row.setup_version)


def _of_token(session: Session, row: Row[Any]) -> Actor:
    scopes = frozenset(_tags(row.scopes))
    return make_actor(session, row, token_id=row.token_id, token_scopes=scopes, auth_level=TOKEN, only=row.company_id)


def actor_of(session: Session, user_id: int, token_id: int | None = None) -> Actor | None:
    """Return an active user as the one who acts: for jobs that run in his name.

    What was asked for with a token stays as narrow as the token, and is over when the token is revoked.
    """
    if token_id is None:
        row = session.execute(BY_USER, {"id": user_id}).one_or_none()
        return make_actor(session, row) if row is not None else None
    row = session.execute(BY_TOKEN, {"id": token_id}).one_or_none()
    return _of_token(session, row) if row is not None and row.user_id == user_id else None


def actor_by_login(session: Session, login: str) -> Actor | None:
    """Return an active user by login: for the command line and tests."""
    row = session.execute(BY_LOGIN, {"login": login}).one_or_none()
    return make_actor(session, row) if row is not None else None


def make_actor(session: Session, row: Row[Any], *, only: int | None = None, **more: Any) -> Actor:
    """Return the actor of a row of ``WHO``; ``only`` narrows him to one company."""
    roles, keys = _lines(row.roles), _lines(row.scope_keys)
    is_admin = ADMINISTRATOR in roles
    companies = companies_of(keys, is_admin=is_admin)
    if only is not None:
        companies = frozenset({only}) if companies is None else companies & {only}
    current = row.current_company_id
    if companies is not None and current not in companies:
        current = min(companies, default=None)
    return Actor(
        user_id=row.user_id, login=row.login, name=row.name, email=row.email or "", language=row.language,
        timezone=row.timezone, roles=roles, companies=companies, keys=keys, is_admin=is_admin, company_id=current,
        must_change_password=bool(row.must_change), rights_version=row.rights_version,
        rights=rights_at(session, row.rights_version), **more,
    )  # fmt: skip


def companies_of(keys: frozenset[str], *, is_admin: bool) -> frozenset[int] | None:
    """Return the companies that the keys open; None: every one (``company:*``, or an administrator without keys)."""
    named = {key.split(":", 1)[1] for key in keys if key.startswith("company:")}
    if "*" in named or (is_admin and not named):
        return None
    return frozenset(int(one) for one in named if one.isdigit())


def _lines(text: str | None) -> frozenset[str]:
    return frozenset((text or "").split("\n")) - {""}


def _tags(value: Any) -> list[str]:
    return [str(one) for one in (json.loads(value) if isinstance(value, str | bytes) else value)]
