"""What a form sends: tried, saved, merged with what somebody saved meanwhile, or shown again with everything typed."""

from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.find import find
from erp.kernel.change.links import labels
from erp.kernel.change.save import save
from erp.kernel.change.values import whole
from erp.kernel.change.work import Work
from erp.kernel.errors import PreconditionRequired, Problems, Stale
from erp.kernel.records.record import Record, Voucher
from erp.kernel.text import _, _l
from erp.kernel.web import buffers
from erp.kernel.web.answers import Answer
from erp.kernel.web.conflicts import differences, differing, with_known_lines
from erp.kernel.web.forms import payload_of
from erp.kernel.web.formview import FormView
from erp.kernel.web.pages import (
    reader_format,
    templates_for,
)
from erp.kernel.web.together import Together, together

NEW = "new"
BROUGHT_TOGETHER = _l("Somebody saved meanwhile; both changes stand below.")


def caught_up(view: FormView, form: dict[str, str]) -> Together | None:
    """Return what was typed on an earlier version with what was saved since; None when it was typed on this one."""
    version = whole(form.get("version", ""))
    if not view.stored or version is None or version >= view.record.version:
        return None
    found = together(view, form, version)
    if found is None:
        view.version = version  # nobody knows what was changed since: saving shows both versions
    return found


def form_page(view: FormView, kept: Any) -> ResponseReturnValue:
    if kept is not None and request.args.get("fresh") is None:
        form, when = kept
        found = caught_up(view, form)
        form = found.form if found is not None else form
        view.typed(form)
        view.banner = {
            "tone": "info", "title": _("What you typed is kept."),
            "text": _("Not saved since %(when)s. Save it, or open the saved version.", when=view.fmt.ago(when)),
        }  # fmt: skip
        if found is not None and found.questions:
            view.version = whole(form.get("version", ""))
            text = _("You and somebody else changed the same. Save it, and choose which of both to keep.")
            view.banner = {"tone": "warn", "title": _("What you typed is kept."), "text": text}
        elif found is not None and found.theirs:
            view.banner = {"tone": "info", "title": _("What you typed is kept."), "text": BROUGHT_TOGETHER}
        tried(view, form)
    return render_template(templates_for(view.kind, "form"), **view.context())


def tried(view: FormView, form: dict[str, str], *, silently: bool = False) -> None:
    """Compute the totals of what was typed, without saving; problems go to their fields unless they are known."""
    try:
        view.try_out(try_form(view.work, view.kind, view.record if view.stored else None, form))
    except Problems as problems:
        view.refused([] if silently else problems.problems)
        view.try_out(problems.tried)


def try_form(work: Work, kind: type[Record], record: Any, form: dict[str, str]) -> Any:
    """Return the record that saving this form would give; nothing is written."""
    description = FormView(work, kind, record, reader_format()).d
    with work.session.no_autoflush:
        return save(work, kind, payload_of(description, form), record, reader=reader_format(), try_only=True)


def forget_changes(work: Work) -> None:
    """Let go of what was only tried: the unit of work writes the buffer and nothing else."""
    work.session.expunge_all()


def sent_version() -> int:
    """Return the version that the form was made on; without one nobody knows what would be overwritten."""
    version = whole(request.form.get("version", ""))
    if version is None:
        raise PreconditionRequired(_("This page is too old. Nothing was changed; reload it and try again."))
    return version


def saved(work: Work, kind: type[Record], record: Any, *, merging: bool = False) -> Any:
    """Save what was sent; a refusal shows the form again with everything typed.

    ``merging``: what somebody saved meanwhile is kept as well, and only what both changed is asked.
    """
    form = dict(request.form.items())
    record_id = record.id if record is not None else None
    view = FormView(work, kind, record, reader_format())
    if "_add" in form:
        raise Answer(_with_blank_line(view, form))
    version = sent_version() if record is not None else None
    try:
        saved = save(work, kind, payload_of(view.d, form), record, version=version, reader=reader_format())
    except Problems as problems:
        raise Answer(_again(work, kind, record_id, form, problems)) from None
    except Stale as stale:
        if not merging:
            raise Answer(_conflict(work, kind, record_id, form, stale)) from None
        saved = _merged(work, kind, form, stale)
    buffers.drop(work, kind.__kind__, str(record_id or NEW))
    return saved


