"""The home page: figures that departments fill in, and what waits for the reader. The page knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from babel.dates import format_skeleton
from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change import approvals
from erp.kernel.change.work import Work, current_work
from erp.kernel.flows.cards import cards
from erp.kernel.format import Format
from erp.kernel.records.registry import all_kinds
from erp.kernel.rights import may
from erp.kernel.rights.registry import surface
from erp.kernel.text import _

F = TypeVar("F", bound=Callable[..., Any])
APPROVALS_SHOWN = 5
KPIS_SHOWN = 4
page = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """For whom, for which company and for which day the home page is made."""

    work: Work
    fmt: Format
    company_id: int
    today: date

    def may(self, verb: str, kind: str) -> bool:
        """Return whether the reader may do ``verb`` with ``kind``: figures of what one may not see are left out."""
        return may(self.work.actor, verb, kind)


_fills: dict[str, list[Callable[[Desk], Any]]] = {}
_company: list[Callable[[Work], int | None]] = []


def fills_home(place: str) -> Callable[[F], F]:
    """Fill a place of the home page: ``kpis``, ``cash``, ``ages``, ``shortcuts``, ``activity``, ``steps``.

    ``fill(desk)`` returns what the place shows, as a list (``cash``: one chart), or None for nothing.
    """

    def register(fill: F) -> F:
        _fills.setdefault(place, []).append(fill)
        return fill

    return register


def home_company(find: Callable[[Work], int | None]) -> Callable[[Work], int | None]:
    """Register who knows the company a reader works in when he has chosen none."""
    _company[:] = [find]
    return find


@page.get("/")
@surface("home.show", own=True, note="every figure asks the right to read what it is made of")
def show() -> ResponseReturnValue:
    """Show the home page; whoever is not signed in goes to the gate."""
    work = current_work()
    if work.actor.is_anonymous:
        return redirect("/login", code=303)
    company_id = work.actor.company_id or next((found for find in _company if (found := find(work))), None)
    template = "home/_board.html" if request.headers.get("HX-Request") else "home/dashboard.html"
    today = work.today(company_id)
    context: dict[str, Any] = {
        "title": day_in_words(g.format, today), "subtitle": greeting(work), "crumbs": [(_("Home"), None)], "topic": None,
    }  # fmt: skip
    if company_id is not None:
        context |= board(Desk(work, g.format, company_id, today))
    waiting = approvals.pending_for(work)[:APPROVALS_SHOWN]
    return render_template(template, **context, approvals=cards(work, waiting))


def day_in_words(fmt: Format, day: date) -> str:
    """Return the heading: "Thursday 18 June", "6月18日木曜日"."""
    return str(format_skeleton("MMMMEEEEd", day, locale=fmt.locale))


def greeting(work: Work) -> str:
    """Return what stands below the heading."""
    name = work.actor.name.split()[0] if work.actor.name else ""
    return _("Hello, %(name)s", name=name) if name else ""


def board(desk: Desk) -> dict[str, Any]:
    """Return every filled place of the page."""
    found: dict[str, Any] = {"topic": topic_of(desk)}
    for place in ("kpis", "ages", "shortcuts", "activity", "steps"):
        found[place] = [one for fill in _fills.get(place, ()) for one in fill(desk) or ()]
    found["kpis"] = found["kpis"][:KPIS_SHOWN]
    found["cash"] = next((chart for fill in _fills.get("cash", ()) if (chart := fill(desk))), None)
    return found


def topic_of(desk: Desk) -> str | None:
    """Return the kinds whose changes change the figures: vouchers that the reader may see."""
    kinds = [
        kind.__kind__ for kind in all_kinds() if getattr(kind, "__on_home__", False) and desk.may("read", kind.__kind__)
    ]
    return " ".join(kinds) or None
