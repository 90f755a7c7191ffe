"""Open items and what was settled of them."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from erp.accounts.ledger.model import KEY
from erp.kernel.records import Base, Choice, Code, Currency, Instant, Money

INVOICE, CREDIT_NOTE, PAYMENT, JOURNAL = "invoice", "credit_note", "payment", "journal"


class OpenItem(Base):
    """What one instalment of one voucher still owes: a projection of the ledger and of the allocations.

    Signed, debit positive: what customers owe is positive, what suppliers are owed negative, payments the other way.
    ``invoiced`` is what it began with; ``amount`` is what the ledger holds under its key by now; ``outstanding`` is
    the amount less what was allocated. Each has its company amount.
    """

    __tablename__ = "open_item"
    __table_args__ = (
        Index("ix_open_item_voucher", "voucher_kind", "voucher_id", "instalment"),
        Index("ix_open_item_party", "company_id", "party_kind", "party_id", "is_open"),
        Index("ix_open_item_due", "company_id", "is_open", "due_on"),
    )

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    company_id: Mapped[int] = mapped_column(BigInteger)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    party_kind: Mapped[Choice]
    party_id: Mapped[int]
    voucher_kind: Mapped[Choice]
    voucher_id: Mapped[int]
    voucher_number: Mapped[Code]
    nature: Mapped[Choice]
    instalment: Mapped[int]
    effective_on: Mapped[date]
    due_on: Mapped[date | None]
    currency: Mapped[Currency]
    invoiced: Mapped[Money]
    amount: Mapped[Money]
    amount_company: Mapped[Money]
    outstanding: Mapped[Money]
    outstanding_company: Mapped[Money]
    credited: Mapped[Money]
    discount: Mapped[Money]
    discount_until: Mapped[date | None]
    is_open: Mapped[bool]


class OpenItemAllocation(Base):
    """A part of one item settled by another of the opposite sign; taken back by a row of the opposite amount.

    ``amount`` has the sign of ``item``; it lowers what both have outstanding. ``amount_company`` is the share of what
    ``item`` is booked with, ``against_company`` that of the other one, of the opposite sign.
    """

    __tablename__ = "open_item_allocation"
    __table_args__ = (
        Index("ix_open_item_allocation_item", "item"),
        Index("ix_open_item_allocation_against", "against"),
        Index("ix_open_item_allocation_by", "by_kind", "by_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    company_id: Mapped[int] = mapped_column(BigInteger)
    item: Mapped[str] = mapped_column(KEY)
    against: Mapped[str] = mapped_column(KEY)
    amount: Mapped[Money]
    amount_company: Mapped[Money]
    against_company: Mapped[Money]
    by_kind: Mapped[Choice]
    by_id: Mapped[int]
    effective_on: Mapped[date]
    posted_at: Mapped[Instant]
