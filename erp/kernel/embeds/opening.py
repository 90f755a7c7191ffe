"""Signed addresses: who holds one that works, from the right site, stands in for its maker with almost no rights."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed, signs_addresses
from erp.kernel.embeds.rules import origin_of
from erp.kernel.embeds.targets import DOCUMENT, LIST, REPORT, Target, narrowed, problems_of, read_target
from erp.kernel.live.rooms import list_rooms, public, room
from erp.kernel.live.views import all_companies, lets_in
from erp.kernel.records.registry import all_kinds
from erp.kernel.records.types import utc_now
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.loading import actor_of
from erp.settings import settings


@dataclass(frozen=True, slots=True)
class Opened:
    """An embed that works now: what it shows, and in whose name."""

    embed: Embed
    target: Target
    actor: Actor


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="embed", signer_kwargs={"digest_method": sha256})


def _bound(embed: Embed) -> str:
    """Return a digest of everything that an address is bound to."""
    told = [
        embed.path, embed.origin, embed.fields, embed.comments, embed.acceptance, embed.company_id, str(embed.uid),
        embed.expires_at.isoformat() if embed.expires_at else "",
    ]  # fmt: skip
    return sha256(json.dumps(told).encode()).hexdigest()[:16]


@signs_addresses
def address_of(embed: Embed) -> str:
    """Return the address of an embed as it is now."""
    return f"{settings().base_url.rstrip('/')}/embed/{token_of(embed)}"


def token_of(embed: Embed) -> str:
    """Return the signed part of its address."""
    return str(_serializer().dumps([embed.id, _bound(embed)]))


def own_origin() -> str:
    """Return the origin of the product itself, whose own page of an embed fetches its parts."""
    parts = urlsplit(settings().base_url)
    return origin_of(f"{parts.scheme}://{parts.netloc}") or ""


def opened(session: Session, token: str, origin: str | None, *, here: str = "") -> Opened | None:
    """Return what a token opens for a request of ``origin`` (None: it names none), or None - for whatever reason.

    ``here`` is the origin under which the request reached the product.
    """
    try:
        embed_id, bound = _serializer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    embed = session.scalars(select(Embed).where(Embed.id == embed_id)).one_or_none()
    if embed is None or embed.revoked_at is not None or embed.expires_at is None or embed.expires_at <= utc_now():
        return None
    if bound != _bound(embed) or (origin is not None and origin not in {embed.origin, own_origin(), here}):
        return None
    maker = actor_of(session, embed.created_by_id) if embed.created_by_id else None
    if maker is None:
        return None
    work = Work(session, maker)
    if problems_of(work, embed):
        return None
    target = read_target(embed.path)
    return Opened(embed, target, narrowed(work, target, embed.company_id))


def rooms_for(session: Session, found: Opened) -> list[str]:
    """Return the rooms in which the page that shows an embed hears that it should look again, and nothing more."""
    target, actor = found.target, found.actor
    if target.what == DOCUMENT:
        return [public(room(target.kind.__kind__, target.id))]
    companies = all_companies(session) if actor.companies is None else []
    if target.what == LIST:
        return [public(one) for one in list_rooms(actor, target.kind, companies)]
    if target.what == REPORT:
        kinds = [kind for kind in all_kinds() if hasattr(kind, "approval_state")]
        inside = sorted(actor.companies) if actor.companies is not None else companies
        return [public(room(kind.__kind__, f"company:{one}")) for kind in kinds for one in inside]
    return []


@lets_in("embed")
def listen(session: Session, sent: dict[str, str]) -> tuple[datetime, list[str]] | None:
    """Return until when, and in which rooms, a page on another site may listen."""
    found = opened(session, sent.get("embed", ""), sent.get("origin") or None)
    if found is None or found.embed.expires_at is None:
        return None
    return found.embed.expires_at, rooms_for(session, found)
