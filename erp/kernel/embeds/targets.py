"""Which paths can be opened to others, and which rights that takes."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from erp.kernel.change.described import described_for
from erp.kernel.change.find import find
from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed
from erp.kernel.errors import NotFound, Problem, Refused
from erp.kernel.paper.reports import ask, report_named
from erp.kernel.records.record import Record
from erp.kernel.records.registry import collection, has_kind, kind_of
from erp.kernel.rights import may
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _
from erp.kernel.web.listing import read_query

DOCUMENT, LIST, REPORT, FORM = "document", "list", "report", "form"
SHARES = ("mail", "export")
"""Who may send a document out may let others look at it."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a path means. ``given``: filters of a list, parameters of a report, what a form has filled in."""

    what: str
    name: str
    id: int = 0
    given: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> type[Record]:
        """Return the kind of record; a report has none."""
        return collection(self.name)


def read_target(path: str) -> Target:
    """Return what a path means. Raises ``NotFound`` for what cannot be opened to others."""
    parts = urlsplit(path.strip())
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        raise NotFound
    head, *rest = parts.path.strip("/").split("/")
    given = tuple(parse_qsl(parts.query))
    if head == "reports" and len(rest) == 1:
        return Target(REPORT, rest[0], given=given)
    if not collection(head).__listed__:
        raise NotFound
    if not rest:
        return Target(LIST, head, given=given)
    if rest == ["new"]:
        return Target(FORM, head, given=given)
    if len(rest) == 1 and rest[0].isascii() and rest[0].isdigit() and not given:
        return Target(DOCUMENT, head, int(rest[0]))
    raise NotFound


def problems_of(work: Work, embed: Embed) -> list[Problem]:
    """Return why this path cannot be opened by the actor; nothing tells apart what is missing and what is hidden."""
    try:
        target = read_target(embed.path or "")
        _ask(work, target)
    except Refused as refused:
        said = refused.message if isinstance(getattr(refused, "message", None), str) else ""
        unknown = _("There is nothing at this address that you may open to others.")
        return [Problem("path", "not_found", unknown if isinstance(refused, NotFound) else said or unknown)]
    found = []
    if target.what != DOCUMENT and (embed.comments or embed.acceptance):
        name = "comments" if embed.comments else "acceptance"
        found.append(Problem(name, "not_a_document", _("Only a document can be commented on or accepted.")))
    if target.what in {LIST, REPORT, FORM} and not embed.origin:
        found.append(Problem("origin", "required", _("Say which site shows it.")))
    return found + _field_problems(work, target, embed)


def _ask(work: Work, target: Target) -> None:
    """Raise ``Refused`` where the actor may not do this himself, or may not hand it out."""
    actor = work.actor
    if target.what == REPORT:
        ask(work, report_named(actor, target.name), dict(target.given))
        return
    kind = target.kind.__kind__
    if target.what == FORM:
        if not may(actor, "create", kind):
            raise NotFound
        return
    if not may(actor, "read", kind) or not any(may(actor, verb, kind) for verb in SHARES):
        raise NotFound
    if target.what == DOCUMENT:
        find(work, target.kind, target.id, lines=False)
    else:
        read_query(described_for(actor, kind, "list", work), dict(target.given), None)


def names_in(text: str | None) -> tuple[str, ...]:
    """Return the names in a text with commas."""
    return tuple(name for name in (part.strip() for part in (text or "").split(",")) if name)


def _field_problems(work: Work, target: Target, embed: Embed) -> list[Problem]:
    if target.what == REPORT:
        return []
    d = described_for(work.actor, target.kind.__kind__, "form", work)
    problems = []
    for name in (*names_in(embed.fields), *(name for name, _v in target.given if target.what == FORM)):
        line, _dot, rest = name.partition(".")
        info = d.lines[line].get(rest) if rest and line in d.lines else d.get(name)
        if info is None and name not in {"number", "status"}:
            said = _("There is no field “%(name)s” here.", name=name)
            problems.append(Problem("fields" if name in names_in(embed.fields) else "path", "not_found", said))
    return problems


def narrowed(work: Work, target: Target, company_id: int | None) -> Actor:
    """Return the actor of ``work``, who made an embed, with no more rights than its path needs."""
    actor = work.actor
    if company_id is not None:
        companies = actor.companies
        inside = frozenset({company_id}) if companies is None else companies & {company_id}
        actor = replace(actor, companies=inside, company_id=company_id)
    if target.what == REPORT:
        links = {one.link for one in report_named(actor, target.name).parameters if one.link}
        read = {f"{kind_of(link).__collection__}:read" for link in links if has_kind(link)}
        return replace(actor, token_scopes=frozenset({f"reports:{target.name}", *read}))
    scopes = {f"{target.name}:read"}
    if target.what == FORM:
        scopes |= {f"{target.name}:create", *(f"{name}:read" for name in _linked(work, target.kind))}
    return replace(actor, token_scopes=frozenset(scopes))


def _linked(work: Work, kind: type[Record]) -> set[str]:
    """Return the collections that a form of this kind lets one choose from; never users."""
    d = described_for(work.actor, kind.__kind__, "form", work)
    links = {info.link for one in (d, *d.lines.values()) for info in one.fields if info.link}
    return {kind_of(name).__collection__ for name in links if name != "user"}
