"""Who is told of what about a request: its requester of answers and questions, those who asked, a role, approvers by mail."""

from collections.abc import Iterable

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.hooks import on_approval
from erp.kernel.change.work import Work
from erp.kernel.flows.mailed import mail_approvers
from erp.kernel.paper.notifications import APPROVAL, N_, notice
from erp.kernel.records.registry import kind_of
from erp.kernel.rights import active_actors

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
    elif event == "question":
        _tell(work, approval, [approval.requested_by_id], N_("%(who)s asks about %(what)s"))
    elif event == "answer":
        asked = [row.user_id for row in approvals.decisions(work, [approval]) if row.what == "question"]
        _tell(work, approval, asked, N_("%(who)s answered about %(what)s"))
    if event in {"requested", "step"} and approvals.standing_of(approval).plan.mails:
        mail_approvers(work, approval)


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
