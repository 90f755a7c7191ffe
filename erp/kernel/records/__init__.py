"""What is kept: records, their fields and lines, what one may ask of them, and how they describe themselves."""

from erp.kernel.records.base import Base, db
from erp.kernel.records.fields import Choices, FieldSpec, field, link, rows
from erp.kernel.records.record import (
    ACTIVE,
    ARCHIVED,
    CANCELLED,
    DRAFT,
    SUBMITTED,
    CompanyBound,
    Line,
    Master,
    Record,
    Voucher,
    owner,
)
from erp.kernel.records.registry import all_kinds, collection, has_kind, kind_of
from erp.kernel.records.types import (
    Choice,
    Code,
    Currency,
    Factor,
    Instant,
    Json,
    JsonList,
    LongText,
    Money,
    Name,
    Percent,
    Price,
    Quantity,
    Tags,
    utc_now,
)

__all__ = [
    "ACTIVE", "ARCHIVED", "CANCELLED", "DRAFT", "SUBMITTED",
    "Base", "Choice", "Choices", "Code", "CompanyBound", "Currency", "Factor", "FieldSpec", "Instant", "Json",
    "JsonList", "Line", "LongText", "Master", "Money", "Name", "Percent", "Price", "Quantity", "Record", "Tags",
    "Voucher", "all_kinds", "collection", "db", "field", "has_kind", "kind_of", "link", "owner", "rows",
    "utc_now",
]  # fmt: skip
