"""Decisions about a request for approval: approve, give an opinion, return, reject, ask, hand on, withdraw.

Each takes the lock on the request first, so two who decide at once decide one after the other.
"""

from dataclasses import replace
from typing import Any

from erp.kernel.change import approvals
from erp.kernel.change.approvals import (
    APPROVED,
    PENDING,
    REJECTED,
    RETURNED,
    WITHDRAWN,
    Approval,
    absent,
    amount_of,
    due_at,
    links_of,
    note,
    standing_of,
)
from erp.kernel.change.audit import audit
from erp.kernel.change.hooks import announce, announce_approval
from erp.kernel.change.seats import OPINION, USER, Chair, Plan, Seat, Standing
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, NotAllowed, Problem, Problems
from erp.kernel.records.record import Voucher
from erp.kernel.rights import Actor, active_actors, may
from erp.kernel.text import _


def approve(work: Work, document: Voucher, *, comment: str = "") -> Approval:
    """Take one's seat in favour; when the last step has enough of them, the request is approved."""
    approval = _open(work, document)
    standing, chair = _seated(work, approval)
    seat = standing.current.seats[chair.seat]
    opinion = seat.consult and any(not one.consult for one in standing.current.seats)
    what = OPINION if opinion or seat.consult else APPROVED
    row = [approval.step, chair.seat, what, work.actor.user_id, chair.on_behalf]
    approval.taken = [*(approval.taken or ()), row]
    note(work, approval, what, seat=seat.label, behalf=_behalf(work, chair), comment=comment)
    _go_on(work, document, approval, comment)
    return approval


def _go_on(work: Work, document: Voucher, approval: Approval, comment: str) -> None:
    """Begin the next step, or end the request, when the current step has what it needs."""
    standing = standing_of(approval)
    if not standing.is_passed:
        audit(work, "step_approved", document, note=comment)
        _moved(work, document, approval, "taken")
        return
    if approval.step + 1 < len(standing.plan.steps):
        audit(work, "step_approved", document, note=comment)
        _begin(work, approval, standing.plan, approval.step + 1)
        _moved(work, document, approval, "step")
        return
    document.approval_state = APPROVED
    approval.amount = amount_of(document) if approval.amount is not None else None
    approval.content_links = links_of(document)
    if standing.plan.hold:
        document.status = "approved"
    _decided(work, document, approval, APPROVED, comment)
    if standing.plan.hold:
        work.session.flush()
        approval.content_version = document.version
        announce(work, document, APPROVED)


def _begin(work: Work, approval: Approval, plan: Plan, step: int) -> None:
    """Let a step begin: with nothing said in it or after it, and a deadline of its own."""
    approval.step = step
    approval.taken = [one for one in approval.taken or () if one[0] < step]
    approval.due_at, approval.reminded_at, approval.escalated_at = due_at(work, plan.steps[step]), None, None


def _moved(work: Work, document: Voucher, approval: Approval, event: str) -> None:
    """Tell everybody that a request waits for somebody else now."""
    work.session.flush()
    announce(work, document, "awaiting_approval")
    announce_approval(work, approval, event)


def turn_down(work: Work, document: Voucher, *, state: str = REJECTED, comment: str = "", to_step: str = "") -> None:
    """Reject or return with a reason: to the requester, or (``to_step``, from 1) to an earlier step."""
    approval = _open(work, document)
    standing, chair = _seated(work, approval)
    if standing.current.seats[chair.seat].consult:
        raise NotAllowed(_("You were asked for an opinion: give it as a comment. Nothing was changed."))
    if not comment.strip():
        raise Problems([Problem("comment", "required", _("Say why, so that the requester knows what to change."))])
    seat = standing.current.seats[chair.seat].label
    if state == RETURNED and to_step.strip() not in {"", "0"}:
        _return_to(work, document, approval, to_step.strip(), (seat, chair, comment))
        return
    note(work, approval, state, seat=seat, behalf=_behalf(work, chair), comment=comment)
    document.approval_state, document.status = RETURNED, "returned"
    _decided(work, document, approval, state, comment)
    announce(work, document, state)


def _return_to(
    work: Work, document: Voucher, approval: Approval, to_step: str, said: tuple[str, Chair, str]
) -> None:  # fmt: skip
    seat, chair, comment = said
    if not to_step.isdigit() or not 1 <= int(to_step) <= approval.step:
        raise Problems([Problem("to_step", "not_found", _("Choose a step before this one."))])
    note(work, approval, "step_back", seat=seat, behalf=_behalf(work, chair), comment=comment)
    audit(work, "step_back", document, note=comment)
    _begin(work, approval, standing_of(approval).plan, int(to_step) - 1)
    _moved(work, document, approval, "step")


