"""Before every request: who is it, may he come in here, did our own page send it. After it: the protecting headers."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from erp.kernel.change.verbs import verbs_of
from erp.kernel.change.work import new_session, unit_of_work
from erp.kernel.errors import NotAllowed, NotFound, NotSignedIn
from erp.kernel.format import Format
from erp.kernel.records.registry import collection, kind_of
from erp.kernel.records.setup import setup
from erp.kernel.records.types import utc_now
from erp.kernel.rights import csrf, may
from erp.kernel.rights.actor import Actor, anonymous
from erp.kernel.rights.loading import Identity, identify_session, identify_token
from erp.kernel.rights.registry import BY_ROUTE, Surface, surface_of
from erp.kernel.rights.sessions import SEEN_EVERY, seen
from erp.kernel.rights.tokens import used
from erp.kernel.text import _, offered, use_language
from erp.kernel.text import language as spoken
from erp.kernel.web import limits

security = Blueprint("security", __name__)

SAFE = {"GET", "HEAD", "OPTIONS"}
GATE_COOKIE, GATE_SECONDS = "gate", 2 * 3600
HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'{sockets}; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'; manifest-src 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def cookie_name() -> str:
    """Return the name of the session cookie: bound to this host alone where the connection is encrypted."""
    return "__Host-sid" if request.is_secure else "sid"


@security.before_app_request
def admit() -> ResponseReturnValue | None:
    """Find out who acts, and refuse what he may not ask or what another site sent."""
    found = surface_of(request.endpoint)
    g.actor, g.identity, g.csrf_token = anonymous(), None, ""
    g.pop("gate_secret", None)
    g.pop("new_gate_secret", None)
    if found is not None and found.bare:
        return None
    _speak(None)
    identity = _identify()
    if identity is not None:
        g.identity, g.actor = identity, identity.actor
        g.csrf_token = csrf.masked(identity.csrf) if identity.csrf else ""
        _speak(identity.actor)
    elif found is not None and found.gate:
        g.csrf_token = csrf.masked(gate_secret())
    _refuse_forgery(found)
    if request.path.startswith("/api/"):
        limits.count(g.actor)
    return _admit_to(found)


def _identify() -> Identity | None:
    """Return who holds the token or the cookie. Raises ``NotSignedIn`` for a token that opens nothing."""
    bearer = request.headers.get("Authorization", "")
    sid = request.cookies.get(cookie_name(), "")
    if not bearer and not sid:
        return None
    now = utc_now()
    identity = _holder(bearer, sid, now)
    if identity is not None and (identity.seen_at is None or now - identity.seen_at > SEEN_EVERY):
        _note_seen(identity.actor, now)
    return identity


def _holder(bearer: str, sid: str, now: datetime) -> Identity | None:
    session = new_session()
    try:
        setup(session)
        if not bearer:
            return identify_session(session, sid, now)
        scheme, _space, token = bearer.partition(" ")
        identity = identify_token(session, token.strip(), now) if scheme.casefold() == "bearer" else None
        if identity is None:
            raise NotSignedIn(_("The token is unknown, expired or revoked."))
        return identity
    finally:
        session.close()


def _note_seen(actor: Actor, now: datetime) -> None:
    """Note that somebody is there: once a minute, in a transaction of its own."""
    with unit_of_work(actor) as work:
        if actor.token_id is not None:
            used(work.session, actor.token_id, now)
        elif actor.session_id is not None:
            seen(work.session, actor.session_id, now)


def _speak(actor: Actor | None) -> None:
    """Answer in the reader's language: his own, else what he chose at the gate, else what his browser prefers."""
    if actor is not None:
        language = actor.language
    else:
        chosen = request.args.get("lang") or request.cookies.get("lang", "")
        preferred = request.accept_languages.best_match(offered(), offered()[0]) or offered()[0]
        language = chosen if chosen in offered() else preferred
    use_language(language)
    g.format = Format(spoken(), actor.timezone if actor else "UTC")


def _refuse_forgery(found: Surface | None) -> None:
    """Refuse an unsafe request that our own page did not send; tokens prove themselves."""
    if request.method in SAFE or request.headers.get("Authorization"):
        return
    hosts = (request.host, urlsplit(current_app.config["ERP"].base_url).netloc)
    if csrf.is_foreign(request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), hosts):
        raise NotAllowed(_("Another site sent this. Nothing was changed."))
    identity: Identity | None = g.identity
    if identity is not None:
        secret = identity.csrf
    elif found is not None and found.gate:
        secret = gate_secret()
    else:
        return
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not csrf.is_valid(sent, secret):
        raise NotAllowed(_("This page is too old. Nothing was changed; reload it and try again."))


