"""Who is told of what about a request: its requester of answers and questions, those who asked, a role, approvers by mail."""

from collections.abc import Iterable

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.hooks import on_approval
from erp.kernel.change.work import Work
from erp.kernel.errors import Problems
from erp.kernel.flows.mailed import mail_approvers
from erp.kernel.paper.notifications import APPROVAL, N_, notice
from erp.kernel.records.registry import kind_of
from erp.kernel.rights import active_actors
from erp.kernel.talk.assigning import assign
from erp.kernel.text import _

ANSWERS = {
    approvals.APPROVED: N_("%(who)s approved %(what)s"), approvals.REJECTED: N_("%(who)s rejected %(what)s"),
    approvals.RETURNED: N_("%(who)s returned %(what)s for changes"),
}  # fmt: skip


@on_approval
def tell(work: Work, approval: Approval, event: str) -> None:
    """Tell whoever waits for what just happened; approvers hear of a new request by the card on their page."""
    if event in ANSWERS:
        told = [approval.requested_by_id]
        notify_role = approvals.standing_of(approval).plan.notify
        if event == approvals.APPROVED and notify_role:
            told += [one.user_id for one in active_actors(work.session) if notify_role in one.roles]
        _tell(work, approval, told, ANSWERS[event])
        if event == approvals.APPROVED:
            _assign(work, approval)
    elif event == "question":
        _tell(work, approval, [approval.requested_by_id], N_("%(who)s asks about %(what)s"))
    elif event == "answer":
        asked = [row.user_id for row in approvals.decisions(work, [approval]) if row.what == "question"]
        _tell(work, approval, asked, N_("%(who)s answered about %(what)s"))
    if event in {"requested", "step"} and approvals.standing_of(approval).plan.mails:
        mail_approvers(work, approval)


def _assign(work: Work, approval: Approval) -> None:
    """Ask whom the flow names to see to the document; its requester hears when that person may not see it."""
    user_id = approvals.standing_of(approval).plan.assign
    document = work.session.get(kind_of(approval.kind), approval.record_id) if user_id else None
    if document is None:
        return
    try:
        assign(work, document, user_id, note=_("Approved: please go on"), undo=False)
    except Problems:
        _tell(
            work,
            approval,
            [approval.requested_by_id],
            N_("%(what)s is approved, but who should see to it next may not see it"),
        )


def _tell(work: Work, approval: Approval, people: Iterable[int | None], message: str) -> None:
    values = {"who": work.actor.name, "what": called(work, approval)}
    for user_id in dict.fromkeys(people):
        if user_id and user_id != work.actor.user_id:
            notice(work, user_id, message, values=values, url=f"/approvals/{approval.id}",
                   about=(approval.kind, approval.record_id), type=APPROVAL)  # fmt: skip


def called(work: Work, approval: Approval) -> str:
    """Return what the document is called: its number, or that it is a draft."""
    document = work.session.get(kind_of(approval.kind), approval.record_id)
    return str(getattr(document, "number", None) or f"#{approval.record_id}")
