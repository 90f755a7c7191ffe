"""The life of vouchers and masters: submit, cancel, amend, delete, archive, restore."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from erp.kernel.change import approvals, deciding
from erp.kernel.change.audit import audit
from erp.kernel.change.content import content_of
from erp.kernel.change.effects import entries_of, planned, reversed_effects
from erp.kernel.change.find import check_version
from erp.kernel.change.hooks import Cancelled, Submitted, announce, rules, run_after
from erp.kernel.change.numbering import draw_number, series_of
from erp.kernel.change.undo import DELETED, may_be_taken_back, rows_of
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, NotAllowed, Problem, Problems
from erp.kernel.records.aspects import aspects_of
from erp.kernel.records.base import Base
from erp.kernel.records.record import ACTIVE, ARCHIVED, CANCELLED, DRAFT, SUBMITTED, Master, Record, Voucher
from erp.kernel.rights import may
from erp.kernel.text import _

V = TypeVar("V", bound=Voucher)


def lock(work: Work, record: Record, version: int | None = None) -> None:
    """Lock the record's row and read it again; raise ``Stale`` when the version moved on."""
    if record.version and record in work.session and not work.facts.get(("fresh", record.__kind__, record.id)):
        work.session.refresh(record, attribute_names=["version", *_state_columns(record)], with_for_update=True)
    check_version(record, version)


def _state_columns(record: Record) -> list[str]:
    wanted = ("state", "status", "approval_state", "number")
    return [name for name in wanted if name in record.__mapper__.columns]


def submit(work: Work, document: Voucher, *, version: int | None = None) -> approvals.Approval | None:
    """Freeze and post the document, or ask for approval first.

    Returns None when it was posted, else the approval that waits. Raises ``Problems`` with everything that a
    rule refuses, ``Conflict`` when it is no draft, ``Stale`` when somebody saved meanwhile.
    """
    _ask(work, "submit", document)
    lock(work, document, version)
    if document.state != DRAFT or document.approval_state == approvals.PENDING:
        raise Conflict(_("This is no longer a draft. Nothing was changed."))
    refuse(problems_of(work, document))
    asked = None if work.facts.get("approval not required") else approvals.need_of(work, document)
    if asked is not None and not approvals.still_approved(work, document):
        return approvals.request(work, document, asked)
    post(work, document, submitted_by=work.actor.user_id)
    audit(work, "submit", document, note=str(work.facts.get("approval not required", "")))
    return None


def refuse(problems: list[Problem]) -> None:
    """Raise ``Problems`` when there is any."""
    if problems:
        raise Problems(problems)


def problems_of(work: Work, document: Voucher) -> list[Problem]:
    """Return everything that the rules of the kind refuse, all at once."""
    found = [problem for hook in ("valid_if", "checks") for rule in rules(hook, document.__kind__)
             for problem in rule.run(work, document)]  # fmt: skip
    return list(dict.fromkeys(found))


def post(work: Work, document: Voucher, *, submitted_by: int | None) -> None:
    """Book the document: entries, locks, number, state, ledgers - in the house's lock order."""
    effects = planned(work, document, entries_of(work, document))
    refuse(effects.check())
    on: date = getattr(document, document.__date__)
    if document.number is None:
        document.number = draw_number(work, document, on, series_of(work, document, on))
    document.state = SUBMITTED
    document.status = SUBMITTED
    document.submitted_at = work.now
    document.submitted_by_id = submitted_by
    document.updated_at = work.now
    run_after(Submitted, work, document)
    work.session.flush()
    effects.append(work, document)
    announce(work, document, "submitted")


def cancel(
    work: Work,
    document: Voucher,
    *,
    reason: str,
    date: date | None = None,
    version: int | None = None,
) -> None:
    """Book the opposite of what was booked; the document stays, cancelled."""
    _ask(work, "cancel", document)
    lock(work, document, version)
    if document.state != SUBMITTED:
        raise Conflict(_("Only a submitted document can be cancelled. Nothing was changed."))
    if not (reason or "").strip():
        raise Problems([Problem("reason", "required", _("Say why it is cancelled."))])
    refuse([problem for rule in rules("cancel_checks", document.__kind__) for problem in rule.run(work, document)])
    effects = reversed_effects(work, document, date)
    refuse(effects.check())
    document.state, document.status = CANCELLED, CANCELLED
    document.cancelled_at, document.cancel_reason, document.updated_at = work.now, reason, work.now
    run_after(Cancelled, work, document)
    work.session.flush()
    effects.append(work, document)
    audit(work, "cancel", document, note=reason)
    announce(work, document, "cancelled")


