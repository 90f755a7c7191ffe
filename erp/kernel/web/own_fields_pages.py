"""The pages on which an administrator adds fields to a kind and chooses the words of a company."""

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.described import described, offered
from erp.kernel.change.own_fields import (
    RIGHT,
    TYPES,
    add_field,
    change_field,
    own_fields,
    set_words,
    take_field_away,
    words_of,
)
from erp.kernel.change.work import current_work
from erp.kernel.errors import NotFound, Problems
from erp.kernel.rights.registry import surface
from erp.kernel.rights.user import LANGUAGES
from erp.kernel.text import _, _l, language
from erp.kernel.web.account import page
from erp.kernel.web.answers import Answer
from erp.kernel.web.settings_index import SYSTEM, settings_line

fields = Blueprint("own_fields", __name__, url_prefix="/settings/fields")
settings_line(
    _l("Fields and words"), _l("What a company needs besides, and what it calls things."), "/settings/fields",
    group=SYSTEM, right=RIGHT,
)  # fmt: skip


def _kind(name: str) -> Any:
    kinds = {kind.__kind__: kind for kind in offered(current_work()) if kind.__listed__}
    if name not in kinds:
        raise NotFound(_("Not found"))
    return kinds[name]


@surface("own_fields.list_kinds", kind=RIGHT[1], verb=RIGHT[0])
@fields.get("")
def list_kinds() -> ResponseReturnValue:
    """Show the kinds of records, with the fields added to each."""
    work = current_work()
    kinds = sorted((kind for kind in offered(work) if kind.__listed__), key=lambda kind: str(kind.__plural_label__))
    rows = [
        (kind.__kind__, kind.__plural_label__, [row.label for row in own_fields(work, kind.__kind__)]) for kind in kinds
    ]
    return page("fields", _("Fields and words"), rows=rows)


@surface("own_fields.show_kind", kind=RIGHT[1], verb=RIGHT[0])
@fields.get("/<name>")
def show_kind(name: str) -> ResponseReturnValue:
    """Show the fields of a kind: those added, a form for another, and the words for all."""
    return _shown(name, {}, {})


def _shown(name: str, typed: dict[str, str], problems: dict[str, str], status: int = 200) -> ResponseReturnValue:
    work, kind = current_work(), _kind(name)
    company, tongue = _whose()
    description = described(work, name, "form")
    named = [("", kind.__label__), ("*", kind.__plural_label__)]
    named += [(info.name, info.spec.label or info.label) for info in description.fields]
    named += [(f"{rows}.{info.name}", info.label) for rows, line in description.lines.items() for info in line.fields]
    return page(
        "fields_kind", str(description.plural), status, kind=name, own=own_fields(work, name), types=TYPES, typed=typed,
        problems=problems, named=named, words=words_of(work, name, company, tongue), languages=LANGUAGES,
        chosen_company=company or "", chosen_language=tongue,
    )  # fmt: skip


def _whose() -> tuple[int | None, str]:
    """Return for which company and in which language words are chosen."""
    wanted, allowed = request.values.get("company", ""), current_work().actor.companies
    company = int(wanted) if wanted.isascii() and wanted.isdigit() else None
    if company is not None and allowed is not None and company not in allowed:
        raise NotFound(_("Not found"))
    tongue = request.values.get("language", language())
    return company, tongue if tongue in dict(LANGUAGES) else language()


@surface("own_fields.add", kind=RIGHT[1], verb=RIGHT[0])
@fields.post("/<name>")
def add(name: str) -> ResponseReturnValue:
    """Add a field, or show the form again with what is wrong."""
    _kind(name)
    typed = {key: request.form.get(key, "").strip() for key in ("name", "label", "type", "choices", "required")}
    choices = [line.strip() for line in typed["choices"].splitlines() if line.strip()]
    try:
        add_field(
            current_work(), name, typed["name"], typed["label"], typed["type"], choices=choices,
            required=bool(typed["required"]),
        )  # fmt: skip
    except Problems as refused:
        problems = {one.field: str(one.message) for one in refused.problems}
        raise Answer(_shown(name, typed, problems, 422)) from None
    return redirect(f"/settings/fields/{name}?done=1", code=303)


@surface("own_fields.change", kind=RIGHT[1], verb=RIGHT[0])
@fields.post("/<name>/own/<field>")
def change(name: str, field: str) -> ResponseReturnValue:
    """Rename a field, or take it away."""
    _kind(name)
    if request.form.get("away"):
        take_field_away(current_work(), name, field)
    else:
        label = request.form.get("label", "").strip()
        change_field(current_work(), name, field, label, required=bool(request.form.get("required")))
    return redirect(f"/settings/fields/{name}?done=1", code=303)


@surface("own_fields.choose_words", kind=RIGHT[1], verb=RIGHT[0])
@fields.post("/<name>/words")
def choose_words(name: str) -> ResponseReturnValue:
    """Choose the words of a company in a language."""
    _kind(name)
    company, tongue = _whose()
    sent = {key.removeprefix("word:"): text.strip() for key, text in request.form.items() if key.startswith("word:")}
    set_words(current_work(), name, company, tongue, sent)
    return redirect(f"/settings/fields/{name}?company={company or ''}&language={tongue}&done=1", code=303)
