"""Every verb of every kind behind its noun route: the life cycle's own, and those that departments declare."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from erp.kernel.change import approvals, deciding, lifecycle
from erp.kernel.change.commands import commands_of
from erp.kernel.change.find import find
from erp.kernel.change.values import STRICT_DATE
from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound, Problem, Problems
from erp.kernel.records.record import ACTIVE, ARCHIVED, CANCELLED, SUBMITTED, Master, Record, Voucher
from erp.kernel.rights import may
from erp.kernel.text import _, _l


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb as a button and as a route."""

    route: str
    verb: str
    label: str
    when: Callable[[Any], bool]
    act: Callable[..., Any]
    right: str = ""
    primary: bool = False
    danger: bool = False
    needs_reason: bool = False
    confirm: str = ""
    values: tuple[str, ...] = ()
    makes: str = ""
    button: bool = True
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb left: the record, what it made, and the approval that waits if it could not be done at once."""

    record: Any
    made: Any = None
    approval: approvals.Approval | None = None
    deleted: bool = False


def _editable(document: Any) -> bool:
    return bool(document.state == "draft" and document.approval_state != approvals.PENDING)


def _pending(document: Any) -> bool:
    return bool(document.approval_state == approvals.PENDING)


SEAT, ASKER = "seat", "asker"
"""Whose verb it is beside the right to read: who sits in the step that a request waits in; he, or the requester."""

VOUCHER: tuple[Verb, ...] = (
    Verb("submission", "submit", _l("Submit"), _editable, lifecycle.submit, primary=True),
    Verb("approval", "approve", _l("Approve"), _pending, lifecycle.approve, right="read", seat=SEAT, primary=True, values=("comment",)),
    Verb("rejection", "reject", _l("Reject"), _pending, deciding.turn_down, right="read", seat=SEAT, danger=True,
         needs_reason=True, values=("comment",)),
    Verb("return", "return", _l("Return for changes"), _pending,
         lambda work, document, **said: deciding.turn_down(work, document, state=approvals.RETURNED, **said),
         right="read", seat=SEAT, needs_reason=True, values=("comment", "to_step")),
    Verb("question", "question", _l("Ask"), _pending, deciding.ask, right="read", seat=ASKER, values=("comment",), button=False),
    Verb("delegation", "delegate", _l("Hand on"), _pending, deciding.delegate, right="read", seat=SEAT, values=("user", "comment"),
         button=False),
    Verb("withdrawal", "withdraw", _l("Withdraw request"), _pending, deciding.withdraw, right="submit",
         values=("comment",)),
    Verb("cancellation", "cancel", _l("Cancel"), lambda d: d.state == SUBMITTED, lifecycle.cancel, danger=True,
         needs_reason=True, values=("reason", "date")),
    Verb("amendment", "amend", _l("Amend"), lambda d: d.state == CANCELLED, lifecycle.amend, right="create",
         makes="self", primary=True),
    Verb("deletion", "delete", _l("Delete draft"), _editable, lifecycle.delete, danger=True,
         confirm=_l("The draft is deleted. This cannot be undone.")),
)  # fmt: skip
MASTER: tuple[Verb, ...] = (
    Verb("archival", "archive", _l("Archive"), lambda m: m.state == ACTIVE, lifecycle.archive),
    Verb("restoration", "restore", _l("Restore"), lambda m: m.state == ARCHIVED, lifecycle.restore, right="archive"),
    Verb("deletion", "delete", _l("Delete"), lambda m: True, lifecycle.delete, danger=True,  # noqa: ARG005
         confirm=_l("Deleted only while nothing refers to it. This cannot be undone.")),
)  # fmt: skip


def verbs_of(kind: type[Record]) -> list[Verb]:
    """Return all verbs of a kind, those of its departments first."""
    own = [
        Verb(one.route, one.verb, one.label, one.when, one.act, one.right, one.primary, one.danger, one.needs_reason,
             one.confirm, ("*",), one.makes)
        for one in commands_of(kind.__kind__)
    ]  # fmt: skip
    taken = {one.route for one in own}
    common = VOUCHER if issubclass(kind, Voucher) else MASTER if issubclass(kind, Master) else ()
    dropped = set(getattr(kind, "__without_verbs__", ()))
    return own + [one for one in common if one.route not in taken and one.verb not in dropped]


def verbs_now(work: Work, record: Record) -> list[Verb]:
    """Return the verbs that make sense now and that the actor may do."""
    return [one for one in verbs_of(type(record)) if one.when(record) and _may_do(work, one, record)]


def _may_do(work: Work, verb: Verb, record: Any) -> bool:
    if not may(work.actor, verb.right or verb.verb, record.__kind__, record):
        return False
    if not verb.seat:
        return True
    approval = work.once(("pending of", record.__kind__, record.id), lambda: approvals.pending_of(work, record))
    if approval is None or approval.state != approvals.PENDING:
        return False
    asked_by_him = verb.seat == ASKER and approval.requested_by_id == work.actor.user_id
    return asked_by_him or approvals.may_decide(work, approval)


def unknown_values(verb: Verb, values: dict[str, Any]) -> list[Problem]:
    """Return a problem for each value that a verb does not take; those of departments read their own."""
    if verb.values == ("*",):
        return []
    wrong = [name for name in values if name not in {*verb.values, "reason", "comment"}]
    return [Problem(name, "unknown_field", _("There is no such field here.")) for name in wrong]


def perform(
    work: Work, kind: type[Any], record_id: int, route: str, values: dict[str, Any], *, version: int | None = None
) -> Outcome:
    """Do the verb behind ``route`` on a record; its row stays locked until the transaction ends.

    Raises ``NotFound`` for an unknown route or a record one may not see, ``Stale`` when the version moved on.
    """
    verb = next((one for one in verbs_of(kind) if one.route == route), None)
    if verb is None:
        raise NotFound
    record = find(work, kind, record_id, for_update=True, version=version)
    result = verb.act(work, record, **_values(verb, values))
    if verb.verb == "delete":
        return Outcome(record, deleted=True)
    if isinstance(result, approvals.Approval):
        return Outcome(record, approval=result)
    return Outcome(record, made=result if verb.makes else None)


def _values(verb: Verb, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that the verb takes; a form sends its reason as ``reason`` whatever the verb calls it."""
    if verb.values == ("*",):
        return values
    taken = {name: values[name] for name in verb.values if name in values}
    if "comment" in verb.values and not taken.get("comment") and values.get("reason"):
        taken["comment"] = values["reason"]
    problems = [
        Problem(name, "not_text", _("Send a text."))
        for name, value in taken.items()
        if not isinstance(value, str | None)
    ]
    if problems:
        raise Problems(problems)
    taken = {name: value or "" for name, value in taken.items()}
    if "date" in taken:
        taken["date"] = _date(taken["date"])
    if "reason" in verb.values:
        taken.setdefault("reason", "")
    return taken


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        if not STRICT_DATE.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise Problems([Problem("date", "not_a_date", _("Enter a date, such as 2026-06-18."))]) from None
