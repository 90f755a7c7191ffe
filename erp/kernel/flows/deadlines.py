"""What waits too long: those who may decide are reminded once, then the role named for it may decide as well."""

from datetime import timedelta

from sqlalchemy import select

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.hooks import announce, announce_approval
from erp.kernel.change.work import Work
from erp.kernel.flows.mailed import mail_approvers
from erp.kernel.flows.notices import called
from erp.kernel.paper.notifications import APPROVAL, N_, notice
from erp.kernel.text import _l
from erp.kernel.work import job, schedule

AT_ONCE = 200


@schedule("approvals.deadlines", cron="*/5 * * * *", daily=False)
@job("approvals.deadlines", label=_l("Remind of approvals"))
def remind(work: Work) -> str:
    """Remind of what is over its time, and ask the next ones after twice that time; each once for each step."""
    due = Approval.state == approvals.PENDING, Approval.due_at <= work.now
    fresh = select(Approval).where(*due, Approval.reminded_at.is_(None)).with_for_update(skip_locked=True)
    reminded = list(work.session.scalars(fresh.order_by(Approval.id).limit(AT_ONCE)))
    for approval in reminded:
        _remind(work, approval)
    late = select(Approval).where(*due, Approval.reminded_at.is_not(None), Approval.escalated_at.is_(None))
    late = late.with_for_update(skip_locked=True).order_by(Approval.id).limit(AT_ONCE)
    escalated = [approval for approval in work.session.scalars(late) if _escalate(work, approval)]
    return f"{len(reminded)} reminded, {len(escalated)} escalated"


def _remind(work: Work, approval: Approval) -> None:
    approval.reminded_at = work.now
    approvals.note(work, approval, "reminded")
    for user_id, _name in approvals.deciders(work, approval):
        notice(work, user_id, N_("%(what)s still waits for your approval"), values={"what": called(work, approval)},
               url=f"/approvals/{approval.id}", about=(approval.kind, approval.record_id), type=APPROVAL)  # fmt: skip
    mail_approvers(work, approval, reminder=True)


def _escalate(work: Work, approval: Approval) -> bool:
    step = approvals.standing_of(approval).current
    if not step.escalate or approval.due_at is None or work.now < approval.due_at + timedelta(hours=step.hours):
        return False
    known = {user_id for user_id, _name in approvals.deciders(work, approval)}
    approval.escalated_at = work.now
    approvals.note(work, approval, "escalated", seat=step.escalate)
    for user_id, _name in approvals.deciders(work, approval):
        if user_id not in known:
            notice(work, user_id, N_("%(what)s waits for an approval that nobody gave yet: you may decide now"),
                   values={"what": called(work, approval)}, url=f"/approvals/{approval.id}",
                   about=(approval.kind, approval.record_id), type=APPROVAL)  # fmt: skip
    work.session.flush()
    announce(work, approvals.document_of(work, approval), "awaiting_approval")
    announce_approval(work, approval, "taken")
    return True
