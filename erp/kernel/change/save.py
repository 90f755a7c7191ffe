"""One way in for every form, request and import line: a payload of names and values becomes a saved record."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from erp.kernel.change.audit import audit, differences, plain
from erp.kernel.change.closed import check_open, may_save, refuse_closed
from erp.kernel.change.content import content_of, value_in
from erp.kernel.change.described import described
from erp.kernel.change.earlier import by_identity, keep_earlier
from erp.kernel.change.find import check_version
from erp.kernel.change.hooks import Saved, announce, rules, run_after
from erp.kernel.change.lifecycle import lock
from erp.kernel.change.links import resolve
from erp.kernel.change.payload import Draft, read_drafts
from erp.kernel.change.unique import refusal_of
from erp.kernel.change.values import LinkRef, Reader, whole
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, NotAllowed, Problem, Problems
from erp.kernel.records.aspects import Aspect
from erp.kernel.records.base import Base
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Record
from erp.kernel.records.setup import setup
from erp.kernel.text import _

R = TypeVar("R", bound=Record)


def save(
    work: Work, kind: type[R], payload: dict[str, Any], record: R | None = None, *, version: int | None = None,
    reader: Reader | None = None, try_only: bool = False,
) -> R:  # fmt: skip
    """Create or change a record from ``payload`` (API names; links by id, code or number; lines with id or ``_delete``).

    ``reader`` is the locale of a person who typed or imported it; None is the strict API. With ``try_only`` nothing
    is written: the returned record carries the totals that a save would give. Raises ``Problems`` with all of them;
    when only tried, ``tried`` of it is the record as far as it could be made.
    """
    if not may_save(work, kind, record):
        raise NotAllowed(_("You may not do this here. Nothing was changed."))
    if record is None and not setup(work.session).is_on(kind.__feature__):
        raise Conflict(_("This is switched off in the settings."))
    payload = kind.read_payload(payload)
    if record is not None and not try_only:
        lock(work, record, version)
        check_open(work, record)
    elif record is not None:
        check_version(record, version)
    description = described(work, kind.__kind__, "form")
    head, lines = read_drafts(payload, description, reader)
    drafts = [head, *(draft for drafts in lines.values() for draft in drafts)]
    company_id = _company(work, kind, record, head)
    if company_id is None and _needs_company(kind):
        raise _refusal([problem for draft in drafts for problem in draft.problems] or [_no_company()], None)
    found = resolve(work, [ref for draft in drafts for ref in draft.refs()], company_id)
    for draft in drafts:
        draft.settle(found)
    before = content_of(work, record) if record is not None and not try_only else {}
    earlier = (record.version, by_identity(work, record)) if record is not None and not try_only else None
    target = _target(work, kind, record, company_id)
    problems = [problem for draft in drafts for problem in draft.problems]
    _refuse_guarded(work, target, head, lines)
    aspects = _apply(work, target, head)
    problems += _apply_lines(target, description, lines)
    _derive(work, target)
    refuse_closed(work, target, before)
    problems += _missing(target, description, aspects, {problem.field for problem in problems})
    if not problems or try_only:
        problems += [p for rule in rules("valid_if", kind.__kind__) for p in rule.run(work, target)]
    if problems:
        raise _refusal(problems, target if try_only else None)
    if not try_only:
        _write(work, target, before, aspects, earlier)
    return target


def _no_company() -> Problem:
    return Problem("company", "required", _("%(field)s is missing.", field=_("Company")))


def _refuse_guarded(work: Work, target: Record, head: Draft, lines: dict[str, list[Draft]]) -> None:
    """Refuse to change what the actor may only read; what is sent back as it is does no harm."""
    changed = [info for info, value in head.guarded.items() if value != value_in(work, target, info)]
    for name, drafts in lines.items():
        rows = {str(row.id): row for row in getattr(target, name)}
        for draft in drafts:
            row = rows.get(str(draft.row.get("id")))
            changed += [info for info, value in draft.guarded.items() if value != getattr(row, info.attribute, None)]
    if changed:
        raise NotAllowed(_("You may not change %(field)s. Nothing was changed.", field=changed[0].label))


def _needs_company(kind: type[Record]) -> bool:
    column = kind.__table__.columns.get("company_id")
    return column is not None and not column.nullable


def _refusal(problems: list[Problem], tried: Record | None) -> Problems:
    refusal = Problems(list(dict.fromkeys(problems)))
    refusal.tried = tried
    return refusal


def _company(work: Work, kind: type[Record], record: Record | None, head: Draft) -> int | None:
    """Return the company in whose files links are looked for; it is settled first, alone."""
    if not hasattr(kind, "company_id"):
        return None
    if record is not None:
        return getattr(record, "company_id", None)
    info = head.description.get("company")
    ref = head.values.get(info) if info is not None else None
    if isinstance(ref, LinkRef) and info is not None:
        found = resolve(work, [ref], None)
        head.settle({ref: found[ref]} if ref in found else {}, only=info)
        return found.get(ref)
    default = default_company(work)
    if default is not None and info is not None:
        head.values[info] = default
    return default


def default_company(work: Work) -> int | None:
    """Return the company a user works in when he names none: the only one, or his current one."""
    companies = work.actor.companies
    if companies is not None and len(companies) == 1:
        return next(iter(companies))
    return getattr(work.actor, "company_id", None)


def _target(work: Work, kind: type[R], record: R | None, company_id: int | None) -> R:
    return record if record is not None else begin(work, kind, company_id)


def begin(work: Work, kind: type[R], company_id: int | None = None) -> R:
    """Return an unsaved record with its columns' defaults and no lines."""
    target = kind()
    for prop in kind.__mapper__.column_attrs:
        default = prop.columns[0].default
        if default is not None and default.is_scalar and getattr(target, prop.key, None) is None:
            setattr(target, prop.key, default.arg)
    if company_id is not None:
        target.company_id = company_id  # type: ignore[attr-defined]
    for relation in kind.__mapper__.relationships:
        if "rows" in relation.info:
            setattr(target, relation.key, [])
    target.created_by_id = work.actor.user_id
    return target


