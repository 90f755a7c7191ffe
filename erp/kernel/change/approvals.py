"""Requests for approval: a document that needs one stays a draft, locked, until everybody asked has decided.

How decisions are made is in ``deciding``; who may make them, in ``seats``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.audit import audit
from erp.kernel.change.derived import derived
from erp.kernel.change.find import find
from erp.kernel.change.hooks import absent_for, announce, announce_approval, planned_approval, rules
from erp.kernel.change.seats import Asked, Chair, Plan, Seat, Standing, Step, Taken
from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound
from erp.kernel.records.base import Base
from erp.kernel.records.record import DRAFT, Voucher
from erp.kernel.records.registry import kind_of
from erp.kernel.records.types import Choice, Currency, Instant, Json, JsonList, LongText, Money, Name
from erp.kernel.rights import active_actors

PENDING, APPROVED, REJECTED, RETURNED, WITHDRAWN = "pending", "approved", "rejected", "returned", "withdrawn"


@dataclass(frozen=True, slots=True)
class ApprovalNeed:
    """Why a rule of the kind asks for an approval. ``facts`` are label and text pairs for the one who decides."""

    reason: str
    role: str = ""
    amount: Decimal | None = None
    facts: tuple[tuple[str, str], ...] = field(default_factory=tuple)


class Approval(Base):
    """One request for a decision, kept for ever. ``taken`` are the seats taken in this round, as lists."""

    __tablename__ = "approval"
    __versioned__ = "approval"
    __table_args__ = (
        Index("ix_approval_state", "state", "id"), Index("ix_approval_record", "kind", "record_id"),
        Index("ix_approval_due", "state", "due_at"),
    )  # fmt: skip

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
    plan: Mapped[Json | None]
    step: Mapped[int] = mapped_column(Integer, default=0)
    taken: Mapped[JsonList | None]
    due_at: Mapped[Instant | None]
    reminded_at: Mapped[Instant | None]
    escalated_at: Mapped[Instant | None]
    content_version: Mapped[int | None] = mapped_column(Integer)
    content_links: Mapped[Json | None]
    requested_by_id: Mapped[int | None] = mapped_column(BigInteger)
    requested_by_name: Mapped[str] = mapped_column(String(255), default="")
    requested_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_by_name: Mapped[str | None] = mapped_column(String(255))
    decided_at: Mapped[Instant | None]
    comment: Mapped[LongText | None]


class ApprovalDecision(Base):
    """One sentence of the history of a request: who said what, in which step, and in whose place."""

    __tablename__ = "approval_decision"
    __table_args__ = (Index("ix_approval_decision_approval", "approval_id", "id"), {"info": {"append_only": True}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    approval_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Instant]
    what: Mapped[Choice]
    step: Mapped[int] = mapped_column(Integer)
    seat: Mapped[str] = mapped_column(String(255), default="")
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    user_name: Mapped[Name]
    behalf_id: Mapped[int | None] = mapped_column(BigInteger)
    behalf_name: Mapped[str | None] = mapped_column(String(255))
    comment: Mapped[LongText | None]


def need_of(work: Work, document: Voucher) -> Asked | None:
    """Return what must be approved before ``document`` is submitted, or None: by its kind's rules and by flows."""
    asked = None
    for rule in rules("needs_approval", document.__kind__):
        need: ApprovalNeed | None = rule.run(work, document)
        if need is not None:
            plan = Plan(steps=(Step(seats=(Seat(role=need.role),)),))
            asked = Asked(plan, str(need.reason), need.role, need.amount, need.facts)
            break
    found: Asked | None = planned_approval(work, document, asked)
    return found


def amount_of(document: Voucher) -> Decimal | None:
    """Return the amount that a decision is about, in the document's currency, if its kind has one."""
    amounts = (getattr(document, name, None) for name in ("total", "payable", "amount"))
    return next((amount for amount in amounts if isinstance(amount, Decimal)), None)


def links_of(document: Voucher) -> dict[str, int | None]:
    """Return the records a document's head names (its party above all): with another one, nothing is approved."""
    columns = document.__mapper__.column_attrs
    names = [prop.key for prop in columns if (spec := prop.columns[0].info.get("field")) is not None and spec.link]
    return {"currency": document.currency, **{name: getattr(document, name) for name in names}}


def request(work: Work, document: Voucher, asked: Asked) -> Approval:
    """Lock the draft's content and ask those who may approve."""
    approval = Approval(
        kind=document.__kind__, record_id=document.id, company_id=document.company_id, role=asked.role,
        reason=asked.reason[:500], currency=document.currency, plan=asked.plan.to_json(), step=0, taken=[],
        amount=amount_of(document) if asked.amount is None else asked.amount,
        facts={str(label): text for label, text in asked.facts}, requested_by_id=work.actor.user_id,
        requested_by_name=work.actor.name, requested_at=work.now, due_at=due_at(work, asked.plan.steps[0]),
    )  # fmt: skip
    document.approval_state, document.status, document.updated_at = PENDING, "awaiting_approval", work.now
    work.session.add(approval)
    work.session.flush()
    note(work, approval, "requested", comment=approval.reason)
    audit(work, "request_approval", document, note=approval.reason)
    announce(work, document, "awaiting_approval")
    announce_approval(work, approval, "requested")
    return approval


def due_at(work: Work, step: Step) -> Any:
    """Return when a step that begins now is reminded of, or None."""
    return work.now + timedelta(hours=step.hours) if step.hours else None


