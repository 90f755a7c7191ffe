"""When a request reached an approver's screen and when it was opened: shown to the one who asked, if the house wants it."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, func, select
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.work import Work
from erp.kernel.flows.steps import names_of
from erp.kernel.format import Format
from erp.kernel.live.announce import changed
from erp.kernel.records import Base, Instant
from erp.kernel.records.features import feature
from erp.kernel.records.setup import setup
from erp.kernel.text import _l

RECEIPTS = feature(
    "approval_receipts", _l("Read receipts"),
    starts_on=True, help=_l("Who asks for approval sees when the request was delivered and seen."),
)  # fmt: skip


class ApprovalReceipt(Base):
    """One approver's screen and one request."""

    __tablename__ = "approval_receipt"

    approval_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    delivered_at: Mapped[Instant]
    seen_at: Mapped[Instant | None]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What the requester reads of one approver: who, delivered, seen (empty: not yet)."""

    who: str
    delivered: str
    seen: str


def note_receipt(work: Work, approval: Approval, *, seen: bool) -> None:
    """Keep that a request is on the screen of the actor, who may decide about it, or that he opened it."""
    if not setup(work.session).is_on(RECEIPTS.key) or not approvals.may_decide(work, approval):
        return
    known = work.session.get(ApprovalReceipt, (approval.id, work.actor.user_id))
    if known is not None and (known.seen_at or not seen):
        return
    values = {"approval_id": approval.id, "user_id": work.actor.user_id, "delivered_at": work.now}
    at = work.now if seen else None
    row = insert(ApprovalReceipt).values(**values, seen_at=at)
    work.session.execute(row.on_duplicate_key_update(seen_at=func.coalesce(ApprovalReceipt.seen_at, at)))
    changed(work, approvals.document_of(work, approval), "seen")


def receipts(work: Work, approval: Approval, fmt: Format) -> list[ReceiptView]:
    """Return the receipts of a request, for its requester alone."""
    if approval.requested_by_id != work.actor.user_id or not setup(work.session).is_on(RECEIPTS.key):
        return []
    query = select(ApprovalReceipt).where(ApprovalReceipt.approval_id == approval.id)
    rows = list(work.session.scalars(query.order_by(ApprovalReceipt.delivered_at).limit(50)))
    names = names_of(work, [row.user_id for row in rows])
    return [
        ReceiptView(name, fmt.time(row.delivered_at), fmt.time(row.seen_at) if row.seen_at else "")
        for name, row in zip(names, rows, strict=True)
    ]
