"""The addresses below ``/embed``: for another site, inside a frame, or a page of its own; refused without a reason."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, send_from_directory
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from erp.kernel.change.idempotency import remember, replayed
from erp.kernel.change.links import labels
from erp.kernel.change.work import Work, new_session, reading, run_work, snapshot
from erp.kernel.embeds import limits
from erp.kernel.embeds.answering import accept, add_comment
from erp.kernel.embeds.filling import form_of, send_in
from erp.kernel.embeds.model import Embed
from erp.kernel.embeds.opening import Opened, address_of, opened, own_origin
from erp.kernel.embeds.rules import origin_of
from erp.kernel.embeds.showing import context_of
from erp.kernel.embeds.targets import FORM, REPORT
from erp.kernel.errors import NotAllowed, NotFound, Problems, TooManyRequests
from erp.kernel.format import Format
from erp.kernel.records.types import utc_now
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, offered, use_language
from erp.kernel.web.chrome import STATIC, company_currency

embeds = Blueprint("embeds", __name__, url_prefix="/embed")
SENT_HEADERS = (
    "Content-Type, Idempotency-Key, HX-Request, HX-Request-Type, HX-Source, HX-Current-URL, HX-Target, HX-Trigger, "
    "HX-Trigger-Name, HX-Boosted, HX-Prompt, Turbo-Frame, X-Turbo-Request-Id, X-Sec-Purpose, Accept"
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self' {sockets}; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {site}"
)
SEEN_EVERY_SECONDS = 3600


@embeds.record_once
def _own_work(state: BlueprintSetupState) -> None:
    """Let these views open their own unit of work: nobody is signed in."""
    state.app.without_work |= {f"embeds.{view}" for view in ("show", "answer", "preflight", "part")}  # type: ignore[attr-defined]


@surface("embeds.part", bare=True, note="the script and the style for other sites, without data")
@embeds.get("/<any('embed.js', 'embed.css', 'socket.io.js'):name>")
def part(name: str) -> ResponseReturnValue:
    """Send the script and the style that other sites load."""
    folder, file = (STATIC / "vendor", "socket.io.min.js") if name == "socket.io.js" else (STATIC / "embed", name)
    response = send_from_directory(folder, file, max_age=300)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@surface("embeds.preflight", bare=True, note="answers only the site that the signed address names")
@embeds.route("/<token>", methods=["OPTIONS"], provide_automatic_options=False)
def preflight(token: str) -> ResponseReturnValue:
    """Tell the browser of the right site that it may ask, and any other nothing."""
    if _opened(token) is None:
        return _refused()
    response = Response("", 204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.headers["Access-Control-Allow-Headers"] = SENT_HEADERS
    response.headers["Access-Control-Max-Age"] = "60"
    return _for_site(response)


@surface("embeds.show", bare=True, note="the signed address is the key: one path, one site, until a moment")
@embeds.get("/<token>", provide_automatic_options=False)
def show(token: str) -> ResponseReturnValue:
    """Show what the address opens: its part to another site, a page to a frame or a reader."""
    found = _opened(token)
    if found is None:
        return _refused()
    try:
        limits.count_look(found.embed.id)
        _speak(found)
        opener = snapshot if found.target.what == REPORT else reading
        with opener(found.actor) as work:
            page = _rendered(work, found)
    except TooManyRequests as many:
        return _for_site(_too_many(many))
    except (NotFound, NotAllowed, Problems):
        return _refused()
    _note_used(found)
    return _for_site(page)


@surface(
    "embeds.answer", bare=True, note="the signed address is the key, and says whether one may comment, accept or send"
)
@embeds.post("/<token>", provide_automatic_options=False)
def answer(token: str) -> ResponseReturnValue:
    """Take a comment, a yes or a filled in form; sent twice, it is done once."""
    found = _opened(token)
    if found is None:
        return _refused()
    _speak(found)
    sent = dict(request.form.items())
    try:
        limits.count_post(found.embed.id)
        return _for_site(run_work(found.actor, lambda work: _done(work, found, sent)))
    except TooManyRequests as many:
        return _for_site(_too_many(many))
    except Problems as problems:
        with reading(found.actor) as work:
            return _for_site(_rendered(work, found, sent=sent, problems=problems, status=422))
    except (NotFound, NotAllowed):
        return _refused()


def _done(work: Work, found: Opened, sent: dict[str, str]) -> Response:
    again = replayed(work)
    if again is not None:
        return again
    embed, target, told = work.session.get_one(Embed, found.embed.id), found.target, ""
    if target.what == FORM:
        record = send_in(work, embed, target, sent, _format(work))
        told = _("Thank you. It has arrived as %(title)s.", title=record.title)
    elif sent.get("do") == "accept":
        accept(work, embed, target, sent.get("name"))
    elif sent.get("do") == "comment":
        add_comment(work, embed, target, sent.get("name"), sent.get("text", ""))
    else:
        raise NotAllowed(_("You may not do this here. Nothing was changed."))
    work.session.flush()
    if _is_navigation() or "Turbo-Frame" in request.headers:
        response = make_response(redirect(address_of(embed) + ("?sent=1" if told else ""), code=303))
    else:
        response = _rendered(work, Opened(embed, target, found.actor), told=told)
    remember(work, response)
    return response


def _opened(token: str) -> Opened | None:
    """Return what the address opens for whoever asks; requests that no page may make open nothing."""
    site, mode = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Sec-Fetch-Mode", "")
    origin = request.headers.get("Origin")
    if origin is None and site in {"cross-site", "same-site"} and mode != "navigate":
        return None
    if origin is None and request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame"} and site != "same-origin":
        origin = origin_of("/".join((request.referrer or "").split("/")[:3]))
    session = new_session()
    try:
        found = opened(session, token, origin, here=request.host_url.rstrip("/"))
        session.expunge_all()
        return found
    finally:
        session.rollback()
        session.close()


def _speak(found: Opened) -> None:
    """Answer in the language that the address, else the reader's browser asks for, else in the maker's."""
    asked = request.args.get("lang") or request.accept_languages.best_match(offered(), found.actor.language)
    use_language(asked if asked in offered() else found.actor.language)
    g.format = Format(asked if asked in offered() else found.actor.language, found.actor.timezone)


def _format(work: Work) -> Format:
    fmt: Format = g.format
    return Format(fmt.language, fmt.zone, company_currency(work) or fmt.currency)


def _is_navigation() -> bool:
    return request.headers.get("Sec-Fetch-Mode") == "navigate"


def _rendered(
    work: Work, found: Opened, *, sent: dict[str, str] | None = None, problems: Problems | None = None, told: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    embed, target = found.embed, found.target
    fmt = _format(work)
    if target.what == FORM:
        page = form_of(work, embed, target, sent or {}, problems)
        context: dict[str, Any] = {"page": page, "title": page.title}
    else:
        context = context_of(work, embed, target, fmt)
    wrong = {one.field: str(one.message) for one in problems.problems} if problems is not None else {}
    company = embed.company_id or 0
    sender = labels(work.session, "company", [company]).get(company)
    context |= {
        "sender": sender.text if sender else "",
        "embed": embed, "what": target.what, "url": address_of(embed), "told": told or _arrived(), "key": uuid4().hex, "wrong": wrong,
        "sent": sent or {}, "accepted": fmt.instant(embed.accepted_at) if embed.accepted_at else "",
        "frame": request.headers.get("Turbo-Frame", ""), "home": own_origin(), "language": fmt.language,
    }  # fmt: skip
    template = "embed/page.html" if _is_navigation() else "embed/part.html"
    response = make_response(render_template(template, **context), status)
    if _is_navigation():
        site = f"{embed.origin} 'self'" if embed.origin else "'self'"
        host = request.host
        response.headers["Content-Security-Policy"] = PAGE_POLICY.format(site=site, sockets=f"ws://{host} wss://{host}")
    return response


def _arrived() -> str:
    """Return what to say after a form went its way by a redirect."""
    return _("Thank you. It has arrived.") if request.args.get("sent") else ""


def _for_site(response: Response) -> Response:
    """Let the site that asked read the answer; it was found to be the right one."""
    origin = request.headers.get("Origin")
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Vary"] = "Origin, Sec-Fetch-Mode"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused() -> Response:
    """Answer the same to a wrong site, an address that is over or revoked, a changed one, and one that never was."""
    use_language(request.accept_languages.best_match(offered(), offered()[0]) or offered()[0])
    response = make_response(render_template("embed/refused.html"), 403)
    response.headers["Vary"] = "Origin, Sec-Fetch-Mode"
    response.headers["Cache-Control"] = "no-store"
    return response


def _too_many(many: TooManyRequests) -> Response:
    response = make_response(render_template("embed/refused.html", too_many=str(many.message)), 429)
    response.headers["Retry-After"] = str(many.retry_after)
    return response


def _note_used(found: Opened) -> None:
    """Note once an hour that the address is in use."""
    now, used = utc_now(), found.embed.used_at
    if used is not None and (now - used).total_seconds() < SEEN_EVERY_SECONDS:
        return
    noting = update(Embed).where(Embed.id == found.embed.id).values(used_at=now, updated_at=Embed.updated_at)
    run_work(found.actor, lambda work: work.session.execute(noting.execution_options(synchronize_session=False)))