def withdraw(work: Work, document: Voucher, *, comment: str = "") -> None:
    """Take one's own request back; the draft can be changed again."""
    approval = _open(work, document)
    if approval.requested_by_id != work.actor.user_id and not work.actor.is_admin:
        raise NotAllowed(_("Only the requester can withdraw. Nothing was changed."))
    note(work, approval, WITHDRAWN, comment=comment)
    document.approval_state, document.status = None, "draft"
    _decided(work, document, approval, WITHDRAWN, comment)
    announce(work, document, WITHDRAWN)


def ask(work: Work, document: Voucher, *, comment: str = "") -> None:
    """Ask the requester something, or answer, without deciding."""
    approval = _open(work, document)
    own = approval.requested_by_id == work.actor.user_id
    if not own:
        _seated(work, approval)
    if not comment.strip():
        raise Problems([Problem("comment", "required", _("Write what you want to know."))])
    what = "answer" if own else "question"
    note(work, approval, what, comment=comment)
    audit(work, what, document, note=comment)
    announce(work, document, what)
    announce_approval(work, approval, what)


def delegate(work: Work, document: Voucher, *, user: str = "", comment: str = "") -> None:
    """Hand one's seat on to a user (login or id) who may see the document; administrators hand on any open seat."""
    approval = _open(work, document)
    standing = standing_of(approval)
    chair = standing.chair_for(work.actor, absent(work))
    if chair is None and work.actor.is_admin and standing.open_seats:
        chair = Chair(standing.open_seats[0])
    if chair is None:
        raise NotAllowed(_("This is not for you to decide. Nothing was changed."))
    other = _named(work, document, user)
    if other.user_id == approval.requested_by_id and not standing.plan.own_requests:
        raise Problems([Problem("user", "not_allowed", _("Nobody decides about a request of their own."))])
    old = standing.current.seats[chair.seat]
    seat = Seat(USER, other.name, users=(int(other.user_id or 0),), consult=old.consult, handed_on=True)
    approval.plan = _with_seat(standing, approval.step, chair.seat, seat).to_json()
    told = _("to %(name)s", name=other.name)
    note(work, approval, "delegated", seat=other.name, behalf=_behalf(work, chair), comment=comment)
    audit(work, "delegated", document, note=f"{told} {comment}".strip())
    _moved(work, document, approval, "step")


def _with_seat(standing: Standing, step: int, place: int, seat: Seat) -> Plan:
    steps = list(standing.plan.steps)
    seats = list(steps[step].seats)
    seats[place] = seat
    steps[step] = replace(steps[step], seats=tuple(seats))
    return replace(standing.plan, steps=tuple(steps))


def _named(work: Work, document: Voucher, user: str) -> Actor:
    """Return the active user of a login or an id, if he may see the document."""
    wanted = user.strip().casefold()
    found = next((one for one in active_actors(work.session) if wanted in {one.login, str(one.user_id)}), None)
    if found is None or not wanted:
        raise Problems([Problem("user", "not_found", _("No such user: %(what)s.", what=user or "–"))])
    outside = found.companies is not None and document.company_id not in found.companies
    if outside or not may(found, "read", document.__kind__, document):
        raise Problems([Problem("user", "not_allowed", _("%(name)s may not see this document.", name=found.name))])
    return found


def _open(work: Work, document: Voucher) -> Approval:
    approval = approvals.pending_of(work, document, for_update=True)
    if approval is None:
        raise Conflict(_("This was decided already. Nothing was changed."))
    return approval


def _seated(work: Work, approval: Approval) -> tuple[Standing, Chair]:
    standing = standing_of(approval)
    chair = standing.chair_for(work.actor, absent(work))
    if chair is None:
        raise NotAllowed(_("This is not for you to decide. Nothing was changed."))
    return standing, chair


def _behalf(work: Work, chair: Chair) -> tuple[int | None, str]:
    if chair.on_behalf is None:
        return None, ""
    return chair.on_behalf, next((one.name for one in absent(work) if one.user_id == chair.on_behalf), "")


def _decided(work: Work, document: Voucher, approval: Approval, state: str, comment: str) -> None:
    approval.state, approval.decided_at, approval.comment = state, work.now, comment or None
    approval.decided_by_id, approval.decided_by_name = work.actor.user_id, work.actor.name
    approval.due_at = None
    document.updated_at = work.now
    audit(work, state, document, note=comment)
    announce_approval(work, approval, state)


def sits(work: Work, document: Voucher) -> bool:
    """Return whether the actor may decide about the document now."""
    approval = approvals.pending_of(work, document)
    return approval is not None and approvals.may_decide(work, approval)


def editable_now(work: Work, document: Any) -> frozenset[str]:
    """Return the fields that may be changed although the document waits: what the current step leaves open.

    To those who may change the document, and to those who may decide about it now.
    """
    if not isinstance(document, Voucher) or document.approval_state != PENDING:
        return frozenset()
    approval = approvals.pending_of(work, document)
    return frozenset(standing_of(approval).current.editable) if approval is not None else frozenset()
