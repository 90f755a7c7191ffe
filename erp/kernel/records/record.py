"""Records of the business: ``Master`` is active or archived, ``Voucher`` goes from draft to submitted to cancelled."""

import re
import uuid
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from erp.kernel.records import registry
from erp.kernel.records.base import Base
from erp.kernel.records.fields import field, link
from erp.kernel.records.types import Choice, Code, Currency, Instant, Json, LongText, Name, Uid, utc_now
from erp.kernel.text import _l
from erp.kernel.uid import new_uid


def snake(name: str) -> str:
    """Return ``SalesInvoice`` as ``sales_invoice``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def plural(kind: str) -> str:
    """Return the English plural of a snake_case noun."""
    if kind.endswith("y") and kind[-2] not in "aeiou":
        return kind[:-1] + "ies"
    return kind + ("es" if kind.endswith(("s", "x", "ch")) else "s")


class Record(Base):
    """Anything that people keep: identified, versioned, dated, and described by its own columns."""

    __abstract__ = True
    __kind__: ClassVar[str]
    __collection__: ClassVar[str]
    __label__: ClassVar[str]
    __plural_label__: ClassVar[str]
    __department__: ClassVar[str] = ""
    __company_bound__: ClassVar[bool] = True
    __scope_keys__: ClassVar[dict[str, str]] = {}
    __title__: ClassVar[str] = "name"
    __feature__: ClassVar[str | None] = None
    __icon__: ClassVar[str] = "file-text"
    __listed__: ClassVar[bool] = True
    __of_rows__: ClassVar[bool] = False
    __setup__: ClassVar[bool] = False
    __status_reads__: ClassVar[tuple[str, ...] | None] = None
    """The columns that ``status_on`` reads; None: any."""
    __default_sort__: ClassVar[str] = "-id"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    uid: Mapped[uuid.UUID] = mapped_column(Uid, default=new_uid, unique=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False)
    created_at: Mapped[Instant] = mapped_column(default=utc_now)
    created_by_id: Mapped[int | None] = mapped_column(BigInteger, index=False)
    updated_at: Mapped[Instant] = mapped_column(default=utc_now)
    updated_by_id: Mapped[int | None] = mapped_column(BigInteger)
    custom: Mapped[Json | None] = mapped_column()

    def __init_subclass__(cls, **keywords: Any) -> None:
        if not cls.__dict__.get("__abstract__", False):
            kind = cls.__dict__.get("__kind__") or cls.__dict__.get("__tablename__") or snake(cls.__name__)
            cls.__kind__ = kind
            if not any(base.__dict__.get("__of_rows__", False) for base in cls.__mro__[1:]):
                cls.__tablename__ = kind
            if "__collection__" not in cls.__dict__:
                cls.__collection__ = plural(kind).replace("_", "-")
            parts = cls.__module__.split(".")
            cls.__department__ = parts[1] if parts[0] == "erp" and len(parts) > 1 else parts[0]
            if not cls.__dict__.get("__of_rows__", False):
                registry.add_kind(cls)
        super().__init_subclass__(**keywords)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    @classmethod
    def read_payload(cls, payload: dict[str, Any]) -> dict[str, Any]:
        """Return what was sent with other ways of saying a thing turned into fields; a kind may know some."""
        return payload

    @property
    def kind(self) -> str:
        """Return the name of this kind of record, as used in URLs' registry, rights and topics."""
        return self.__kind__

    @property
    def topic(self) -> str:
        """Return the live topic of this one record: ``sales_invoice:12``."""
        return f"{self.__kind__}:{self.id}"

    @property
    def title(self) -> str:
        """Return what people call this record."""
        return str(getattr(self, self.__title__, None) or self.id)


class CompanyBound:
    """Mixed into records that belong to one company."""

    @declared_attr
    @classmethod
    def company_id(cls) -> Mapped[int]:
        """Return the company whose books or files this belongs to."""
        return link("company", _l("Company"), group="More", index=False)


ACTIVE, ARCHIVED = "active", "archived"
DRAFT, SUBMITTED, CANCELLED = "draft", "submitted", "cancelled"


