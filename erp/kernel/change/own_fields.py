"""Fields and words that an administrator makes: rows that act at once, without restart, each change in the audit."""

from typing import Any

from sqlalchemy import delete, func, select

from erp.kernel.change.audit import audit
from erp.kernel.change.described import described
from erp.kernel.change.work import Work
from erp.kernel.errors import NotAllowed, NotFound, Problem, Problems
from erp.kernel.records.custom import CustomField, LabelOverride
from erp.kernel.records.description import FieldInfo
from erp.kernel.records.registry import kind_of
from erp.kernel.records.setup import forget_setup
from erp.kernel.rights import declare_right, may
from erp.kernel.rights.user import LANGUAGES
from erp.kernel.text import _, _l

RIGHT = ("update", "custom_field")
TYPES = (
    ("text", _l("Short text")), ("longtext", _l("Long text")), ("date", _l("Date")), ("integer", _l("Whole number")),
    ("quantity", _l("Number")), ("boolean", _l("Yes or no")), ("choice", _l("Choice")),
)  # fmt: skip
LONGEST, LONGEST_NAME = 100, 64

declare_right("custom_field", "update", _l("Add fields and choose words"))


def own_fields(work: Work, kind: str) -> list[CustomField]:
    """Return the fields that were added to a kind, in their order."""
    query = select(CustomField).where(CustomField.kind == kind).order_by(CustomField.position, CustomField.id)
    return list(work.session.scalars(query))


def add_field(
    work: Work, kind: str, name: str, label: str, type_: str, *, choices: list[str], required: bool
) -> CustomField:
    """Add a field to a kind. Raises ``Problems`` with everything that is wrong."""
    _ask(work)
    problems = [*_name_problems(work, kind, name), *_label_problems(label)]
    if type_ not in dict(TYPES):
        problems.append(Problem("type", "not_a_choice", _("Choose one of the list.")))
    if type_ == "choice" and not choices:
        problems.append(Problem("choices", "required", _("Write the choices, one a line.")))
    problems = problems or _type_problems(work, kind, name, type_, choices)
    if problems:
        raise Problems(problems)
    last = max((row.position for row in own_fields(work, kind)), default=0)
    row = CustomField(
        kind=kind, name=name, label=label, type=type_, choices=[[one, one] for one in choices] or None,
        required=required, position=last + 1,
    )  # fmt: skip
    work.session.add(row)
    _done(work, "add_field", kind, {name: [None, label]})
    return row


def change_field(work: Work, kind: str, name: str, label: str, *, required: bool) -> None:
    """Give a field another label, or ask for it always or not."""
    _ask(work)
    row = _row(work, kind, name)
    if problems := _label_problems(label):
        raise Problems(problems)
    changes = {
        f"{name}.{key}": [before, after]
        for key, before, after in (("label", row.label, label), ("required", row.required, required))
        if before != after
    }
    row.label, row.required = label, required
    if changes:
        _done(work, "change_field", kind, changes)


def take_field_away(work: Work, kind: str, name: str) -> None:
    """Show a field no more. What was entered stays with the records and is back when the field is added again."""
    _ask(work)
    row = _row(work, kind, name)
    work.session.delete(row)
    _done(work, "take_field_away", kind, {name: [row.label, None]})


def words_of(work: Work, kind: str, company_id: int | None, language: str) -> dict[str, str]:
    """Return the words chosen for a kind's fields (""; "*": for the kind itself, one and many)."""
    return {row.field: row.text for row in work.session.scalars(_words(kind, company_id, language))}


def set_words(work: Work, kind: str, company_id: int | None, language: str, words: dict[str, str]) -> None:
    """Choose words for a company and a language; an empty one gives way to ours."""
    _ask(work)
    if language not in dict(LANGUAGES):
        raise NotFound(_("Not found"))
    if any(len(text) > LONGEST for text in words.values()):
        raise Problems([Problem("words", "too_long", _("At most %(count)s characters.", count=LONGEST))])
    if unknown := words.keys() - {"", "*"} - {info.name for info in described(work, kind, "form").fields}:
        raise NotFound(_("Not found: %(names)s", names=", ".join(sorted(unknown))[:LONGEST]))
    before = words_of(work, kind, company_id, language)
    after = {name: text for name, text in (before | words).items() if text}
    work.session.execute(delete(LabelOverride).where(*_where(kind, company_id, language)))
    work.session.add_all(
        LabelOverride(company_id=company_id, language=language, kind=kind, field=name, text=text)
        for name, text in after.items()
    )
    changed = {name or "-": [before.get(name), after.get(name)] for name in {*before, *after}}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        _done(work, "words", kind, changed, note=language)


def _where(kind: str, company_id: int | None, language: str) -> tuple[Any, ...]:
    return (
        LabelOverride.kind == kind, LabelOverride.language == language,
        LabelOverride.company_id == company_id if company_id is not None else LabelOverride.company_id.is_(None),
    )  # fmt: skip


def _words(kind: str, company_id: int | None, language: str) -> Any:
    return select(LabelOverride).where(*_where(kind, company_id, language))


def _ask(work: Work) -> None:
    if not may(work.actor, *RIGHT):
        raise NotAllowed(_("You may not do this here. Nothing was changed."))


def _row(work: Work, kind: str, name: str) -> CustomField:
    row = work.session.scalar(select(CustomField).where(CustomField.kind == kind, CustomField.name == name))
    if row is None:
        raise NotFound(_("Not found"))
    return row


def _name_problems(work: Work, kind: str, name: str) -> list[Problem]:
    if not (name.isascii() and name.replace("_", "").isalnum() and name[:1].isalpha() and name == name.lower()):
        return [Problem("name", "not_a_name", _("Small letters, digits and underscores, a letter first."))]
    if len(name) > LONGEST_NAME:
        return [Problem("name", "too_long", _("At most %(count)s characters.", count=LONGEST_NAME))]
    taken = {row.name for row in own_fields(work, kind)} | {info.name for info in described(work, kind, "form").fields}
    return [Problem("name", "taken", _("There is such a field already."))] if name in taken else []


def _type_problems(work: Work, kind: str, name: str, type_: str, choices: list[str]) -> list[Problem]:
    """Refuse a type that what records still hold under this name is none of: they could not be shown or saved."""
    record, info = kind_of(kind), FieldInfo(name, name, "", type_, choices=tuple((one, one) for one in choices))
    held = func.json_value(record.custom, f"$.{name}")
    for value in work.session.scalars(select(held).where(held.is_not(None)).distinct()):
        try:
            fits = info.from_json(value) is not None and (type_ != "boolean" or value in {"0", "1"})
        except ValueError:
            fits = False
        if not fits or (choices and value not in choices):
            words = _(
                "Records still hold “%(value)s” under this name. Choose another name, or what fits it.", value=value
            )
            return [Problem("type", "does_not_fit", words)]
    return []


def _label_problems(label: str) -> list[Problem]:
    if not label:
        return [Problem("label", "required", _("%(field)s is missing.", field=_("Label")))]
    return (
        [Problem("label", "too_long", _("At most %(count)s characters.", count=LONGEST))]
        if len(label) > LONGEST
        else []
    )


def _done(work: Work, action: str, kind: str, changes: dict[str, Any], note: str = "") -> None:
    work.session.flush()
    audit(work, action, None, changes, kind="custom_field", note=f"{kind} {note}".strip())
    work.after_commit(forget_setup)
