"""The ledger's tables: entries that are only ever added, the head that counts them, and what parties owe."""

import uuid
from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.records import Base, Choice, Code, Currency, Factor, Instant, Json, Money
from erp.kernel.records.types import BINARY_COLLATION, Uid
from erp.kernel.uid import new_uid

POSTED_AT = "posted at"
"""The fact when a unit of work last wrote entries: taken under the head's lock, so that it rises with ``seq``."""
KEY = String(96, collation=BINARY_COLLATION)


class LedgerEntry(Base):
    """One entry of a company's books, complete and final.

    ``seq`` counts without gap in the order of knowledge. ``amount`` is in company currency, debit positive; ``side``
    keeps the side of entries booked in red. ``open_item`` is the key of the open item that the entry changes.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("company_id", "seq"),
        Index("ix_ledger_entry_account", "company_id", "account_id", "effective_on", "seq"),
        Index("ix_ledger_entry_day", "company_id", "effective_on", "account_id"),
        Index("ix_ledger_entry_voucher", "voucher_kind", "voucher_id"),
        Index("ix_ledger_entry_party", "company_id", "party_kind", "party_id", "account_id"),
        Index("ix_ledger_entry_tax", "company_id", "tax_id", "effective_on"),
        Index("ix_ledger_entry_open_item", "open_item"),
        {"info": {"append_only": True}},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="RESTRICT"))
    seq: Mapped[int]
    uid: Mapped[uuid.UUID] = mapped_column(Uid, default=new_uid)
    voucher_kind: Mapped[Choice]
    voucher_id: Mapped[int]
    voucher_number: Mapped[Code]
    voucher_line_id: Mapped[int | None]
    rule: Mapped[Choice]
    effective_on: Mapped[date]
    posted_at: Mapped[Instant]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    party_kind: Mapped[Choice | None]
    party_id: Mapped[int | None]
    amount: Mapped[Money]
    side: Mapped[str] = mapped_column(String(1, collation=BINARY_COLLATION))
    currency: Mapped[Currency]
    amount_transaction: Mapped[Money]
    rate: Mapped[Factor | None]
    dimensions: Mapped[Json | None]
    tax_id: Mapped[int | None] = mapped_column(ForeignKey("tax.id", ondelete="RESTRICT"))
    tax_base: Mapped[Money | None]
    tax_side: Mapped[Choice | None]
    due_on: Mapped[date | None]
    open_item: Mapped[str | None] = mapped_column(KEY)
    reverses: Mapped[int | None]


class LedgerHead(Base):
    """The last ``seq`` of a company: locked last, so that the order of commits is the order of numbers."""

    __tablename__ = "ledger_head"

    company_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class PartyBalance(Base):
    """What a party owes the company (positive) or is owed, in company currency: a projection of the ledger."""

    __tablename__ = "party_balance"

    company_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    party_kind: Mapped[Choice] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    balance: Mapped[Money]
