"""Search in pages: the palette's options and the page of results."""

from itertools import groupby

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.described import may_make, offered
from erp.kernel.change.work import Work, current_work
from erp.kernel.paper.fold import fold
from erp.kernel.paper.reports import all_reports, may_run
from erp.kernel.paper.search import Hit, search
from erp.kernel.records.setup import setup
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web.chrome import visible_groups
from erp.kernel.web.formview import new_title
from erp.kernel.web.problems import wants_json
from erp.kernel.web.settings_index import open_lines

search_pages = Blueprint("search", __name__)
Found = list[tuple[str, str, str, str]]
LONGEST = 200


@search_pages.get("/palette")
def palette() -> ResponseReturnValue:
    """Return the records, and on request the pages and actions, that match what is typed; after ">" only actions."""
    typed = request.args.get("q", "")[:LONGEST].strip()
    q, work = typed.removeprefix(">").strip(), current_work()
    groups = grouped(search(work, q, limit=10)) if q and q == typed else []
    if request.args.get("pages"):
        groups = with_ways(work, q, groups, only_actions=q != typed)
    return render_template("search/palette.html", groups=groups)


@search_pages.get("/search")
@search_pages.get("/api/v1/search")
def show_results() -> ResponseReturnValue:
    """Show what a search finds, for readers without scripts and for programs."""
    q = request.args.get("q", "")[:LONGEST].strip()
    work = current_work()
    hits = search(work, q, limit=50) if q else []
    if wants_json():
        return jsonify(
            data=[
                {"kind": hit.kind, "id": hit.id, "title": hit.title, "detail": hit.detail, "url": hit.url}
                for hit in hits
            ]
        )
    groups = grouped(hits)
    if q:
        groups = with_ways(work, q, groups)
    return render_template("search/results.html", q=q, groups=groups, title=_("Search"), crumbs=[(_("Search"), None)])


def grouped(hits: list[Hit]) -> list[tuple[str, Found]]:
    """Return hits under the words for their kinds, the best kind first."""
    order = {kind: at for at, kind in reversed(list(enumerate(hit.kind for hit in hits)))}
    ordered = sorted(hits, key=lambda hit: order[hit.kind])
    return [
        (label, [(hit.icon, f"{hit.title} {hit.detail}".strip(), "", hit.url) for hit in found])
        for label, found in groupby(ordered, key=lambda hit: hit.kind_label)
    ]


def with_ways(
    work: Work, q: str, records: list[tuple[str, Found]], *, only_actions: bool = False
) -> list[tuple[str, Found]]:
    """Return records with the pages and actions that match; what begins as typed stands above the records."""
    ways = [actions_found(work, q)] if only_actions else [pages_found(work, q), actions_found(work, q)]
    ways = [group for group in ways if group[1]]
    first = [group for group in ways if any(fold(label).startswith(fold(q)) for _icon, label, _hint, _url in group[1])]
    return first + records + [group for group in ways if group not in first]


def _matches(q: str, label: str) -> bool:
    """Return whether every word typed stands in a label: "new order" finds "New sales order"."""
    folded = fold(label)
    return all(word in folded for word in fold(q).split())


def pages_found(work: Work, q: str) -> tuple[str, Found]:
    """Return the pages that the reader may open whose name matches: lists, reports and settings, in the navigation or not."""
    now = setup(work.session)
    entries = [
        (group.icon, entry.label, group.label, entry.url)
        for group in visible_groups(work.actor, work)
        for entry in group.entries
    ]
    listed = [kind for kind in offered(work) if kind.__listed__ and may(work.actor, "read", kind.__kind__)]
    entries += [(kind.__icon__, str(kind.__plural_label__), "", f"/{kind.__collection__}") for kind in listed]
    reports = [
        one for one in all_reports() if may_run(work.actor, one) and not one.drill_only and now.is_on(one.feature)
    ]
    entries += [("chart-column", str(one.label), _("Report"), f"/reports/{one.name}") for one in reports]
    entries += [("settings", str(line.label), _("Settings"), line.url) for line in open_lines(work.actor, now)]
    found = {entry[3]: entry for entry in reversed(entries) if _matches(q, entry[1])}
    return _("Pages"), list(reversed(found.values()))[:8]


def actions_found(work: Work, q: str) -> tuple[str, Found]:
    """Return what the reader may create whose name matches."""
    kinds = [kind for kind in offered(work) if kind.__listed__ and may_make(work, kind)]
    named = [(new_title(kind), kind) for kind in kinds]
    found: Found = [("plus", label, "", f"/{kind.__collection__}/new") for label, kind in named if _matches(q, label)]
    return _("Actions"), found[:8]
