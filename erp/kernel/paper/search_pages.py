"""Search in pages: the palette's options and the page of results."""

from itertools import groupby

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.described import may_make, offered
from erp.kernel.change.work import Work, current_work
from erp.kernel.paper.fold import fold
from erp.kernel.paper.search import Hit, search
from erp.kernel.text import _
from erp.kernel.web.chrome import visible_groups
from erp.kernel.web.problems import wants_json

search_pages = Blueprint("search", __name__)
Found = list[tuple[str, str, str, str]]
LONGEST = 200


@search_pages.get("/palette")
def palette() -> ResponseReturnValue:
    """Return the records, and on request the pages and actions, that match what is typed."""
    q = request.args.get("q", "")[:LONGEST].strip()
    work = current_work()
    groups = grouped(search(work, q, limit=10)) if q and not q.startswith(">") else []
    if request.args.get("pages"):
        groups += [group for group in (pages_found(work, q), actions_found(work, q)) if group[1]]
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
        groups += [group for group in (pages_found(work, q), actions_found(work, q)) if group[1]]
    return render_template("search/results.html", q=q, groups=groups, title=_("Search"), crumbs=[(_("Search"), None)])


def grouped(hits: list[Hit]) -> list[tuple[str, Found]]:
    """Return hits under the words for their kinds, the best kind first."""
    order = {kind: at for at, kind in reversed(list(enumerate(hit.kind for hit in hits)))}
    ordered = sorted(hits, key=lambda hit: order[hit.kind])
    return [
        (label, [(hit.icon, f"{hit.title} {hit.detail}".strip(), "", hit.url) for hit in found])
        for label, found in groupby(ordered, key=lambda hit: hit.kind_label)
    ]


def pages_found(work: Work, q: str) -> tuple[str, Found]:
    """Return the pages in the reader's navigation whose name matches."""
    wanted = fold(q)
    entries = [(group["icon"], entry) for group in visible_groups(work.actor, work) for entry in group["entries"]]
    found = [
        (icon, str(entry["label"]), "", entry["url"]) for icon, entry in entries if wanted in fold(str(entry["label"]))
    ]
    return _("Pages"), found[:8]


def actions_found(work: Work, q: str) -> tuple[str, Found]:
    """Return what the reader may create whose name matches."""
    wanted = fold(q)
    kinds = [kind for kind in offered(work) if kind.__listed__ and may_make(work, kind)]
    named = [(_("New %(kind)s", kind=str(kind.__label__)), kind) for kind in kinds]
    return _("Actions"), [
        ("plus", label, "", f"/{kind.__collection__}/new") for label, kind in named if wanted in fold(label)
    ][:8]
