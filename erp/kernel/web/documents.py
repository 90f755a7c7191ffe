"""The derived routes of every kind: list, rows, totals, form, save, typing buffer, verbs."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.derived import derived
from erp.kernel.change.described import may_make
from erp.kernel.change.find import find
from erp.kernel.change.lifecycle import submit
from erp.kernel.change.save import begin, save
from erp.kernel.change.verbs import perform, verbs_of
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import Conflict, NotAllowed, NotFound, Problems
from erp.kernel.records.record import Record
from erp.kernel.records.registry import collection as kind_behind
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web import buffers
from erp.kernel.web.columns import choices_of, columns_of, list_currency
from erp.kernel.web.formview import FormView, defaults_of, new_title
from erp.kernel.web.listing import Query
from erp.kernel.web.listpage import MOST_CHANGES, changed_rows, shown_rows, some_rows
from erp.kernel.web.pages import (
    listing_of,
    reader_format,
    see_other,
    shown_query,
    templates_for,
)
from erp.kernel.web.present import money_beside
from erp.kernel.web.saved_views import counts_of, saved_views
from erp.kernel.web.saving import (
    BROUGHT_TOGETHER,
    NEW,
    forget_changes,
    form_page,
    guarded,
    saved,
    sent_version,
    tried,
)
from erp.kernel.web.undoing import offer_undo

documents = Blueprint("documents", __name__)
SAID = {"reason", "comment", "date", "user", "to_step"}
"""What forms of verbs may send beside the document's own fields."""


def kind_in_url(name: str) -> type[Record]:
    """Return the kind behind a collection's URL, if it has pages."""
    kind = kind_behind(name)
    if not kind.__listed__:
        raise NotFound
    return kind


@documents.get("/<collection>")
def show_list(collection: str) -> ResponseReturnValue:
    """Show a list, or only its rows to a fragment request."""
    work, kind = current_work(), kind_in_url(collection)
    description, listing = listing_of(work, kind)
    if len(names := request.args.getlist("columns")) > 1:
        return redirect(listing.query.url(columns=",".join(names)))
    fmt, columns = reader_format(), columns_of(description, request.args.get("columns", ""))
    own = list_currency(work, listing.query)
    rows = shown_rows(work, listing, columns, fmt, own)
    if request.headers.get("HX-Request") and listing.query.after:
        return rows.html
    query = shown_query(work, listing.query, fmt)
    context = {
        "d": description, "columns": columns, "rows": rows, "query": query, "topic": kind.__kind__, "own_currency": own,
        "column_choices": choices_of(description, columns),
        **_list_ways(work, kind, listing.query),
        "filter_fields": [info for info in description.fields if info.in_filter],
        "title": description.plural, "crumbs": [(str(description.plural), None)], "views": saved_views(kind, query),
    }  # fmt: skip
    return render_template(templates_for(kind, "list"), **context)


def _list_ways(work: Work, kind: type[Record], query: Query) -> dict[str, Any]:
    """Return where one goes from a list, as far as the reader may."""
    name, here = kind.__collection__, query.url()

    def way(verb: str, url: str) -> str | None:
        return url if may(work.actor, verb, kind.__kind__) else None

    return {
        "views_url": here.replace(f"/{name}", f"/{name}/views", 1),
        "totals_url": here.replace(f"/{name}", f"/{name}/totals", 1),
        "changes_url": here.replace(f"/{name}", f"/{name}/changes", 1), "reset_url": query.url(columns=None),
        "can_create": may_make(work, kind), "new_url": f"/{name}/new", "new_label": new_title(kind),
        "export_url": way("export", here.replace(f"/{name}", f"/{name}/export", 1)),
        "import_url": way("import", f"/{name}/import"),
    }  # fmt: skip


@documents.get("/<collection>/views")
def list_views(collection: str) -> ResponseReturnValue:
    """Return the views of a list with their counts: a fragment fetched after the list, and again when it changes."""
    work, kind = current_work(), kind_in_url(collection)
    _description, listing = listing_of(work, kind)
    fmt = reader_format()
    views = saved_views(kind, shown_query(work, listing.query, fmt))
    for view, count in zip(views, counts_of(work, kind, listing) if views else [], strict=True):
        view["count"] = fmt.number(count)
    return render_template("document/_views.html", views=views)


@documents.get("/<collection>/totals")
def list_totals(collection: str) -> ResponseReturnValue:
    """Return the exact count and sums of a list: its second fragment."""
    work, kind = current_work(), kind_in_url(collection)
    description, listing = listing_of(work, kind)
    columns = columns_of(description, request.args.get("columns", ""))
    summed = [info for info in columns if info.type == "money" and info.spec.total]
    key = ("totals", *listing.key(), tuple(info.name for info in summed))
    count, currency, sums = derived(work, listing.kinds(), key, lambda: listing.totals(summed))
    fmt, own = reader_format(), list_currency(work, listing.query)
    texts = {name: money_beside(fmt, value, currency, own) for name, value in sums.items()}
    return render_template(
        templates_for(kind, "_totals"), d=description, columns=columns, count=fmt.number(count), sums=texts
    )


@documents.get("/<collection>/<int:record_id>/row")
def list_row(collection: str, record_id: int) -> ResponseReturnValue:
    """Return one row of a list, for a browser that shows it already."""
    work, kind = current_work(), kind_in_url(collection)
    description, listing = listing_of(work, kind)
    columns = columns_of(description, request.args.get("columns", ""))
    rows = some_rows(work, listing, columns, reader_format(), [record_id], matching=False)
    if not rows:
        raise NotFound
    return render_template(templates_for(kind, "_row"), d=description, row=rows[0], columns=columns)