def _apply(work: Work, target: Record, head: Draft) -> dict[type[Aspect], Aspect]:
    """Set the record's own columns, its custom values and its aspects; return the aspects touched."""
    touched: dict[type[Aspect], Aspect] = {}
    for info, value in head.values.items():
        if info.custom:
            target.custom = {**(target.custom or {}), info.attribute: plain(value)}
        elif info.aspect is not None:
            row = touched.get(info.aspect) or _aspect_row(work, info.aspect, target)
            touched[info.aspect] = row
            _set(row, info, value)
        else:
            _set(target, info, value)
    return touched


def _aspect_row(work: Work, cls: type[Aspect], target: Record) -> Aspect:
    found = work.session.get(cls, target.id) if target.id else None
    return found or cls()


def _set(row: Base, info: FieldInfo, value: Any) -> None:
    """Set an attribute unless it already has that value: an idle save changes nothing and bumps no version."""
    if value is None and info.has_default and not info.required and not _nullable(info):
        value = info.column.property.columns[0].default.arg
    if getattr(row, info.attribute, None) != value:
        setattr(row, info.attribute, value)


def _nullable(info: FieldInfo) -> bool:
    return bool(info.column.property.columns[0].nullable)


def _apply_lines(target: Record, description: Description, lines: dict[str, list[Draft]]) -> list[Problem]:
    problems: list[Problem] = []
    for name, drafts in lines.items():
        rows = getattr(target, name)
        known = {row.id: row for row in rows}
        for n, draft in enumerate(drafts, 1):
            wrong = _wrong_line(draft.row, known, f"{name}.{n}.", n)
            problems += wrong
            if not wrong:
                _apply_line(rows, known.get(whole(draft.row.get("id")) or 0), draft, description.lines[name])
        rows.sort(key=lambda row: row.position)
        for position, row in enumerate(rows, 1):
            if row.position != position:
                row.position = position
    return problems


def _wrong_line(row: dict[str, Any], known: dict[int, Any], path: str, n: int) -> list[Problem]:
    """Return what is wrong with the identity or the place of a line."""
    found = []
    if row.get("id") is not None and whole(row["id"]) not in known:
        found.append(Problem(f"{path}id", "not_found", _("This line is not of this document."), n))
    if row.get("position") is not None and whole(row["position"]) not in range(1, 1_000_000):
        found.append(Problem(f"{path}position", "not_whole", _("Enter a whole number."), n))
    return found


