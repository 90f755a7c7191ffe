"""A mail to each approver with a link that leads to the request: signed, for that person, for that step, for a week."""

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.work import Work
from erp.kernel.paper.letters import letter
from erp.kernel.paper.mail import send_mail
from erp.kernel.records.registry import kind_of
from erp.kernel.rights import Actor, active_actors
from erp.kernel.text import in_language
from erp.settings import settings

WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Way:
    """Where a link leads: a request, the one whom it was mailed to, and the step it was about."""

    approval: int
    user: int
    step: int


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="approval-by-mail")


def link_for(approval: Approval, user_id: int) -> str:
    """Return the address that a mail names; it works until its reader, or the step, is done."""
    token = _serializer().dumps([approval.id, user_id, approval.step])
    return f"{settings().base_url.rstrip('/')}/approvals/by-mail/{token}"


def read_link(token: str) -> Way | None:
    """Return where a link leads, or None for one that is over or was not made here."""
    try:
        approval, user, step = _serializer().loads(token, max_age=WEEK)
    except (BadData, ValueError):
        return None
    return Way(approval, user, step)


def mail_approvers(work: Work, approval: Approval, *, reminder: bool = False) -> int:
    """Write a mail to everybody who may decide now and has an address; return how many."""
    people = {user_id for user_id, _name in approvals.deciders(work, approval)}
    actors = [one for one in active_actors(work.session) if one.user_id in people and one.email]
    for actor in actors:
        _mail(work, approval, actor, reminder=reminder)
    return len(actors)


def _mail(work: Work, approval: Approval, actor: Actor, *, reminder: bool) -> None:
    document = work.session.get(kind_of(approval.kind), approval.record_id)
    with in_language(actor.language):
        label = str(kind_of(approval.kind).__label__)
    said = letter(
        "approval", actor.language, who=actor.name, requester=approval.requested_by_name, reminder=reminder,
        what=f"{label} {getattr(document, 'number', None) or f'#{approval.record_id}'}", reasons=approval.reason.split("\n"),
        amount=f"{approval.currency} {approval.amount:,.2f}" if approval.amount is not None else "",
        url=link_for(approval, int(actor.user_id or 0)),
    )  # fmt: skip
    key = f"approval:{approval.id}:{approval.step}:{actor.user_id}:{int(reminder)}:{len(approval.taken or ())}"
    send_mail(
        work, to=[actor.email], subject=said.subject, text=said.text, about=(approval.kind, approval.record_id), key=key
    )