@documents.get("/<collection>/changes")
def list_changes(collection: str) -> ResponseReturnValue:
    """Return the rows of ``ids`` as they are now: those that the list holds, and those that it held before."""
    work, kind = current_work(), kind_in_url(collection)
    ids = [int(one) for one in request.args.get("ids", "").split(",") if one.isascii() and one.isdigit()][:MOST_CHANGES]
    description, listing = listing_of(work, kind)
    columns, fmt = columns_of(description, request.args.get("columns", "")), reader_format()
    return changed_rows(work, listing, columns, fmt, ids)


@documents.get("/<collection>/new")
def new_form(collection: str) -> ResponseReturnValue:
    """Show an empty form, or what the user was typing in it."""
    work, kind = current_work(), kind_in_url(collection)
    if not may(work.actor, "create", kind.__kind__):
        raise NotFound if not may(work.actor, "read", kind.__kind__) else NotAllowed(_("You may not create these."))
    if not may_make(work, kind):
        raise Conflict(_("This is switched off in the settings."))
    view = FormView(work, kind, _started(work, kind), reader_format())
    kept = None if request.args else buffers.kept_form(work, kind.__kind__, NEW)
    return form_page(view, kept)


def _started(work: Work, kind: type[Record]) -> Any:
    """Return an unsaved record with the defaults that a new form starts with."""
    try:
        return save(work, kind, defaults_of(work, kind), reader=reader_format(), try_only=True)
    except Problems as problems:
        return problems.tried or begin(work, kind)


@documents.get("/<collection>/<int:record_id>")
def show_form(collection: str, record_id: int) -> ResponseReturnValue:
    """Show a document."""
    work, kind = current_work(), kind_in_url(collection)
    record = find(work, kind, record_id)
    view = FormView(work, kind, record, reader_format())
    kept = buffers.kept_form(work, kind.__kind__, str(record_id)) if view.editable else None
    if request.args.get("merged") is not None and view.editable:
        view.banner = {"tone": "info", "title": _("Saved together."), "text": BROUGHT_TOGETHER}
    return form_page(view, kept)


@documents.post("/<collection>/new/buffer", defaults={"record_id": None})
@documents.post("/<collection>/<int:record_id>/buffer")
def type_on(collection: str, record_id: int | None) -> ResponseReturnValue:
    """Keep what is being typed and answer with totals, line amounts and messages; nothing is saved."""
    work, kind = current_work(), kind_in_url(collection)
    form = dict(request.form.items())
    record = find(work, kind, record_id) if record_id else None
    if not may(work.actor, "update" if record_id else "create", kind.__kind__):
        raise NotAllowed(_("You may not change this."))
    buffers.keep(work, kind.__kind__, str(record_id or NEW), form)
    view = FormView(work, kind, record, reader_format()).typed(form)
    with work.session.no_autoflush:
        tried(view, form)
    context = view.context()
    forget_changes(work)
    return render_template(templates_for(kind, "_sum"), **context)


@documents.post("/<collection>/new/discard", defaults={"record_id": None})
@documents.post("/<collection>/<int:record_id>/discard")
def let_go(collection: str, record_id: int | None) -> ResponseReturnValue:
    """Forget what was typed and show the saved version."""
    work, kind = current_work(), kind_in_url(collection)
    buffers.drop(work, kind.__kind__, str(record_id or NEW))
    return see_other(f"/{collection}/{record_id or NEW}")


@documents.post("/<collection>")
def create(collection: str) -> ResponseReturnValue:
    """Save a new record."""
    record = saved(current_work(), kind_in_url(collection), None)
    return see_other(f"/{collection}/{record.id}")


@documents.post("/<collection>/submission")
def create_and_submit(collection: str) -> ResponseReturnValue:
    """Save a new document and submit it."""
    work, kind = current_work(), kind_in_url(collection)
    record = saved(work, kind, None)
    guarded(work, kind, record, lambda: submit(work, record))
    return see_other(f"/{collection}/{record.id}")


@documents.post("/<collection>/<int:record_id>")
def update(collection: str, record_id: int) -> ResponseReturnValue:
    """Save a changed record."""
    work, kind = current_work(), kind_in_url(collection)
    saved(work, kind, find(work, kind, record_id), merging=True)
    return see_other(f"/{collection}/{record_id}{'?merged=1' if work.facts.get('merged') else ''}")


@documents.post("/<collection>/<int:record_id>/<route>")
def do_verb(collection: str, record_id: int, route: str) -> ResponseReturnValue:
    """Do a verb. While the document can still be edited, what is in the form is saved first."""
    work, kind = current_work(), kind_in_url(collection)
    if all(verb.route != route for verb in verbs_of(kind)):
        abort(404)
    form = dict(request.form.items())
    version: int | None = sent_version()
    if "_form" in form:
        saved(work, kind, find(work, kind, record_id))
        version = None
    values = {name: form.get(f"{name}.id") or form[name] for name in form if name in SAID}
    outcome = guarded(work, kind, record_id, lambda: perform(work, kind, record_id, route, values, version=version))
    buffers.drop(work, kind.__kind__, str(record_id))
    offer_undo(work)
    if outcome.deleted:
        return see_other(f"/{collection}")
    shown = outcome.made if outcome.made is not None else outcome.record
    return see_other(f"/{shown.__collection__}/{shown.id}")