def delete(work: Work, record: Record, *, version: int | None = None) -> None:
    """Delete a draft, or a master to which nothing refers."""
    _ask(work, "delete", record)
    lock(work, record, version)
    if isinstance(record, Voucher) and (record.state != DRAFT or record.approval_state == approvals.PENDING):
        raise Conflict(_("Only a draft can be deleted. Cancel this document instead."))
    work.session.flush()
    kept = rows_of(work, record)
    gone = {path: [value, None] for path, value in content_of(work, record).items() if value is not None}
    try:
        with work.session.begin_nested():
            for aspect in _owned(work, record):
                work.session.delete(aspect)
            work.session.flush()
            work.session.delete(record)
            work.session.flush()
    except IntegrityError:
        raise Conflict(_("Other records refer to this one, so it stays. Archive it instead.")) from None
    audit(work, "delete", record, gone, note=record.title)
    may_be_taken_back(work, DELETED, record, kept)
    announce(work, record, "deleted")


def _owned(work: Work, record: Record) -> Iterator[Base]:
    for cls in aspects_of(record.__kind__):
        row = work.session.get(cls, record.id)
        if row is not None:
            yield row


def archive(work: Work, record: Master, *, version: int | None = None) -> None:
    """Hide a master from pickers; history goes on showing it."""
    _move(work, record, ARCHIVED, version)


def restore(work: Work, record: Master, *, version: int | None = None) -> None:
    """Offer an archived master in pickers again."""
    _move(work, record, ACTIVE, version)


def _move(work: Work, record: Master, state: str, version: int | None) -> None:
    _ask(work, "archive", record)
    lock(work, record, version)
    before, record.state = record.state, state
    record.updated_at, record.updated_by_id = work.now, work.actor.user_id
    work.session.flush()
    audit(work, "archive" if state == ARCHIVED else "restore", record, {"state": [before, state]})
    announce(work, record, state)


def amend(work: Work, document: Voucher) -> Voucher:
    """Return a new draft that replaces a cancelled document, with its content."""
    _ask(work, "create", document)
    if document.state != CANCELLED:
        raise Conflict(_("Only a cancelled document can be amended."))
    successor = _successor(work, document)
    if successor is not None:
        raise Conflict(_("It was replaced already, by %(title)s.", title=successor.title))
    draft = copy_of(document)
    draft.amended_from_id = document.id
    work.session.add(draft)
    work.session.flush()
    audit(work, "amend", draft, {"amended_from": [None, document.number]})
    announce(work, draft, "created")
    return draft


def _successor(work: Work, document: Voucher) -> Voucher | None:
    """Return the document that replaces a cancelled one; what was cancelled in its turn replaces nothing."""
    kind = type(document)
    others = (kind.amended_from_id == document.id, kind.state != CANCELLED)
    return work.session.scalars(select(kind).where(*others).limit(1)).first()


def copy_of(document: V) -> V:
    """Return a fresh draft with the content of ``document``: neither number, state nor results."""
    cls = type(document)
    fresh = cls(**_content(document))
    for relation in cls.__mapper__.relationships:
        if "rows" in relation.info:
            line_class = relation.mapper.class_
            dropped = _owner_columns(line_class, cls)
            copies = [line_class(**_content(line, drop=dropped)) for line in getattr(document, relation.key)]
            setattr(fresh, relation.key, copies)
    return fresh


SYSTEM = {
    "id", "uid", "version", "created_at", "created_by_id", "updated_at", "updated_by_id", "number", "state", "status",
    "submitted_at", "submitted_by_id", "cancelled_at", "cancel_reason", "approval_state", "amended_from_id",
}  # fmt: skip


def _content(row: Base, drop: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    mapper = row.__mapper__
    return {
        prop.key: getattr(row, prop.key)
        for prop in mapper.column_attrs
        if prop.key not in SYSTEM and prop.key not in drop and not prop.columns[0].info.get("result")
    }


def _owner_columns(line_class: type[Base], owner: type[Record]) -> set[str]:
    table = owner.__tablename__
    return {
        column.key
        for column in line_class.__table__.columns
        if any(key.column.table.name == table for key in column.foreign_keys) and column.key == f"{table}_id"
    }


def _ask(work: Work, verb: str, record: Record) -> None:
    if not may(work.actor, verb, record.__kind__, record):
        raise NotAllowed(_("You may not do this here. Nothing was changed."))


def approve(work: Work, document: Voucher, *, comment: str = "", version: int | None = None) -> None:
    """Decide in favour. After the last approval the document is posted in this request, in the requester's name."""
    lock(work, document, version)
    approval = deciding.approve(work, document, comment=comment)
    if approval.state != approvals.APPROVED or document.status == "approved":
        return
    refuse(problems_of(work, document))
    post(work, document, submitted_by=approval.requested_by_id)
    audit(work, "submit", document, note=_("submitted for the requester after approval"))