def _apply_line(rows: Any, row: Any, draft: Draft, description: Description) -> None:
    """Set a line. Who sends no position leaves a line where it is; a new one comes last."""
    if draft.row.get("_delete") in (True, "1", "true", "on"):
        if row is not None:
            rows.remove(row)
        return
    if row is None:
        row = description.record()
        for prop in description.record.__mapper__.column_attrs:
            default = prop.columns[0].default
            if default is not None and default.is_scalar:
                setattr(row, prop.key, default.arg)
        row.position = 1 + max((one.position for one in rows), default=0)
        rows.append(row)
    for info, value in draft.values.items():
        _set(row, info, value)
    if draft.row.get("position") is not None:
        row.position = whole(draft.row["position"])


def _derive(work: Work, target: Record) -> None:
    """Fill in what was left empty, then compute what follows from the rest."""
    for hook in ("fills_in", "computes"):
        for rule in rules(hook, target.__kind__):
            rule.run(work, target)


def _missing(
    target: Record, description: Description, aspects: dict[type[Aspect], Aspect], already: set[str]
) -> list[Problem]:
    found = []
    for info in description.fields:
        row: Any = aspects.get(info.aspect) if info.aspect else target
        if info.custom:
            value = (target.custom or {}).get(info.attribute)
        else:
            value = getattr(row, info.attribute, None) if row is not None else ABSENT_OK
        if info.required and value is None and info.name not in already:
            found.append(Problem(info.name, "required", _("%(field)s is missing.", field=info.label)))
    for name, line in description.lines.items():
        for n, row in enumerate(getattr(target, name), 1):
            for info in line.fields:
                path = f"{name}.{n}.{info.name}"
                if info.required and getattr(row, info.attribute, None) is None and path not in already:
                    found.append(Problem(path, "required", _("%(field)s is missing.", field=info.label), n))
    return found


ABSENT_OK = object()


def _write(
    work: Work, target: Record, before: dict[str, Any], aspects: dict[type[Aspect], Aspect],
    earlier: tuple[int, dict[str, Any]] | None,
) -> None:  # fmt: skip
    is_new = target.id is None
    rows = [row for row in aspects.values() if _says_something(work, row)]
    if is_new or work.session.is_modified(target) or _lines_modified(work, target) or rows:
        target.updated_at, target.updated_by_id = work.now, work.actor.user_id
        flag_modified(target, "updated_at")  # a change of a line or an aspect alone is a new version as well
    work.session.add(target)
    _flush(work, target)
    for row in rows:
        row.record_id = target.id
        work.session.add(row)
    if rows:
        _flush(work, target)
    if earlier is not None and target.version != earlier[0]:
        keep_earlier(work, target, *earlier)
    run_after(Saved, work, target)
    work.facts["fresh", target.__kind__, target.id] = is_new
    changes = differences(before, content_of(work, target)) if not is_new else None
    if is_new or changes:
        audit(work, "create" if is_new else "update", target, changes)
        announce(work, target, "created" if is_new else "updated")


def _says_something(work: Work, row: Aspect) -> bool:
    """Return whether an aspect differs from what is kept; one that was never kept counts when it has a value."""
    if row in work.session:
        return work.session.is_modified(row)
    return any(getattr(row, prop.key) is not None for prop in row.__mapper__.column_attrs)


def _flush(work: Work, target: Record) -> None:
    try:
        work.session.flush()
    except IntegrityError as error:
        raise refusal_of(error, type(target)) from None


def _lines_modified(work: Work, target: Record) -> bool:
    for relation in target.__mapper__.relationships:
        if "rows" in relation.info:
            if _are_new(work, getattr(target, relation.key)):
                return True
            if work.session.is_modified(target, include_collections=True):
                return True
    return False


def _are_new(work: Work, rows: Iterable[Base]) -> bool:
    """Return whether any row differs from what is stored."""
    return any(row not in work.session or work.session.is_modified(row) for row in rows)
