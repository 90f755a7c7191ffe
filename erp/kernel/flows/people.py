"""From the words of a flow (a role, the manager, the owner) to seats with people."""

from collections.abc import Callable
from typing import Any, TypeVar

from erp.kernel.change import seats
from erp.kernel.change.work import Work
from erp.kernel.flows import model
from erp.kernel.flows.kept import StepFacts
from erp.kernel.records.description import describe
from erp.kernel.records.record import Record
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.records.setup import setup
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _

F = TypeVar("F", bound=Callable[..., Any])
_managers: Callable[..., list[int]] | None = None


def knows_managers(find: F) -> F:
    """Register who knows to whom a user reports: ``find(work, user_id, company_id) -> list[int]``, users."""
    global _managers  # noqa: PLW0603 - set once while departments are imported
    _managers = find
    return find


def seats_of(work: Work, document: Record, step: StepFacts, requester: Actor) -> list[seats.Seat]:
    """Return the seats of one row of a flow; who cannot be found is replaced by those with the right to approve."""
    if step.who == model.ROLE:
        seat = seats.Seat(seats.ROLE, step.role_name, role=step.role, consult=step.consult)
    else:
        users = _users(work, document, step, requester)
        label = dict(model.WHO)[step.who] if step.who != model.USER else step.user_name
        if users:
            seat = seats.Seat(seats.USER, str(label), users=tuple(users), consult=step.consult)
        else:
            told = _("%(who)s (unknown)", who=label)
            seat = seats.Seat(seats.RIGHT, told, consult=step.consult)
    return [seat] * max(1, step.people)


def _users(work: Work, document: Any, step: StepFacts, requester: Actor) -> list[int]:
    if step.who == model.USER:
        return [step.user] if step.user else []
    if step.who == model.MANAGER:
        found = _managers(work, requester.user_id, document.company_id) if _managers is not None else []
        return list(found)
    if step.who == model.FIELD:
        return _in_field(work, document, step.document_field)
    return _owners(work, document)


def _in_field(work: Work, document: Record, name: str) -> list[int]:
    info = describe(document.__kind__, "form", setup(work.session)).get(name)
    value = getattr(document, info.attribute, None) if info is not None and not info.custom else None
    if info is None or not value or not info.link:
        return []
    if info.link == "user":
        return [value]
    record = work.session.get(kind_of(info.link), value)
    user = getattr(record, "user_id", None)
    return [user] if user else []


def _owners(work: Work, document: Record) -> list[int]:
    """Return who looks after the customer or supplier of a document: the owner named in its record."""
    for info in describe(document.__kind__, "form", setup(work.session)).fields:
        if info.link and has_kind(info.link) and hasattr(kind_of(info.link), "owner_id"):
            record: Any = work.session.get(kind_of(info.link), getattr(document, info.attribute) or 0)
            if record is not None and record.owner_id:
                return [record.owner_id]
    return []
