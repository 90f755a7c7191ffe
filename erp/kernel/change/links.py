"""Links found and labelled in one query for each kind, however many rows name them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from erp.kernel.change.find import nameable, sees_all
from erp.kernel.change.kept import kept
from erp.kernel.change.values import LinkRef
from erp.kernel.change.work import Work
from erp.kernel.records.base import table_of
from erp.kernel.records.record import ARCHIVED, CANCELLED, Master, Record, Voucher
from erp.kernel.records.registry import kind_of
from erp.kernel.records.types import normal_code


@dataclass(frozen=True, slots=True)
class Label:
    """What a link shows: ``number`` is the code or number, ``text`` the words beside it."""

    id: int
    number: str | None
    text: str


def code_column(kind: type[Record]) -> Any:
    """Return the column by which people and programs name a record of this kind."""
    table = cast("Any", kind)
    return table.number if issubclass(kind, Voucher) else getattr(table, "code", table.id)


def title_column(kind: type[Record]) -> Any:
    """Return the column whose words stand for the record in links."""
    return getattr(kind, kind.__title__, None) if not issubclass(kind, Voucher) else code_column(kind)


def labels(
    session: Session, kind_name: str, ids: Iterable[int], known: Mapping[int, Label] | None = None
) -> dict[int, Label]:
    """Return the labels of records by id; those that are ``known`` are not asked.

    No right is asked: the reader sees the link on a record he may see.
    """
    wanted = {one for one in ids if one}
    found = {one: known[one] for one in wanted if one in known} if known else {}
    missing = wanted - found.keys()
    if missing:
        rows = session.execute(_labelled(kind_name), {"ids": list(missing)})
        found.update({row[0]: _label(*row) for row in rows})
    return found


@cache
def _labelled(kind_name: str) -> Select[Any]:
    return select(*_label_columns(kind_of(kind_name))).where(
        table_of(kind_of(kind_name)).c.id.in_(bindparam("ids", expanding=True))
    )


def _label_columns(kind: type[Record]) -> tuple[Any, Any, Any]:
    """Return id, code and words as columns of the plain table: reading rows costs less than reading records."""
    columns, code, title = kind.__mapper__.columns, code_column(kind), title_column(kind)
    words = code if title is None else title
    return columns["id"], columns[code.key], columns[words.key]


def _label(record_id: int, number: Any, text: Any) -> Label:
    return Label(record_id, number, str(text or number or record_id))


def seen_labels(work: Work) -> dict[str, dict[int, Label]]:
    """Return the labels that this unit of work has read, by kind and id."""
    return work.once("labels", lambda: defaultdict[str, dict[int, Label]](dict))


def remember_labels(work: Work, kind_name: str, rows: Iterable[tuple[int, Any, Any]]) -> None:
    """Keep the labels of (id, code, words) that were read anyway, so that nothing asks again in this unit of work."""
    seen_labels(work)[kind_name].update({row[0]: _label(*row) for row in rows})


def known_labels(work: Work, kind_name: str, ids: Iterable[int]) -> dict[int, Label]:
    """Return the labels of records by id; what this unit of work has seen already is not asked again."""
    known = seen_labels(work)[kind_name]
    if kind_name == "user" and work.actor.user_id:
        known[work.actor.user_id] = Label(work.actor.user_id, work.actor.login, work.actor.name)
    found = labels(work.session, kind_name, ids, known)
    known.update(found)
    return found


def resolve(work: Work, refs: Iterable[LinkRef], company_id: int | None, *, past: bool = False) -> dict[LinkRef, int]:
    """Return the ids behind ``refs``; what is unknown or hidden is absent, as is what is archived unless ``past``."""
    found: dict[LinkRef, int] = {}
    by_kind: dict[str, set[LinkRef]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref)
    for kind_name in sorted(by_kind):
        wanted = Wanted.of(by_kind[kind_name], company_id, past=past)
        rows = _rows(work, kind_of(kind_name), wanted)
        remember_labels(work, kind_name, rows)
        found |= {ref: one for ref in by_kind[kind_name] if (one := _match(ref, rows)) is not None}
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for among the records of a kind, and where."""

    ids: frozenset[int]
    codes: frozenset[str]
    words: frozenset[str]
    company_id: int | None
    past: bool

    @classmethod
    def of(cls, refs: set[LinkRef], company_id: int | None, *, past: bool) -> "Wanted":
        """Return what the links name."""
        ids = frozenset(ref.id for ref in refs if ref.id is not None)
        codes = frozenset(normal_code(ref.code) for ref in refs if ref.code)
        return cls(ids, codes, frozenset(ref.code for ref in refs if ref.words and ref.code), company_id, past)