def _merged(work: Work, kind: type[Record], form: dict[str, str], stale: Stale) -> Any:
    """Save what was typed together with what was saved since it was begun; what both changed is asked."""
    work.session.rollback()
    record = find(work, kind, stale.record_id)
    view = FormView(work, kind, record, reader_format())
    found = together(view, form, stale.theirs) if view.editable else None
    if found is None or found.questions:
        asked = None if found is None else {one.path for one in found.questions}
        form = form if found is None else found.form
        raise Answer(_conflict(work, kind, record.id, form, stale, only=asked)) from None
    try:
        saved = save(work, kind, payload_of(view.d, found.form), record, version=record.version, reader=reader_format())
    except Problems as problems:
        raise Answer(_again(work, kind, record.id, found.form, problems)) from None
    if found.theirs:
        work.facts["merged"] = True
    return saved


def _again(
    work: Work, kind: type[Record], record_id: int | None, form: dict[str, str] | None, problems: Problems
) -> ResponseReturnValue:
    work.session.rollback()
    record = find(work, kind, record_id) if record_id else None
    view = FormView(work, kind, record, reader_format()).refused(problems.problems)
    if form is not None:
        tried(view.typed(form), form, silently=True)
    template = "form" if not request.headers.get("HX-Request") else "_form_body"
    page = render_template(templates_for(kind, template), **view.context())
    forget_changes(work)
    return make_response(page, problems.status)


def _with_blank_line(view: FormView, form: dict[str, str]) -> ResponseReturnValue:
    """Answer the button "Add line" of a browser without scripts."""
    name = form["_add"]
    taken = len(typed_keys(form, name))
    form[f"{name}.n{taken + 1}.$sent"] = "1"
    view.typed(form)
    return make_response(render_template(templates_for(view.kind, "form"), **view.context()), 200)


def typed_keys(form: dict[str, str], name: str) -> set[str]:
    """Return the keys of the lines in a form."""
    return {field.split(".")[1] for field in form if field.startswith(f"{name}.") and field.count(".") > 1}


def _conflict(
    work: Work, kind: type[Record], record_id: int | None, form: dict[str, str], stale: Stale,
    *, only: set[str] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Show both versions field by field and line by line; nothing is saved and nothing typed is lost.

    ``only``: the paths that are asked, where everything else was brought together already.
    """
    work.session.rollback()
    record = find(work, kind, record_id or 0)
    view = FormView(work, kind, record, reader_format())
    form, view.comparing = with_known_lines(form, view), True
    theirs, mine = view.context(), view.typed(form).context()
    context = {
        **mine, "differences": differing(differences(view.d, theirs, mine, form), only), "stale": stale, "version": record.version,
        "typed": form, "changed_by": shown_user(work, record.updated_by_id),
    }  # fmt: skip
    return make_response(render_template(templates_for(kind, "conflict"), **context), 409)


def shown_user(work: Work, user_id: int | None) -> str:
    """Return the name of who saved last."""
    label = labels(work.session, "user", [user_id or 0]).get(user_id or 0)
    return label.text if label else ""


def guarded(work: Work, kind: type[Record], record: Any, act: Any) -> Any:
    """Run a verb; what a rule refuses is shown on the form, and nothing was changed."""
    form = dict(request.form.items())
    try:
        return act()
    except Problems as problems:
        is_new = isinstance(record, Voucher) and "_form" in form and not request.view_args.get("record_id")  # type: ignore[union-attr]
        record_id = None if is_new else (record if isinstance(record, int) else record.id)
        raise Answer(_again(work, kind, record_id, form if "_form" in form else None, problems)) from None
