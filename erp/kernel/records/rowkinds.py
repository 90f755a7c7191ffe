"""Kinds that are rows: a row names a kind, and lists, forms, REST and rights know it like any other."""

import re
from dataclasses import dataclass
from types import new_class
from typing import Any, cast

from sqlalchemy import BigInteger, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from erp.kernel.records import registry
from erp.kernel.records.base import Base
from erp.kernel.records.fields import MORE, link
from erp.kernel.records.record import Master, plural
from erp.kernel.records.types import Choice, Code, Name
from erp.kernel.text import _l

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class CustomKind(Base):
    """A kind of master that users made: its records are rows of one table, its fields are rows too."""

    __tablename__ = "custom_kind"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    name: Mapped[Code]
    label: Mapped[Name]
    plural_label: Mapped[Name]
    icon: Mapped[Choice] = mapped_column(default="file-text")


class CustomRecord(Master):
    """A record of a kind that is a row; ``of_kind`` says of which."""

    __kind__ = "custom_record"
    __of_rows__ = True
    __company_bound__ = True
    __label__ = __plural_label__ = ""

    of_kind: Mapped[Choice]

    @declared_attr
    @classmethod
    def company_id(cls) -> Mapped[int | None]:
        """Return the company it belongs to; empty: every company."""
        return link("company", _l("Company"), group=MORE)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (UniqueConstraint("of_kind", "code"),)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        if cls.__name__ == "CustomRecord":
            return {"version_id_col": cls.version, "polymorphic_on": "of_kind", "polymorphic_abstract": True}
        return {"polymorphic_identity": cls.__kind__}


@dataclass(frozen=True, slots=True)
class KindSpec:
    """A kind that is a row, detached from it."""

    name: str
    label: str
    plural_label: str
    icon: str


def kinds_as_rows(session: Session) -> tuple[KindSpec, ...]:
    """Return the kinds that are rows, by name; a name that code has taken is left out."""
    rows = session.scalars(select(CustomKind).order_by(CustomKind.name))
    return tuple(
        KindSpec(row.name, row.label, row.plural_label, row.icon)
        for row in rows
        if NAME.fullmatch(row.name) and (row.name in _made or not registry.has_kind(row.name))
    )


_made: dict[str, type[Master]] = {}


def show_kinds(specs: tuple[KindSpec, ...]) -> None:
    """Make exactly these kinds known in this process; a class made before is used again."""
    names = {spec.name for spec in specs}
    for name in _made.keys() - names:
        registry.drop_kind(name)
    for spec in specs:
        cls = _made.get(spec.name) or _make(spec)
        cls.__label__, cls.__plural_label__, cls.__icon__ = spec.label, spec.plural_label, spec.icon
        registry.add_kind(cls)


def _make(spec: KindSpec) -> type[Master]:
    body = {
        "__kind__": spec.name, "__collection__": plural(spec.name).replace("_", "-"), "__label__": spec.label,
        "__plural_label__": spec.plural_label, "__icon__": spec.icon, "__doc__": "A kind that is a row.",
        "__module__": __name__,
    }  # fmt: skip
    made = new_class(f"Row_{spec.name}", (CustomRecord,), exec_body=lambda namespace: namespace.update(body))
    _made[spec.name] = cast("type[Master]", made)
    return _made[spec.name]