def note(
    work: Work, approval: Approval, what: str, *, seat: str = "", behalf: tuple[int | None, str] = (None, ""),
    comment: str = "",
) -> None:  # fmt: skip
    """Append one sentence to the history of a request."""
    work.session.add(
        ApprovalDecision(
            approval_id=approval.id, at=work.clock(), what=what, step=approval.step, seat=seat[:255],
            user_id=work.actor.user_id, user_name=work.actor.name, behalf_id=behalf[0], behalf_name=behalf[1] or None,
            comment=comment or None,
        )
    )  # fmt: skip


def standing_of(approval: Any) -> Standing:
    """Return how far a request has come; ``approval`` is an ``Approval`` or a row with the same columns."""
    return Standing(
        kind=approval.kind, company_id=approval.company_id, requested_by=approval.requested_by_id,
        plan=Plan.from_json(approval.plan, approval.role), step=approval.step or 0,
        taken=tuple(Taken(*one) for one in approval.taken or ()), escalated=approval.escalated_at is not None,
    )  # fmt: skip


def absent(work: Work) -> tuple[Any, ...]:
    """Return those whose deputy the actor is now."""
    found: tuple[Any, ...] = work.once("absent", lambda: absent_for(work, work.actor.user_id))
    return found


def chair_of(work: Work, approval: Any) -> Chair | None:
    """Return the seat of a request that the actor may take now, or None."""
    return standing_of(approval).chair_for(work.actor, absent(work))


def may_decide(work: Work, approval: Any) -> bool:
    """Return whether the actor may decide about a request, or give an opinion that it waits for, now."""
    return chair_of(work, approval) is not None


WAITING = (
    Approval.id, Approval.kind, Approval.company_id, Approval.role, Approval.requested_by_id, Approval.plan,
    Approval.step, Approval.taken, Approval.escalated_at,
)  # fmt: skip
"""What must be known of a request to tell who may decide."""


def pending_for(work: Work) -> list[Approval]:
    """Return what waits for this actor's decision, oldest first, of the 500 oldest."""
    waiting = work.session.scalars(select(Approval).where(Approval.state == PENDING).order_by(Approval.id).limit(500))
    return [approval for approval in waiting if may_decide(work, approval)]


def pending_count(work: Work) -> int:
    """Return how many documents wait for this actor's decision, of the 500 oldest; asked again only after a change."""
    query = select(*WAITING).where(Approval.state == PENDING).order_by(Approval.id).limit(500)
    waiting = derived(work, {Approval.__versioned__}, "pending", lambda: list(work.session.execute(query)))
    return len([approval for approval in waiting if may_decide(work, approval)])


def deciders(work: Work, approval: Any) -> list[tuple[int, str]]:
    """Return id and name of the active users who may decide about a request now, deputies among them."""
    standing = standing_of(approval)
    everybody = active_actors(work.session)
    return [
        (one.user_id, one.name)
        for one in everybody
        if one.user_id and standing.chair_for(one, absent_for(work, one.user_id))
    ]


def people_of(work: Work, approval: Approval) -> list[int]:
    """Return the users who may sit in any seat of any step: whose pages may show the request."""
    standing = replace(standing_of(approval), taken=(), escalated=approval.escalated_at is not None)
    stages = [replace(standing, step=place) for place in range(len(standing.plan.steps))]
    return [
        one.user_id
        for one in active_actors(work.session)
        if one.user_id and any(stage.chair_for(one, absent_for(work, one.user_id)) for stage in stages)
    ]


def asks_only_the_right(approval: Approval) -> bool:
    """Return whether everybody with the right to approve is asked, and nobody else."""
    steps = standing_of(approval).plan.steps
    return all(seat.who == "right" for step in steps for seat in step.seats) and not any(
        step.escalate for step in steps
    )


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


def history(work: Work, document: Voucher) -> list[Approval]:
    """Return every request about ``document``, oldest first."""
    return list(
        work.session.scalars(
            select(Approval)
            .where(Approval.kind == document.__kind__, Approval.record_id == document.id)
            .order_by(Approval.id)
        )
    )


def decisions(work: Work, approvals: Iterable[Approval]) -> list[ApprovalDecision]:
    """Return what was said about some requests, oldest first."""
    ids = [approval.id for approval in approvals]
    query = select(ApprovalDecision).where(ApprovalDecision.approval_id.in_(ids)).order_by(ApprovalDecision.id)
    return list(work.session.scalars(query)) if ids else []


def still_approved(work: Work, document: Voucher) -> bool:
    """Return whether what was approved still stands: nothing changed, or the amount by no more than the flow allows.

    For an approved draft that its requester submits himself, and for a document that replaces a cancelled one which
    had been approved.
    """
    kind, about = type(document), document.id
    if document.approval_state != APPROVED:
        if document.amended_from_id is None:
            return False
        about = document.amended_from_id
    query = select(Approval).where(
        Approval.kind == kind.__kind__, Approval.record_id == about, Approval.state == APPROVED
    )
    approval = work.session.scalars(query.order_by(Approval.id.desc()).limit(1)).first()
    if approval is None:
        return False
    if about == document.id and document.state == DRAFT and approval.content_version == document.version:
        return True
    share = standing_of(approval).plan.reopen_percent
    now = amount_of(document)
    if share is None or not approval.amount or now is None or approval.content_links != links_of(document):
        return False
    return abs(now - approval.amount) * 100 <= share * abs(approval.amount)