class Master(Record):
    """A thing the business refers to for years: active or archived, deleted only while nothing refers to it."""

    __abstract__ = True
    __company_bound__ = False
    __default_sort__ = "code"

    code: Mapped[Code] = field(_l("Code"), in_list=True, in_filter=True, search=True)
    name: Mapped[Name] = field(_l("Name"), in_list=True, in_filter=True, search=True, wide=True)
    state: Mapped[Choice] = field(
        _l("State"),
        default=ACTIVE,
        in_form=False,
        in_filter=True,
        readonly=True,
        choices=((ACTIVE, _l("Active")), (ARCHIVED, _l("Archived"))),
    )

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        keys = ("company_id", "code") if cls.__company_bound__ else ("code",)
        return (UniqueConstraint(*keys), *getattr(cls, "__extra_args__", ()))

    @property
    def number(self) -> str:
        """Return the code: what lists and links call the record by."""
        return self.code


STATUSES: tuple[tuple[str, str], ...] = (
    ("draft", _l("Draft")),
    ("awaiting_approval", _l("Awaiting approval")),
    ("returned", _l("Returned")),
    ("approved", _l("Approved")),
    ("submitted", _l("Submitted")),
    ("to_deliver", _l("To deliver")),
    ("to_bill", _l("To bill")),
    ("completed", _l("Completed")),
    ("closed", _l("Closed")),
    ("unpaid", _l("Unpaid")),
    ("partly_paid", _l("Partly paid")),
    ("paid", _l("Paid")),
    ("overdue", _l("Overdue")),
    ("credited", _l("Credited")),
    ("cancelled", _l("Cancelled")),
)


class Voucher(Record, CompanyBound):
    """A document with a life: draft, submitted, cancelled; its number is drawn when it is submitted."""

    __abstract__ = True
    __title__ = "display_number"
    __default_sort__ = "-id"
    __series__: ClassVar[str] = ""
    __date__: ClassVar[str] = "posting_date"

    number: Mapped[Code | None] = field(
        _l("Number"), in_list=True, in_filter=True, in_form=False, search=True, readonly=True
    )
    state: Mapped[Choice] = field(
        _l("State"),
        default=DRAFT,
        in_form=False,
        in_filter=False,
        readonly=True,
        choices=((DRAFT, _l("Draft")), (SUBMITTED, _l("Submitted")), (CANCELLED, _l("Cancelled"))),
    )
    status: Mapped[Choice] = field(
        _l("Status"), default=DRAFT, in_list=True, in_filter=True, in_form=False, readonly=True, choices=STATUSES
    )
    currency: Mapped[Currency] = field(_l("Currency"), group="More")
    submitted_at: Mapped[Instant | None] = field(_l("Submitted at"), in_form=False, readonly=True)
    submitted_by_id: Mapped[int | None] = mapped_column(BigInteger)
    cancelled_at: Mapped[Instant | None] = field(_l("Cancelled at"), in_form=False, readonly=True)
    cancel_reason: Mapped[LongText | None] = field(_l("Reason of cancellation"), in_form=False, readonly=True)
    approval_state: Mapped[Choice | None] = field(_l("Approval"), in_form=False, readonly=True, api=False)

    @declared_attr
    @classmethod
    def amended_from_id(cls) -> Mapped[int | None]:
        """Return the cancelled document that this one replaces."""
        return mapped_column(BigInteger, ForeignKey(f"{cls.__tablename__}.id", ondelete="RESTRICT"), index=True)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        table = cls.__tablename__
        return (
            UniqueConstraint("company_id", "number"),
            Index(f"ix_{table}_company_{cls.__date__}", "company_id", cls.__date__, "id"),
            Index(f"ix_{table}_{cls.__date__}", cls.__date__, "id"),
            Index(f"ix_{table}_status", "status", "id"),
            *getattr(cls, "__extra_args__", ()),
        )

    @property
    def display_number(self) -> str:
        """Return the number, or "Draft 4711" while there is none."""
        return self.number or str(_l("Draft")) + f" {self.id or ''}".rstrip()

    @property
    def is_draft(self) -> bool:
        """Return whether the content may still change."""
        return self.state == DRAFT and self.approval_state != "pending"


class Line(Base):
    """One row of a document; it keeps its identity across edits, merges and imports."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    uid: Mapped[uuid.UUID] = mapped_column(Uid, default=new_uid, unique=True)
    position: Mapped[int] = mapped_column(Integer, default=0)

    def __init_subclass__(cls, **keywords: Any) -> None:
        if not cls.__dict__.get("__abstract__", False) and "__tablename__" not in cls.__dict__:
            cls.__tablename__ = snake(cls.__name__)
        super().__init_subclass__(**keywords)


def owner(kind: str) -> Any:
    """Declare the column by which a line knows its document: ``<kind>_id``."""
    return mapped_column(BigInteger, ForeignKey(f"{kind}.id", ondelete="RESTRICT"), index=True)
