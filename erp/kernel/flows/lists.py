"""Which requests each view of the inbox lists, and how many wait."""

from sqlalchemy import func, select

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval, ApprovalDecision
from erp.kernel.change.work import Work
from erp.kernel.text import _l

LISTED_AT_MOST = 100
VIEWS = {
    "mine": _l("For you"), "delegated": _l("As deputy"), "team": _l("Others"), "asked": _l("Asked"),
    "decided": _l("Decided"),
}  # fmt: skip


def listed(work: Work, view: str) -> list[Approval]:
    """Return the requests of a view; documents that the reader may not see are left out later."""
    if view == "asked":
        return _newest(work, Approval.requested_by_id == work.actor.user_id)
    if view == "decided":
        said = select(ApprovalDecision.approval_id).where(
            ApprovalDecision.user_id == work.actor.user_id, ApprovalDecision.what.in_(DECIDED)
        )
        return _newest(work, Approval.id.in_(said))
    if view == "team":
        mine = {approval.id for approval in approvals.pending_for(work)}
        waiting = _newest(work, Approval.state == approvals.PENDING)
        return [one for one in waiting if one.id not in mine and one.requested_by_id != work.actor.user_id]
    waiting = approvals.pending_for(work)
    return waiting if view == "mine" else [one for one in waiting if is_delegated(work, one)]


DECIDED = (
    approvals.APPROVED, approvals.REJECTED, approvals.RETURNED, "step_back", "opinion", "delegated",
)  # fmt: skip
"""What counts as having decided about a request."""


def is_delegated(work: Work, approval: Approval) -> bool:
    """Return whether the actor would decide in somebody's place, or because somebody handed it on to him."""
    chair = approvals.chair_of(work, approval)
    if chair is None:
        return False
    seat = approvals.standing_of(approval).current.seats[chair.seat]
    return chair.on_behalf is not None or seat.handed_on


def _newest(work: Work, condition: object) -> list[Approval]:
    query = select(Approval).where(condition)  # type: ignore[arg-type]
    return list(work.session.scalars(query.order_by(Approval.id.desc()).limit(LISTED_AT_MOST)))


def counts(work: Work) -> dict[str, int]:
    """Return how many requests wait in the views that count: for the reader, of those in place of others, and his own."""
    waiting = approvals.pending_for(work)
    own = select(func.count()).where(
        Approval.state == approvals.PENDING, Approval.requested_by_id == work.actor.user_id
    )
    return {
        "mine": len(waiting), "delegated": sum(is_delegated(work, one) for one in waiting),
        "asked": work.session.scalar(own) or 0,
    }  # fmt: skip
