"""Conditions of a list as its URL has them: a field, an operator and a value, read exactly and turned into SQL."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, not_, or_, select, type_coerce
from sqlalchemy.orm import aliased

from erp.kernel.change.find import visible
from erp.kernel.change.links import code_column, title_column
from erp.kernel.change.values import LinkRef, Reader, Unreadable, read_value
from erp.kernel.change.work import Work
from erp.kernel.errors import BadRequest
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.registry import kind_of
from erp.kernel.talk.model import RecordTag
from erp.kernel.text import _

Condition = ColumnElement[bool]
OPERATORS = {"eq", "ne", "lt", "lte", "gt", "gte", "in", "like", "isnull"}
WITHOUT_ORDER = {"json", "rows", "tags"}
TEXTS = {"text", "code", "longtext", "choice", "currency"}
YES, NO = {"1", "true"}, {"0", "false"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: a field, an operator and its value as sent."""

    info: FieldInfo
    op: str
    raw: str


def read_filter(info: FieldInfo, op: str, raw: str) -> Filter:
    """Return a condition; raise ``BadRequest`` for an operator that we do not know or that says nothing here."""
    if op not in OPERATORS:
        raise BadRequest(_("Unknown operator: %(op)s.", op=op))
    if info.type in WITHOUT_ORDER and op in {"lt", "lte", "gt", "gte"}:
        raise BadRequest(_("%(name)s cannot be compared by %(op)s.", name=info.name, op=op))
    if op == "isnull" and raw.lower() not in YES | NO:
        raise BadRequest(f"{info.name}: " + _("Send true or false."))
    if op in {"lt", "lte", "gt", "gte"} and not raw.strip():
        raise BadRequest(_("%(field)s is missing.", field=info.name))
    return Filter(info, op, raw)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Turns conditions into SQL for one actor. ``reader`` understands what people type; None is the strict API."""

    work: Work
    reader: Reader | None

    def sql(self, one: Filter, column: Any) -> Condition:
        """Return the condition on ``column``."""
        if one.op == "isnull":
            return column.is_(None) if one.raw.lower() in YES else column.is_not(None)  # type: ignore[no-any-return]
        if one.op == "like":
            return self._like(one, column)
        if one.op == "in":
            parts = [part for part in one.raw.split(",") if part.strip()]
            return or_(*(self._equals(one.info, column, part) for part in parts)) if parts else false()
        if one.op in {"eq", "ne"}:
            same = self._equals(one.info, column, one.raw)
            return same if one.op == "eq" else or_(not_(same), column.is_(None)) if one.raw.strip() else not_(same)
        value = self.value(one.info, one.raw)
        compared: dict[str, Callable[[Any], Condition]] = {
            "lt": column.__lt__, "lte": column.__le__, "gt": column.__gt__, "gte": column.__ge__,
        }  # fmt: skip
        return compared[one.op](int(value) if isinstance(value, bool) else value)

    def _equals(self, info: FieldInfo, column: Any, raw: str) -> Condition:
        if not raw.strip():
            return column.is_(None)  # type: ignore[no-any-return]
        if info.type == "tags":
            return func.json_contains(column, json.dumps(raw.strip(), ensure_ascii=False)) == 1
        if info.type in WITHOUT_ORDER:
            raise BadRequest(_("%(name)s cannot be compared by %(op)s.", name=info.name, op="eq"))
        return column == self.value(info, raw)  # type: ignore[no-any-return]

    def _like(self, one: Filter, column: Any) -> Condition:
        """Return where the value occurs: in a text, in the words of a link, in a figure or date as ISO writes it."""
        pattern = f"%{escaped(one.raw)}%"
        if one.info.link:
            return linked_like(one.info, column, pattern)
        if one.info.type in WITHOUT_ORDER:
            return type_coerce(column, String()).like(pattern)
        return (column if one.info.type in TEXTS else cast(column, String(64))).like(pattern)

    def value(self, info: FieldInfo, raw: str) -> Any:
        """Return the value as the column compares it; raise ``BadRequest`` when it is none."""
        if info.type == "boolean" and raw.lower() in YES | NO:
            return raw.lower() in YES
        is_id = bool(info.link) and raw.isascii() and raw.isdigit()
        try:
            value = read_value(replace(info, readonly=False), int(raw) if is_id else raw, self.reader)
        except Unreadable as unreadable:
            raise BadRequest(f"{info.name}: {unreadable.message}") from None
        return self._linked(value) if isinstance(value, LinkRef) else value

    def _linked(self, ref: LinkRef) -> int:
        if ref.id is not None:
            return ref.id
        kind = kind_of(ref.kind)
        named, title = code_column(kind) == ref.code, title_column(kind)
        if ref.words and title is not None:
            named = or_(named, title == ref.code)
        return self.work.session.scalar(select(kind.id).where(named, visible(self.work.actor, kind)).limit(1)) or 0


def search_condition(description: Description, q: str) -> Condition:
    """Return rows whose number, code or name holds every word of ``q``; of a word after # those that have it as a tag."""
    searched = [info for info in description.fields if info.spec.search and not info.custom and info.aspect is None]
    linked = [info for info in description.fields if info.link and info.in_list and info.aspect is None]
    parts = []
    for word in q.split()[:6]:
        if word.startswith("#") and len(word) > 1:
            parts.append(description.record.id.in_(_tagged(description.kind, word[1:])))
            continue
        pattern = f"%{escaped(word)}%"
        options = [info.column.like(pattern) for info in searched]
        options += [linked_like(info, info.column, pattern) for info in linked]
        parts.append(or_(*options) if options else false())
    return and_(*parts) if parts else false()


def _tagged(kind: str, name: str) -> Select[int]:
    """Return the ids of what has a tag; blanks in a tag are written as underscores."""
    same = or_(RecordTag.name == name, RecordTag.name == name.replace("_", " "))
    return select(RecordTag.about_id).where(RecordTag.about_kind == kind, same)


def linked_like(info: FieldInfo, column: Any, pattern: str) -> Condition:
    """Return rows whose link leads to a record with these words in its code or name."""
    source = kind_of(str(info.link))
    kind = aliased(source)
    options = [
        getattr(kind, one.key).like(pattern) for one in (title_column(source), code_column(source)) if one is not None
    ]
    found: Condition = column.in_(select(kind.id).where(or_(*options)).limit(500).subquery().select())
    return found


def escaped(text: str) -> str:
    """Return ``text`` with LIKE's signs taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
