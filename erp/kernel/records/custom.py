"""Fields that are rows: keys of the ``custom`` column, and words that a company prefers for ours."""

from sqlalchemy import BigInteger, Integer, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.records.base import Base
from erp.kernel.records.types import Choice, Code, JsonList, Name


class CustomField(Base):
    """A field that users added to a kind; its values live in the record's ``custom`` column."""

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    kind: Mapped[Choice]
    name: Mapped[Code]
    label: Mapped[Name]
    type: Mapped[Choice] = mapped_column(default="text")
    choices: Mapped[JsonList | None]
    required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(Integer, default=0)


class LabelOverride(Base):
    """What a company calls one of our fields or kinds, in one language."""

    __tablename__ = "label_override"
    __table_args__ = (UniqueConstraint("company_id", "language", "kind", "field"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    company_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[Choice]
    kind: Mapped[Choice]
    field: Mapped[Choice] = mapped_column(default="")
    text: Mapped[Name]


def custom_fields(session: Session) -> dict[str, list[CustomField]]:
    """Return the fields that are rows, by kind, in their order."""
    found: dict[str, list[CustomField]] = {}
    for row in session.scalars(select(CustomField).order_by(CustomField.kind, CustomField.position, CustomField.id)):
        found.setdefault(row.kind, []).append(row)
    return found


def label_overrides(session: Session) -> dict[tuple[int | None, str, str, str], str]:
    """Return preferred words by (company, language, kind, field)."""
    return {
        (row.company_id, row.language, row.kind, row.field): row.text for row in session.scalars(select(LabelOverride))
    }
