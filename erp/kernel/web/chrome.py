"""What surrounds every page: navigation by right and feature, company, counts, format, language, theme."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, g, request
from markupsafe import Markup
from sqlalchemy import Select, select

from erp.kernel.change import approvals
from erp.kernel.change.work import Work, current_work, reading
from erp.kernel.format import Format
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.records.setup import Setup, setup
from erp.kernel.rights import may
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.user import languages_offered
from erp.kernel.text import _, ngettext, use_language
from erp.kernel.text import language as current_language

F = TypeVar("F", bound=Callable[..., Any])
STATIC = Path(__file__).resolve().parents[3] / "static"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation: a kind's list, or a page by its URL. ``letter``: G and it go there."""

    label: str
    url: str = ""
    kind: str = ""
    right: tuple[str, str] | None = None
    feature: str | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One department in the navigation; ``place`` orders them, small ones first."""

    key: str
    label: str
    icon: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    place: int = 50


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one reader sees it: in his words, and whether its page is open."""

    label: str
    url: str
    current: bool
    letter: str = ""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """A department as one reader sees it."""

    key: str
    label: str
    icon: str
    entries: tuple[Link, ...]

    @property
    def current(self) -> bool:
        """Return whether one of its pages is open."""
        return any(entry.current for entry in self.entries)


_groups: list[Group] = []
_ways: list[Entry] = []
_counts: dict[str, Callable[[Work], Select[int]]] = {}
_contexts: list[Callable[[Work], dict[str, Any]]] = []


def navigation(group: Group) -> None:
    """Add a department's group; groups of one place stand in the order of the departments."""
    _groups.append(group)
    _groups.sort(key=lambda one: one.place)


def way(entry: Entry) -> None:
    """Add a page that is not in the navigation and still has a letter after G."""
    _ways.append(entry)


def counts(name: str) -> Callable[[F], F]:
    """Register the question of a count shown in the frame (``unread``, ``running_jobs``); all are asked at once."""

    def register(count: F) -> F:
        _counts[name] = count
        return count

    return register


def frame(add: F) -> F:
    """Register more context for every page."""
    _contexts.append(add)
    return add


def visible_groups(actor: Actor, work: Work) -> tuple[LinkGroup, ...]:
    """Return what this reader may open; of the entries of a group only the one that names the open page best is current."""
    now = setup(work.session)
    words = now.words(actor.company_id, current_language())
    shown = []
    for group in _groups:
        entries = [_link(entry, words) for entry in group.entries if _may_open(actor, entry, now)]
        here = max((entry.url for entry in entries if entry.current), key=len, default="")
        if entries:
            best = tuple(replace(one, current=one.url == here) if one.current else one for one in entries)
            shown.append(LinkGroup(group.key, str(group.label), group.icon, best))
    own = [Entry(spec.plural_label, kind=spec.name) for spec in now.kinds]
    entries = [_link(entry, words) for entry in own if _may_open(actor, entry, now)]
    if entries:
        shown.append(LinkGroup("own", _("More"), "folder", tuple(entries)))
    return tuple(shown)


def lettered(groups: tuple[LinkGroup, ...], actor: Actor, now: Setup) -> tuple[tuple[str, str, str], ...]:
    """Return where G and a letter go, as (letter, label, url): everybody's pages, then those the reader may open."""
    common = [("h", _("Home"), "/"), ("a", _("Approvals"), "/approvals"), ("n", _("Notifications"), "/notifications")]
    common += [("j", _("Background jobs"), "/jobs"), ("s", _("Settings"), "/settings")]
    words = now.words(actor.company_id, current_language())
    entries = [entry for group in groups for entry in group.entries]
    entries += [_link(entry, words) for entry in _ways if _may_open(actor, entry, now)]
    return (*common, *((one.letter, one.label, one.url) for one in entries if one.letter))


