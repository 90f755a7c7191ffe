"""Aspects: what a lower record means to a higher department, kept in the higher department's own table."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from erp.kernel.records.base import Base
from erp.kernel.records.record import Record, snake


class Aspect(Base):
    """A one-to-one table whose fields appear in the owner's form, list, REST body and import as its own."""

    __abstract__ = True
    __owner__: ClassVar[type[Record]]

    def __init_subclass__(cls, owner: type[Record] | None = None, **keywords: Any) -> None:
        if owner is not None:
            cls.__owner__ = owner
            cls.__tablename__ = snake(cls.__name__)
            _aspects.setdefault(owner.__kind__, []).append(cls)
        super().__init_subclass__(**keywords)

    @declared_attr
    @classmethod
    def record_id(cls) -> Mapped[int]:
        """Return the record this is about."""
        table = cls.__owner__.__tablename__
        return mapped_column(
            BigInteger, ForeignKey(f"{table}.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
        )


_aspects: dict[str, list[type[Aspect]]] = {}
A = TypeVar("A", bound=Aspect)


def aspects_of(kind: str) -> list[type[Aspect]]:
    """Return the aspects that higher departments added to ``kind``."""
    return _aspects.get(kind, [])


def aspect(session: Session, cls: type[A], record_id: int) -> A | None:
    """Return one record's aspect, or None while nobody has set a field of it."""
    return session.get(cls, record_id)


def aspects(session: Session, cls: type[A], ids: Iterable[int]) -> dict[int, A]:
    """Return the aspects of many records by record id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = session.scalars(select(cls).where(cls.record_id.in_(wanted)))
    return {row.record_id: row for row in found}
