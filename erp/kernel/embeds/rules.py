"""What an embed must be before it opens anything."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from erp.kernel.change.hooks import fills_in, valid_if
from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed
from erp.kernel.embeds.targets import problems_of
from erp.kernel.errors import Problem
from erp.kernel.rights.tokens import life_of
from erp.kernel.text import _

LONGEST = timedelta(days=400)
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")
PORTS = {"http": 80, "https": 443}


def now_and_company(work: Work, embed: Embed) -> tuple[datetime, int | None]:
    """Return the moment, and the company that the maker works in."""
    del embed
    return work.now, work.actor.company_id


@fills_in(Embed, given=now_and_company)
def until(embed: Embed, facts: tuple[datetime, int | None]) -> None:
    """Say until when it works, in whose company, and its site as browsers write it."""
    now, company = facts
    life = life_in(embed.expires_in)
    embed.expires_at = now + min(life, LONGEST) if life is not None else None
    embed.company_id = embed.company_id or company
    embed.origin = origin_of(embed.origin) or embed.origin or None


def life_in(text: str | None) -> timedelta | None:
    """Return a life written as ``30d``, ``12h``, ``30m`` or seconds; None for anything else."""
    sent = (text or "").strip()
    try:
        if sent.isascii() and sent.isdigit() and len(sent) < 10:
            return timedelta(seconds=int(sent)) if int(sent) else None
        return life_of(sent)
    except ValueError:
        return None


def origin_of(text: str | None) -> str | None:
    """Return an origin as browsers send it: scheme, host, and the port unless it is the usual one; None: it is none."""
    try:
        parts = urlsplit((text or "").strip().rstrip("/"))
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        return None
    literal = f"[{host}]" if ":" in host else host
    if parts.scheme not in PORTS or parts.path or parts.query or parts.fragment or parts.username:
        return None
    if not HOST.fullmatch(literal):
        return None
    return f"{parts.scheme}://{literal}" + (f":{port}" if port and port != PORTS[parts.scheme] else "")


def what_is_wrong(work: Work, embed: Embed) -> list[Problem]:
    """Return what the maker may not open."""
    return problems_of(work, embed)


@valid_if(Embed, given=what_is_wrong)
def embed_problems(embed: Embed, found: list[Problem]) -> list[Any]:
    """Refuse a site that is none, a life that nobody understands, and what its maker may not open."""
    problems = list(found)
    if embed.origin and origin_of(embed.origin) is None:
        said = _("Write it as https://shop.example: no path, no *.")
        problems.append(Problem("origin", "not_an_origin", said))
    life = life_in(embed.expires_in)
    if life is None or life > LONGEST:
        problems.append(Problem("expires_in", "not_understood", _("Write 30d, 12h, 30m or seconds; at most 400d.")))
    return problems