def _may_open(actor: Actor, entry: Entry, now: Setup) -> bool:
    if not now.is_on(entry.feature):
        return False
    if entry.kind:
        return has_kind(entry.kind) and now.is_on(kind_of(entry.kind).__feature__) and may(actor, "read", entry.kind)
    return entry.right is None or may(actor, *entry.right)


def _link(entry: Entry, words: dict[tuple[str, str], str]) -> Link:
    url = entry.url or f"/{kind_of(entry.kind).__collection__}"
    here = request.path == url or request.path.startswith(url + "/")
    return Link(str(words.get((entry.kind, "*"), entry.label)), url, here, entry.letter)


def frame_parts(app: Flask) -> Callable[..., Markup]:
    """Return ``frame_part`` for templates: a part of the frame, written once for its language and the values it is given."""

    @lru_cache(maxsize=500)
    def written(name: str, language: str, values: tuple[tuple[str, Any], ...]) -> Markup:
        del language
        return Markup(app.jinja_env.get_template(name).render(values))  # noqa: S704 - a template wrote it, and it escapes

    return lambda name, **values: written(name, current_language(), tuple(values.items()))


def init_app(app: Flask) -> None:
    """Put the frame into every template."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _, ngettext, newstyle=True
    )
    app.jinja_env.globals |= {
        "asset_version": asset_version(), "frame_part": frame_parts(app), "languages_offered": languages_offered,
    }  # fmt: skip
    app.context_processor(context)
    app.before_request(prepare)


def context() -> dict[str, Any]:
    """Return the frame of the running request."""
    actor: Actor | None = getattr(g, "actor", None)
    known = {
        "actor": actor if actor is not None and actor.user_id is not None else None,
        "csrf_token": getattr(g, "csrf_token", ""), "format": getattr(g, "format", None) or Format(current_language()),
        "language": current_language(), "theme": request.cookies.get("theme", ""),
        "density": request.cookies.get("density", ""), "_": _,
    }  # fmt: skip
    if known["actor"] is None or request.headers.get("HX-Request"):
        return {
            **known,
            "nav": (),
            "unread": 0,
            "pending_approvals": 0,
            "todo": 0,
            "running_jobs": 0,
            "companies": [],
            "company": None,
        }
    try:
        work = current_work()
    except LookupError:
        with reading(actor) as work:  # type: ignore[arg-type]
            return known | _frame(work)
    return known | _frame(work)


def _frame(work: Work) -> dict[str, Any]:
    groups = visible_groups(work.actor, work)
    shown: dict[str, Any] = {
        "nav": groups, "go_to": lettered(groups, work.actor, setup(work.session)),
        "pending_approvals": approvals.pending_count(work), "unread": 0,
        "running_jobs": 0, "companies": [], "company": None,
    }  # fmt: skip
    asked = {name: count(work) for name, count in _counts.items()}
    if asked:
        figures = work.session.execute(select(*(one.scalar_subquery() for one in asked.values()))).one()
        shown |= dict(zip(asked, figures, strict=True))
    for add in _contexts:
        shown |= add(work)
    return shown


@cache
def asset_version() -> str:
    """Return the version in the URLs of static files, a digest of them all, so that they may be cached for ever."""
    digest = sha256()
    for path in sorted(STATIC.rglob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def prepare() -> None:
    """Set language and format of the request once its actor is known."""
    actor: Actor | None = getattr(g, "actor", None)
    if actor is None or actor.user_id is None:
        g.language = current_language()
        g.format = Format(current_language())
        return
    use_language(actor.language)
    g.language = current_language()
    g.format = Format(current_language(), actor.timezone or "UTC")


_currency_of: list[Callable[[Work, int], str]] = []


def currency_of_company(find: F) -> F:
    """Register who knows the currency of a company."""
    _currency_of.append(find)
    return find


def company_currency(work: Work) -> str | None:
    """Return the currency of the company that the reader works in; None while he works in all of them."""
    company_id = work.actor.company_id
    return (_currency_of[0](work, company_id) or None) if _currency_of and company_id else None