def _admit_to(found: Surface | None) -> ResponseReturnValue | None:
    actor: Actor = g.actor
    if found is not None and found.public:
        return None
    if actor.is_anonymous:
        raise NotSignedIn(_("Sign in first."))
    if actor.must_change_password and not request.path.startswith(("/api/", "/settings/password", "/logout")):
        return redirect(url_for("account.password"), code=303)
    if found is not None:
        _ask(actor, found)
    return None


def _ask(actor: Actor, found: Surface) -> None:
    """Ask the right that the surface names. What one may not read does not exist; what a token lacks is told."""
    if not found.verb:
        return
    kind, verb = (found.kind, found.verb) if found.is_guarded else _in_url(found)
    if _may_any(actor, verb, kind):
        return
    if actor.token_scopes is not None and _may_any(replace(actor, token_scopes=None), verb, kind):
        raise NotAllowed(_("The token lacks the scope for this. Nothing was changed."))
    if verb == "read" or not may(actor, "read", kind):
        raise NotFound(_("Not found"))
    raise NotAllowed(_("You may not do this here. Nothing was changed."))


def _may_any(actor: Actor, verbs: str, kind: str) -> bool:
    """Return whether the actor may do one of ``verbs`` (``attach|update``)."""
    return any(may(actor, verb, kind) for verb in verbs.split("|"))


def _in_url(found: Surface) -> tuple[str, str]:
    """Return the kind and the verb that the URL names."""
    args = request.view_args or {}
    kind = collection(args["collection"]) if "collection" in args else kind_of(args.get("kind", ""))
    if found.verb != BY_ROUTE:
        return kind.__kind__, found.verb
    verb = next((one for one in verbs_of(kind) if one.route == args.get("route")), None)
    if verb is None:
        raise NotFound(_("Not found"))
    return kind.__kind__, verb.right or verb.verb


def gate_secret() -> bytes:
    """Return the secret that proves a form outside was ours: in a signed cookie that lasts two hours."""
    if "gate_secret" not in g:
        try:
            g.gate_secret = bytes.fromhex(_signer().loads(request.cookies.get(GATE_COOKIE, ""), max_age=GATE_SECONDS))
        except (BadSignature, ValueError, TypeError):
            g.gate_secret = csrf.new_secret()
            g.new_gate_secret = True
    secret: bytes = g.gate_secret
    return secret


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="gate")


def give_session(response: Any, sid: str, expires_at: datetime | None) -> None:
    """Set the session cookie; without ``expires_at`` the browser forgets it when it closes."""
    response.set_cookie(
        cookie_name(), sid, secure=request.is_secure, httponly=True, samesite="Lax", path="/",
        expires=expires_at.replace(tzinfo=UTC) if expires_at else None,
    )  # fmt: skip
    response.delete_cookie(GATE_COOKIE, path="/", secure=request.is_secure, httponly=True, samesite="Lax")
    g.pop("new_gate_secret", None)


def take_session(response: Any) -> None:
    """Remove the session cookie."""
    response.delete_cookie(cookie_name(), path="/", secure=request.is_secure, httponly=True, samesite="Lax")


@security.after_app_request
def protect(response: Response) -> Response:
    """Add the protecting headers, and the cookie of the gate where a form outside needs it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html" or "Content-Security-Policy" not in response.headers:
        response.headers.setdefault("Content-Security-Policy", POLICY.format(sockets=_sockets()))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    actor = g.get("actor")
    if actor is not None and (not actor.is_anonymous or g.get("csrf_token")):
        response.headers.setdefault("Cache-Control", "no-store")
    if g.get("new_gate_secret"):
        response.set_cookie(
            GATE_COOKIE, _signer().dumps(g.gate_secret.hex()), max_age=GATE_SECONDS, secure=request.is_secure,
            httponly=True, samesite="Lax", path="/",
        )  # fmt: skip
    if request.args.get("lang") in offered() and g.get("csrf_token"):
        year = int(timedelta(days=365).total_seconds())
        response.set_cookie(
            "lang", request.args["lang"], max_age=year, secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response


def _sockets() -> str:
    """Return this host's socket addresses; older browsers do not count them as the same origin."""
    host = request.host
    return f" {'wss' if request.is_secure else 'ws'}://{host}" if HOST.fullmatch(host) else ""
