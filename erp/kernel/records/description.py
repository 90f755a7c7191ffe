"""One description of a kind, from which form, list, filters, REST, import, print and audit labels derive."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from sqlalchemy import BigInteger, Boolean, Date, Integer, Text
from sqlalchemy.dialects.mysql import DATETIME, JSON
from sqlalchemy.orm import Mapper

from erp.kernel.records.aspects import Aspect, aspects_of
from erp.kernel.records.base import Base
from erp.kernel.records.fields import MORE, FieldSpec
from erp.kernel.records.record import Master, Record, Voucher
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.records.setup import CustomSpec, Setup
from erp.kernel.records.types import CodeText, Exact, RowList, TagList, Uid

AspectClass = type[Aspect]


@dataclass(frozen=True, slots=True, eq=False)
class FieldInfo:
    """One field as one user sees it. ``attribute`` is the Python name, ``name`` that of forms and API."""

    name: str
    attribute: str
    label: str
    type: str
    required: bool = False
    readonly: bool = False
    link: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    spec: FieldSpec = field(default_factory=lambda: FieldSpec(""))
    aspect: AspectClass | None = None
    custom: bool = False
    digits: int = 0
    scale: int = 0
    column: Any = None
    has_default: bool = False

    @property
    def is_guarded(self) -> bool:
        """Return whether it is a right, not the field itself, that lets the reader only read it."""
        return self.readonly and not self.spec.readonly

    @property
    def in_list(self) -> bool:
        """Return whether lists show it unasked."""
        return self.spec.in_list

    @property
    def in_filter(self) -> bool:
        """Return whether filters offer it unasked."""
        return self.spec.in_filter

    @property
    def in_form(self) -> bool:
        """Return whether forms show it."""
        return self.spec.in_form

    @property
    def group(self) -> str:
        """Return the form group: empty is the main one, "More" is folded."""
        return self.spec.group

    @property
    def help(self) -> str:
        """Return the hint below the field."""
        return self.spec.help

    @property
    def is_number(self) -> bool:
        """Return whether it is right-aligned and summed or compared as a number."""
        return self.type in {"money", "price", "quantity", "percent", "factor", "integer", "decimal"}

    def from_json(self, kept: Any) -> Any:
        """Return a value that is kept as JSON as its type has it; raise ``ValueError`` for what is none of this type."""
        if kept is None:
            return None
        if self.type == "date":
            return date.fromisoformat(str(kept))
        if not self.is_number:
            return kept
        try:
            number = Decimal(str(kept))
        except InvalidOperation:
            raise ValueError(kept) from None
        if self.type == "integer" and number != number.to_integral_value():
            raise ValueError(kept)
        return int(number) if self.type == "integer" else number


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """A kind as one user sees it in one view."""

    kind: str
    label: str
    plural: str
    collection: str
    record: type[Any]
    fields: tuple[FieldInfo, ...]
    lines: "dict[str, Description]" = field(default_factory=dict)
    rows_label: str = ""
    owner_column: str = ""
    is_voucher: bool = False
    is_master: bool = False
    icon: str = "file-text"
    off: tuple[FieldInfo, ...] = ()
    """What a feature that is switched off hides: only read, and only where something was entered before."""
    stamp: int = 0
    """Of which setup this is the description."""

    def __getitem__(self, name: str) -> FieldInfo:
        for info in self.fields:
            if info.name == name:
                return info
        raise KeyError(name)

    def get(self, name: str) -> FieldInfo | None:
        """Return the field of this name, or None when it is unknown or hidden from the user."""
        return next((info for info in self.fields if info.name == name), None)

    def closed_but(self, names: frozenset[str]) -> "Description":
        """Return the same with every field read only but the named ones; those of lines are named ``lines.price``."""
        closed = [info if info.name in names else replace(info, readonly=True) for info in self.fields]
        lines = {
            line: one.closed_but(
                frozenset(name.removeprefix(f"{line}.") for name in names if name.startswith(f"{line}."))
            )
            for line, one in self.lines.items()
        }
        return replace(self, fields=tuple(closed), lines=lines)

    @property
    def columns(self) -> list[FieldInfo]:
        """Return what a list shows unasked: six at the most."""
        return [info for info in self.fields if info.in_list][:6]

    @property
    def form_fields(self) -> list[FieldInfo]:
        """Return what a form shows, in order."""
        return [info for info in self.fields if info.in_form]

    @property
    def main_fields(self) -> list[FieldInfo]:
        """Return the fields shown at once."""
        return [info for info in self.form_fields if info.group != MORE]

    @property
    def more_fields(self) -> list[FieldInfo]:
        """Return the folded fields."""
        return [info for info in self.form_fields if info.group == MORE]


class Reader(Protocol):
    """Who reads: what ``describe`` must know of an actor."""

    @property
    def user_id(self) -> int | None:
        """Return the user, or None for the system."""


Levels = Callable[[str, str], str]
"""(kind, field) -> "write" | "read" | "hidden"."""

Words = tuple[int | None, str]
"""(company, language)."""

HIDDEN, READ, WRITE = "hidden", "read", "write"


def _type_of(column: Any, spec: FieldSpec) -> str:
    if spec.link:
        return "link"
    if spec.choices:
        return "choice"
    if "type" in spec.extra:
        return str(spec.extra["type"])
    kinds: list[tuple[type[Any], str]] = [
        (TagList, "tags"), (RowList, "rows"), (JSON, "json"), (CodeText, "code"), (Uid, "uid"), (Boolean, "boolean"),
        (BigInteger, "integer"), (Integer, "integer"), (Date, "date"), (DATETIME, "instant"), (Text, "longtext"),
    ]  # fmt: skip
    if isinstance(column.type, Exact):
        return column.type.meaning
    for cls, name in kinds:
        if isinstance(column.type, cls):
            return name
    return "currency" if getattr(column.type, "length", None) == 3 else "text"


def _field(attribute: str, column: Any, aspect: type[Aspect] | None) -> FieldInfo | None:
    spec: FieldSpec | None = column.info.get("field")
    if spec is None:
        return None
    name = spec.name or (attribute.removesuffix("_id") if spec.link else attribute)
    has_default = column.default is not None
    required = spec.required if spec.required is not None else not (column.nullable or spec.readonly or has_default)
    exact = column.type if isinstance(column.type, Exact) else None
    return FieldInfo(
        name=name, attribute=attribute, label=spec.label, type=_type_of(column, spec), required=required,
        readonly=spec.readonly, link=spec.link, choices=spec.offered, spec=spec, aspect=aspect,
        digits=exact.digits if exact else 0, scale=exact.scale if exact else 0, column=getattr(aspect, attribute, None),
        has_default=has_default,
    )  # fmt: skip


def _columns(cls: type[Base], aspect: type[Aspect] | None = None) -> list[FieldInfo]:
    mapper: Mapper[Any] = cls.__mapper__
    found = []
    for prop in mapper.column_attrs:
        info = _field(prop.key, prop.columns[0], aspect)
        if info is not None:
            found.append(replace(info, column=getattr(cls, prop.key)))
    return sorted(found, key=lambda info: _rank(cls, info))


def _rank(cls: type[Any], info: FieldInfo) -> int:
    """Return the place of a field: those named in ``__field_order__``, then as declared, status and the like last."""
    order: list[str] = list(getattr(cls, "__field_order__", ()))
    if info.name in order:
        return order.index(info.name)
    for distance, base in enumerate(reversed(cls.__mro__)):
        names = list(base.__dict__.get("__annotations__", ()))  # noqa: RUF063 - own ones only, unevaluated
        if info.attribute not in names:
            continue
        if base is Voucher:
            return -1 if info.attribute == "number" else 9000 + names.index(info.attribute)
        return 100 * distance + names.index(info.attribute) if base is not Master else names.index(info.attribute) - 100
    return 8000


def _custom(spec: CustomSpec) -> FieldInfo:
    return FieldInfo(
        name=f"custom.{spec.name}", attribute=spec.name, label=spec.label, type=spec.type, required=spec.required,
        choices=spec.choices, spec=FieldSpec(spec.label, group=MORE, choices=spec.choices), custom=True,
    )  # fmt: skip


_cache: dict[tuple[Any, ...], Description] = {}


def describe(
    kind: str, view: str, setup: Setup, levels: Levels | None = None, key: object = None, *,
    words: Words = (None, ""),
) -> Description:  # fmt: skip
    """Return ``kind`` as seen in ``view`` ("form", "list", "api", "print") by the user whose field rights are ``levels``.

    ``key`` stands for those rights in the cache; without it and with ``levels`` nothing is cached. ``words`` are the
    company and the language whose own labels replace ours.
    """
    said = setup.words(*words)
    cache_key = (kind, view, setup.stamp, key, words if said else None)
    if levels is None or key is not None:
        found = _cache.get(cache_key)
        if found is not None:
            return found
    record = kind_of(kind)
    described = _describe(record, kind, Sight(setup, levels, said))
    if levels is None or key is not None:
        if len(_cache) > 2000:
            _cache.clear()
        _cache[cache_key] = described
    return described


@dataclass(frozen=True, slots=True)
class Sight:
    """With whose eyes a kind is seen: features in force, field rights, preferred words."""

    setup: Setup
    levels: Levels | None
    said: dict[tuple[str, str], str]

    def label(self, kind: str, name: str, ours: str) -> str:
        """Return the label of a field, or of the kind itself (no name; "*" for many of them)."""
        return self.said.get((kind, name), ours)


def _describe(record: type[Record], kind: str, sight: Sight) -> Description:
    fields = _columns(record)
    for aspect in aspects_of(kind):
        fields += _columns(aspect, aspect)
    fields += [_custom(spec) for spec in sight.setup.custom.get(kind, [])]
    lines = {}
    for relation in record.__mapper__.relationships:
        ours = relation.info.get("rows")
        if ours is None:
            continue
        line, label = relation.mapper.class_, sight.label(kind, relation.key, ours)
        seen, off = _seen(_columns(line), kind, sight, f"{relation.key}.")
        lines[relation.key] = Description(
            kind=line.__tablename__, label=label, plural=label, collection=relation.key, record=line, fields=tuple(seen),
            rows_label=label, owner_column=relation.primaryjoin.right.key, off=tuple(off),
        )  # fmt: skip
    seen, off = _seen(fields, kind, sight, "")
    return Description(
        kind=kind, label=sight.label(kind, "", record.__label__), plural=sight.label(kind, "*", record.__plural_label__),
        collection=record.__collection__, record=record, fields=tuple(seen), lines=lines, icon=record.__icon__,
        is_voucher=issubclass(record, Voucher), is_master=issubclass(record, Master), off=tuple(off),
        stamp=sight.setup.stamp,
    )  # fmt: skip


def _seen(fields: list[FieldInfo], kind: str, sight: Sight, prefix: str) -> tuple[list[FieldInfo], list[FieldInfo]]:
    """Return what is seen, marked where the user may only read it, and what a feature that is off would show.

    What a right hides is in neither.
    """
    seen, off = [], []
    for info in fields:
        level = sight.levels(kind, prefix + info.name) if sight.levels else WRITE
        if level == HIDDEN:
            continue
        said = replace(info, label=sight.label(kind, prefix + info.name, info.label))
        if not _is_on(info, sight.setup):
            off.append(replace(said, readonly=True, required=False))
        else:
            seen.append(replace(said, readonly=True, required=False) if level == READ else said)
    return seen, off


def _is_on(info: FieldInfo, setup: Setup) -> bool:
    """Return whether a field's own feature is on, and that of the kind it links to."""
    if info.spec.feature and info.spec.feature not in setup.features:
        return False
    return not info.link or not has_kind(info.link) or setup.is_on(kind_of(info.link).__feature__)
