"""Approvals: a document over a limit stays a draft, locked, until somebody with the right decides."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.audit import audit
from erp.kernel.change.derived import derived
from erp.kernel.change.find import find
from erp.kernel.change.hooks import announce, announce_approval, rules
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Problems
from erp.kernel.records.base import Base
from erp.kernel.records.record import Voucher
from erp.kernel.records.registry import kind_of
from erp.kernel.records.types import Choice, Currency, Instant, Json, LongText, Money
from erp.kernel.rights import may
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _

PENDING, APPROVED, REJECTED, RETURNED, WITHDRAWN = "pending", "approved", "rejected", "returned", "withdrawn"


@dataclass(frozen=True, slots=True)
class ApprovalNeed:
    """Why somebody must approve. ``facts`` are label and text pairs for the one who decides."""

    reason: str
    role: str = ""
    amount: Decimal | None = None
    facts: tuple[tuple[str, str], ...] = field(default_factory=tuple)


class Approval(Base):
    """One request for a decision; kept for ever, decided once."""

    __tablename__ = "approval"
    __versioned__ = "approval"
    __table_args__ = (Index("ix_approval_state", "state", "id"), Index("ix_approval_record", "kind", "record_id"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    kind: Mapped[Choice]
    record_id: Mapped[int] = mapped_column(BigInteger)
    company_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[Choice] = mapped_column(default=PENDING)
    role: Mapped[Choice] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(String(500))
    amount: Mapped[Money | None]
    currency: Mapped[Currency | None]
    facts: Mapped[Json | None]
    requested_by_id: Mapped[int | None] = mapped_column(BigInteger)
    requested_by_name: Mapped[str] = mapped_column(String(255), default="")
    requested_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str | None] = mapped_column(String(255))
    decided_at: Mapped[Instant | None]
    comment: Mapped[LongText | None]


def need_of(work: Work, document: Voucher) -> ApprovalNeed | None:
    """Return why ``document`` needs an approval, or None."""
    for rule in rules("needs_approval", document.__kind__):
        need: ApprovalNeed | None = rule.run(work, document)
        if need is not None:
            return need
    return None


def request(work: Work, document: Voucher, need: ApprovalNeed) -> Approval:
    """Lock the draft's content and ask those who may approve."""
    approval = Approval(
        kind=document.__kind__, record_id=document.id, company_id=document.company_id, role=need.role,
        reason=str(need.reason)[:500], amount=need.amount, currency=document.currency,
        facts={str(label): text for label, text in need.facts}, requested_by_id=work.actor.user_id,
        requested_by_name=work.actor.name, requested_at=work.now,
    )  # fmt: skip
    document.approval_state, document.status, document.updated_at = PENDING, "awaiting_approval", work.now
    work.session.add(approval)
    work.session.flush()
    audit(work, "request_approval", document, note=approval.reason)
    announce(work, document, "awaiting_approval")
    announce_approval(work, approval, "requested")
    return approval


def may_decide(actor: Actor, approval: Any) -> bool:
    """Return whether ``actor`` may decide: the right to approve, the role asked for, and not one's own request.

    ``approval`` is an ``Approval``, or a row with its kind, company, role and requester.
    """
    if approval.company_id and actor.companies is not None and approval.company_id not in actor.companies:
        return False
    if not may(actor, "approve", approval.kind):
        return False
    own = approval.requested_by_id == actor.user_id
    return not own and bool(actor.is_admin or not approval.role or approval.role in actor.roles)


def pending_for(work: Work) -> list[Approval]:
    """Return what waits for this actor's decision, oldest first, 200 at the most."""
    waiting = work.session.scalars(select(Approval).where(Approval.state == PENDING).order_by(Approval.id).limit(200))
    return [approval for approval in waiting if may_decide(work.actor, approval)]


def pending_count(work: Work) -> int:
    """Return how many documents wait for this actor's decision, of the 200 oldest; asked again only after a change."""
    columns = Approval.id, Approval.kind, Approval.company_id, Approval.role, Approval.requested_by_id
    query = select(*columns).where(Approval.state == PENDING).order_by(Approval.id).limit(200)
    waiting = derived(work, {Approval.__versioned__}, "pending", lambda: list(work.session.execute(query)))
    return len([approval for approval in waiting if may_decide(work.actor, approval)])


def pending_of(work: Work, document: Voucher, *, for_update: bool = False) -> Approval | None:
    """Return the open request about ``document``."""
    query = select(Approval).where(
        Approval.kind == document.__kind__, Approval.record_id == document.id, Approval.state == PENDING
    )
    return work.session.scalars(query.with_for_update() if for_update else query).first()


def document_of(work: Work, approval: Approval, *, for_update: bool = False) -> Voucher:
    """Return the document that the approval is about."""
    document = find(work, kind_of(approval.kind), approval.record_id, for_update=for_update)
    if not isinstance(document, Voucher):
        raise NotFound
    return document


def _open(work: Work, document: Voucher) -> Approval:
    approval = pending_of(work, document, for_update=True)
    if approval is None:
        raise Conflict(_("This was decided already. Nothing was changed."))
    return approval


def _decided(work: Work, document: Voucher, approval: Approval, state: str, comment: str) -> None:
    approval.state, approval.decided_at, approval.comment = state, work.now, comment or None
    approval.decided_by_id, approval.decided_by_name = work.actor.user_id, work.actor.name
    document.updated_at = work.now
    audit(work, state, document, note=comment)
    announce_approval(work, approval, state)


def _ask(work: Work, approval: Approval) -> None:
    if not may_decide(work.actor, approval):
        raise NotAllowed(_("This is not for you to decide. Nothing was changed."))


def approve(work: Work, document: Voucher, *, comment: str = "") -> int | None:
    """Mark the request approved and release the draft; returns the requester, in whose name it is posted."""
    approval = _open(work, document)
    _ask(work, approval)
    document.approval_state = APPROVED
    _decided(work, document, approval, APPROVED, comment)
    return approval.requested_by_id


def turn_down(work: Work, document: Voucher, *, state: str = REJECTED, comment: str = "") -> None:
    """Reject or return: the draft goes back to the requester with a reason, to be changed or deleted."""
    approval = _open(work, document)
    _ask(work, approval)
    if not comment.strip():
        raise Problems([Problem("comment", "required", _("Say why, so that the requester knows what to change."))])
    document.approval_state, document.status = RETURNED, "returned"
    _decided(work, document, approval, state, comment)
    announce(work, document, state)


def withdraw(work: Work, document: Voucher, *, comment: str = "") -> None:
    """Take one's own request back; the draft can be changed again."""
    approval = _open(work, document)
    if approval.requested_by_id != work.actor.user_id and not work.actor.is_admin:
        raise NotAllowed(_("Only the requester can withdraw. Nothing was changed."))
    document.approval_state, document.status = None, "draft"
    _decided(work, document, approval, WITHDRAWN, comment)
    announce(work, document, WITHDRAWN)


def history(work: Work, document: Voucher) -> list[Approval]:
    """Return every request about ``document``, oldest first."""
    return list(
        work.session.scalars(
            select(Approval)
            .where(Approval.kind == document.__kind__, Approval.record_id == document.id)
            .order_by(Approval.id)
        )
    )
