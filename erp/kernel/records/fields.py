"""Columns that say how people see them: the words from which forms, lists, REST and imports derive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import MappedColumn, Relationship, mapped_column, relationship

MAIN = ""
MORE = "More"


@dataclass(frozen=True, slots=True, eq=False)
class FieldSpec:
    """What a declaration says about one column, before it is merged for a view and a user."""

    label: str
    help: str = ""
    in_list: bool = False
    in_filter: bool = False
    in_form: bool = True
    required: bool | None = None
    readonly: bool = False
    search: bool = False
    group: str = MAIN
    feature: str | None = None
    choices: tuple[tuple[str, str], ...] | Callable[[], tuple[tuple[str, str], ...]] = ()
    link: str | None = None
    translate: bool = False
    wide: bool = False
    api: bool = True
    quick: bool = False
    width: str = ""
    total: bool = False
    secret: bool = False
    when_used: bool = False
    name: str | None = None
    extra: dict[str, Any] = dataclass_field(default_factory=dict)

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """Return the values to choose from with their words; those that depend on the house are asked each time."""
        return self.choices() if callable(self.choices) else self.choices


def _spec(label: str, options: dict[str, Any]) -> tuple[FieldSpec, dict[str, Any]]:
    """Split declaration options into what people see and what the column is."""
    known = {key: options.pop(key) for key in list(options) if key in FieldSpec.__dataclass_fields__}
    if "choices" in known and not callable(known["choices"]):
        known["choices"] = tuple(known["choices"])
    return FieldSpec(label=label, **known), options


def field(label: str, *column: Any, **options: Any) -> MappedColumn[Any]:
    """Declare a column. Options of ``FieldSpec`` describe it; all others go to the column itself."""
    spec, rest = _spec(label, options)
    if spec.readonly and "default" not in rest and spec.required is None:
        rest.setdefault("default", None)
        if rest["default"] is None:
            del rest["default"]
    return mapped_column(*column, info={"field": spec}, **rest)


def link(kind: str, label: str, **options: Any) -> MappedColumn[Any]:
    """Declare a link to a record of ``kind``: a BIGINT column named ``<name>_id``, ``<name>`` in forms and API."""
    index = options.pop("index", True)
    spec, rest = _spec(label, {**options, "link": kind})
    return mapped_column(
        BigInteger(), ForeignKey(f"{kind}.id", ondelete="RESTRICT"), index=index, info={"field": spec}, **rest
    )


def rows(line: str, label: str, **options: Any) -> Relationship[Any]:
    """Declare the lines of a document: loaded on purpose, ordered by position, owned by it."""
    return relationship(
        line,
        lazy="raise",
        order_by=f"{line}.position",
        cascade="all, delete-orphan",
        passive_deletes=False,
        info={"rows": label, **options},
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """A closed list of values with their words, shared by several fields."""

    pairs: Sequence[tuple[str, str]]

    def label(self, value: str) -> str:
        """Return the word of ``value``, or the value itself when it is unknown."""
        return next((text for key, text in self.pairs if key == value), value)


Rule = Callable[..., Any]
