"""Masters that one company keeps for itself or all companies share: customers, items, price lists."""

from typing import Any

from sqlalchemy import BigInteger, Computed, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from erp.kernel.records import link
from erp.kernel.text import _l


class SharedOrOwn:
    """Mixed in before ``Master``: a company may be named; the code is unique within it, and among the shared ones."""

    @declared_attr
    @classmethod
    def company_id(cls) -> Mapped[int | None]:
        """Return the company that alone knows this record, or nothing when all do."""
        return link("company", _l("Company"), group="More", nullable=True, help=_l("Empty: known to every company."))

    @declared_attr
    @classmethod
    def company_key(cls) -> Mapped[int]:
        """Return the company for the unique code, 0 for shared records: NULLs would never collide."""
        return mapped_column(BigInteger, Computed("coalesce(company_id, 0)", persisted=True), deferred=True)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (UniqueConstraint("company_key", "code"), *getattr(cls, "__extra_args__", ()))