def _rows(work: Work, kind: type[Record], wanted: Wanted) -> list[tuple[int, Any, Any]]:
    """Return (id, code, words) of what is wanted and may be seen; of kinds that are set up it is kept."""
    seen = nameable(work.actor, kind)
    if kind.__setup__ and sees_all(seen):
        return kept(work, ("found", kind.__kind__, wanted), lambda: _ask(work, kind, wanted, seen))
    return _ask(work, kind, wanted, seen)


def _ask(work: Work, kind: type[Record], wanted: Wanted, seen: ColumnElement[bool]) -> list[tuple[int, Any, Any]]:
    """Find records in one statement, and let those who asked (``reads_with``) keep what they want to know of them."""
    given = {"ids": list(wanted.ids), "codes": list(wanted.codes), "words": list(wanted.words)}
    named = tuple(name for name, values in given.items() if values)
    if not named:
        return []
    query = _found(kind, named, in_company=wanted.company_id is not None, past=wanted.past)
    values: dict[str, Any] = {name: given[name] for name in named}
    if wanted.company_id is not None and hasattr(kind, "company_id"):
        values["company"] = wanted.company_id
    rows = work.session.execute(query if sees_all(seen) else query.where(seen), values).all()
    start = 3
    for more in _more.get(kind.__kind__, ()):
        end = start + len(more.columns)
        more.keep(work, {row[0]: row[start:end] for row in rows})
        start = end
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True, slots=True)
class ReadWith:
    """What a department wants to know of each record that a link finds: columns of joined tables, and who keeps them."""

    columns: tuple[Any, ...]
    joins: tuple[tuple[Any, Any], ...]
    keep: Callable[[Work, Mapping[int, Any]], None]


_more: dict[str, list[ReadWith]] = {}


def reads_with(
    kind: type[Record], columns: tuple[Any, ...], joins: tuple[tuple[Any, Any], ...],
    keep: Callable[[Work, Mapping[int, Any]], None],
) -> None:  # fmt: skip
    """Read ``columns`` with every record of ``kind`` that a link finds, in the same statement.

    ``joins`` are (table, condition) of outer joins; ``keep`` gets the rows by id and remembers them in the unit of
    work, so that the rules of a document need not ask again.
    """
    assert not kind.__setup__, "what is set up is kept without its company"
    _more.setdefault(kind.__kind__, []).append(ReadWith(columns, joins, keep))


@cache
def _found(kind: type[Record], named: tuple[str, ...], *, in_company: bool, past: bool) -> Select[Any]:
    """Return the statement that finds records by what is ``named``: ids, codes, words."""
    record_id, code, words = _label_columns(kind)
    columns = {"ids": record_id, "codes": code, "words": words}
    options = [columns[name].in_(bindparam(name, expanding=True)) for name in named]
    more = _more.get(kind.__kind__, [])
    query = select(record_id, code, words, *(column for one in more for column in one.columns))
    query = query.select_from(table_of(kind))
    for one in more:
        for table, condition in one.joins:
            query = query.outerjoin(table, condition)
    return query.where(or_(*options), *_usable(kind, in_company=in_company, past=past))


def _usable(kind: type[Record], *, in_company: bool, past: bool) -> list[ColumnElement[bool]]:
    columns = table_of(kind).c
    found: list[ColumnElement[bool]] = []
    if in_company and hasattr(kind, "company_id"):
        found.append(or_(columns.company_id == bindparam("company"), columns.company_id.is_(None)))
    if not past and issubclass(kind, Master):
        found.append(columns.state != ARCHIVED)
    if not past and issubclass(kind, Voucher):
        found.append(columns.state != CANCELLED)
    if kind.__of_rows__:
        found.append(columns.of_kind == kind.__kind__)
    return found


def _match(ref: LinkRef, rows: list[tuple[int, Any, Any]]) -> int | None:
    if ref.id is not None:
        return next((row[0] for row in rows if row[0] == ref.id), None)
    wanted = normal_code(ref.code or "")
    exact = [row[0] for row in rows if row[1] == wanted]
    if exact:
        return exact[0]
    if not ref.words:
        return None
    named = [row[0] for row in rows if str(row[2]).casefold() == (ref.code or "").casefold()]
    return named[0] if len(named) == 1 else None
