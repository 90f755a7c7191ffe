"""What the realtime process and polling pages ask: who is this, which rooms may he enter, did anything change."""

import contextlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, text

from erp.kernel.change.approvals import pending_for
from erp.kernel.change.find import find, visible
from erp.kernel.change.work import Work, current_work, entered, new_session
from erp.kernel.errors import NotAllowed, NotFound, NotSignedIn
from erp.kernel.live.events import all_events
from erp.kernel.live.rooms import list_rooms, own_room, room
from erp.kernel.records.record import Record
from erp.kernel.records.registry import all_kinds, kind_of
from erp.kernel.records.types import utc_now
from erp.kernel.rights import may
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.loading import Identity, identify_session, identify_token, mark_of, sessions_alive
from erp.kernel.rights.registry import surface
from erp.kernel.text import _
from erp.settings import settings

live = Blueprint("live", __name__)
TOPICS = 50
APPROVAL_TOPIC = "approval"
OUTSIDE = "outside"
"""The mark of the rights of everybody who holds a key of his own: it opens one thing, or nothing."""

Outsiders = Callable[[Any, dict[str, Any]], tuple[datetime, list[str]] | None]
_outsiders: dict[str, Outsiders] = {}


@dataclass(frozen=True, slots=True)
class Topic:
    """What a page wants to hear of: one record, or a list."""

    kind: str
    id: int | None


def signature(body: bytes) -> str:
    """Return the proof that an internal request comes from a process that knows our secret."""
    return hmac.new(settings().secret_key.encode(), b"internal\n" + body, sha256).hexdigest()


def _trusted() -> dict[str, Any]:
    body = request.get_data(cache=True)
    if not hmac.compare_digest(request.headers.get("X-Internal-Signature", ""), signature(body)):
        raise NotFound
    return dict(json.loads(body))


def _identity(session: Any, sent: dict[str, Any]) -> Identity:
    now = utc_now()
    if sent.get("token"):
        found = identify_token(session, str(sent["token"]), now)
        if found is not None and not may_listen(found.actor):
            found = None
    else:
        found = identify_session(session, str(sent.get("sid") or ""), now)
    if found is None:
        raise NotSignedIn(_("Sign in first."))
    return found


def may_listen(actor: Actor) -> bool:
    """Return whether the token, if one is used, carries the scope ``realtime``."""
    return actor.token_scopes is None or bool(actor.token_scopes & {"all", "realtime"})


surface("live.identify", bare=True, note="signed by the realtime process; not reachable from outside")
surface("live.watch", bare=True, note="signed by the realtime process; not reachable from outside")
surface("live.alive", bare=True, note="signed by the realtime process; not reachable from outside")
surface("live.versions", own=True, note="answers only for what the reader may see")


def lets_in(key: str) -> Callable[[Outsiders], Outsiders]:
    """Register who knows the holders of another key than a cookie or a token: ``known(session, sent)``.

    It returns until when such a holder may listen, and in which rooms, or None.
    """

    def register(known: Outsiders) -> Outsiders:
        _outsiders[key] = known
        return known

    return register


def _outsider(session: Any, sent: dict[str, Any]) -> tuple[datetime, list[str]] | None:
    """Return what somebody without a session may hear. Raises ``NotSignedIn`` for a key that opens nothing."""
    known = next((known for key, known in _outsiders.items() if sent.get(key)), None)
    if known is None:
        return None
    found = known(session, sent)
    if found is None:
        raise NotSignedIn(_("Sign in first."))
    return found


@live.post("/internal/live/identify")
def identify() -> ResponseReturnValue:
    """Return who holds a cookie or token, his own rooms, and when that ends."""
    sent = _trusted()
    session = new_session()
    try:
        outsider = _outsider(session, sent)
        if outsider is not None:
            return jsonify(user=0, version=OUTSIDE, expires_at=stamp(outsider[0]), rooms=outsider[1])
        identity = _identity(session, sent)
        actor = identity.actor
        rooms = [own_room(actor.user_id)]
        rooms += approval_rooms(session, actor) + event_rooms(session, actor)
        return jsonify(user=actor.user_id, version=_mark(actor), expires_at=stamp(identity.expires_at), rooms=rooms)
    finally:
        session.close()


def approval_rooms(session: Any, actor: Actor) -> list[str]:
    """Return the rooms in which requests for this actor's decision are announced."""
    companies = sorted(actor.companies) if actor.companies is not None else all_companies(session)
    kinds = [
        kind.__kind__
        for kind in all_kinds()
        if hasattr(kind, "approval_state") and may(actor, "approve", kind.__kind__)
    ]
    return [room("approvals", kind, company) for kind in kinds for company in companies]


def event_rooms(session: Any, actor: Actor) -> list[str]:
    """Return the rooms in which developers' own events reach this actor: as himself, by role, by company."""
    companies = sorted(actor.companies) if actor.companies is not None else all_companies(session)
    held = {
        "user": [f"user:{actor.user_id}"],
        "role": [f"role:{role}" for role in sorted(actor.roles)],
        "company": [f"company:{company}" for company in companies],
    }
    return [room("event", rule.name, to) for rule in all_events() for to in held.get(rule.audience, ())]


def all_companies(session: Any) -> list[int]:
    """Return the ids of all companies: the lists of someone who holds them all."""
    try:
        kind = kind_of("company")
    except NotFound:
        return []
    return list(session.scalars(select(kind.id)))


def stamp(moment: datetime) -> float:
    """Return an instant as seconds since 1970."""
    return (moment - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001 - instants are UTC without zone


@live.post("/internal/live/watch")
def watch() -> ResponseReturnValue:
    """Return the rooms of each topic that this reader may hear of, and the topics refused."""
    sent = _trusted()
    session = new_session()
    try:
        identity = _identity(session, sent)
        work = Work(session, identity.actor)
        with entered(work):
            watching: list[dict[str, Any]] = []
            refused: list[Any] = []
            for topic in list(sent.get("topics") or [])[:TOPICS]:
                rooms = topic_rooms(work, topic)
                if rooms:
                    watching.append({**topic, "rooms": rooms})
                else:
                    refused.append(topic)
        return jsonify(watching=watching, refused=refused, version=_mark(identity.actor))
    finally:
        session.rollback()
        session.close()


def topic_rooms(work: Work, topic: Any) -> list[str]:
    """Return the rooms of a topic, or an empty list when the reader may not hear of it."""
    wanted = _topic(topic)
    if wanted is None:
        return []
    if wanted.kind == "task":
        return [room("task", wanted.id)] if wanted.id and task_version(work, wanted.id) else []
    if wanted.kind == APPROVAL_TOPIC:
        return approval_rooms(work.session, work.actor)
    try:
        kind = kind_of(wanted.kind)
        if not may(work.actor, "read", kind.__kind__):
            return []
        if wanted.id is not None:
            find(work, kind, wanted.id, lines=False)
            about = f"{kind.__kind__}:{wanted.id}"
            events = [room("event", rule.name, about) for rule in all_events() if rule.audience == "document"]
            return [room(kind.__kind__, wanted.id), *events]
    except (NotFound, NotAllowed):
        return []
    return list_rooms(work.actor, kind, all_companies(work.session) if work.actor.companies is None else [])


def task_version(work: Work, task_id: int) -> str | None:
    """Return how far a task of this reader is, or None: an administrator sees all, others their own."""
    asked = text("SELECT user_id, state, done, attempts FROM task WHERE id = :id")
    row = work.session.execute(asked, {"id": task_id}).one_or_none()
    if row is None or not (work.actor.is_admin or (row.user_id and row.user_id == work.actor.user_id)):
        return None
    return f"{row.state}/{row.done}/{row.attempts}"


def _topic(sent: Any) -> Topic | None:
    if not isinstance(sent, dict) or not isinstance(sent.get("kind"), str):
        return None
    record_id = sent.get("id")
    if record_id is not None and (not isinstance(record_id, int) or isinstance(record_id, bool)):
        return None
    return Topic(sent["kind"].replace("-", "_"), record_id)


def _mark(actor: Actor) -> str:
    return mark_of(actor.rights_version, actor.roles, actor.keys)


@live.post("/internal/live/alive")
def alive() -> ResponseReturnValue:
    """Return, for each open connection, the mark of its rights - or nothing when its session is over."""
    connections: dict[str, dict[str, str]] = dict(_trusted().get("connections") or {})
    session = new_session()
    try:
        marks = sessions_alive(session, sorted({key["sid"] for key in connections.values() if "sid" in key}), utc_now())
        for token in {key["token"] for key in connections.values() if "token" in key}:
            with contextlib.suppress(NotSignedIn):
                marks[token] = _mark(_identity(session, {"token": token}).actor)
        outside = {handle: key for handle, key in connections.items() if _outsiders.keys() & key.keys()}
        let_in: dict[str, bool] = {}
        for key in outside.values():
            word = json.dumps(key)
            let_in[word] = let_in[word] if word in let_in else _lets_in(session, key)
    finally:
        session.close()
    known = {handle: marks.get(key.get("token") or key.get("sid", "")) for handle, key in connections.items()}
    known |= {handle: OUTSIDE if let_in[json.dumps(key)] else None for handle, key in outside.items()}
    return jsonify(alive={handle: mark for handle, mark in known.items() if mark is not None})


def _lets_in(session: Any, key: dict[str, Any]) -> bool:
    with contextlib.suppress(NotSignedIn):
        return _outsider(session, key) is not None
    return False


@live.get("/live/versions")
def versions() -> ResponseReturnValue:
    """Return the versions of topics, for pages whose sockets are blocked: ``?t=sales-invoice:12&t=sales-invoice``."""
    work = current_work()
    found: dict[str, str] = {}
    for sent in request.args.getlist("t")[:TOPICS]:
        kind_name, _colon, record_id = sent.partition(":")
        answer = _version(work, kind_name.replace("-", "_"), int(record_id) if record_id.isdigit() else None)
        if answer is not None:
            found[sent] = answer
    return jsonify(versions=found)


def _version(work: Work, kind_name: str, record_id: int | None) -> str | None:
    if kind_name == "task":
        return task_version(work, record_id) if record_id else None
    if kind_name == APPROVAL_TOPIC:
        return ",".join(str(one.id) for one in pending_for(work))
    try:
        kind: type[Record] = kind_of(kind_name)
    except NotFound:
        return None
    if not may(work.actor, "read", kind.__kind__):
        return None
    where = [visible(work.actor, kind)]
    if record_id is not None:
        return str(work.session.scalar(select(kind.version).where(kind.id == record_id, *where)) or "") or None
    newest, count = work.session.execute(select(func.max(kind.updated_at), func.count()).where(*where)).one()
    return f"{newest}/{count}"
