"""Links found and labelled in one query for each kind, however many rows name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from erp.kernel.change.find import visible
from erp.kernel.change.values import LinkRef
from erp.kernel.change.work import Work
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


def labels(session: Session, kind_name: str, ids: Iterable[int]) -> dict[int, Label]:
    """Return the labels of records by id. No right is asked: the reader sees the link on a record he may see."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    kind = kind_of(kind_name)
    code, title = code_column(kind), title_column(kind)
    found = session.execute(select(kind.id, code, title if title is not None else code).where(kind.id.in_(wanted)))
    return {row[0]: _label(*row) for row in found}


def _label(record_id: int, number: Any, text: Any) -> Label:
    return Label(record_id, number, str(text or number or record_id))


def remember_labels(work: Work, kind_name: str, rows: Iterable[tuple[int, Any, Any]]) -> None:
    """Keep the labels of (id, code, words) that were read anyway, so that nothing asks again in this unit of work."""
    work.once(("labels", kind_name), dict[int, Label]).update({row[0]: _label(*row) for row in rows})


def known_labels(work: Work, kind_name: str, ids: Iterable[int]) -> dict[int, Label]:
    """Return the labels of records by id; what this unit of work has seen already is not asked again."""
    known: dict[int, Label] = work.once(("labels", kind_name), dict[int, Label])
    if kind_name == "user" and work.actor.user_id:
        known[work.actor.user_id] = Label(work.actor.user_id, work.actor.login, work.actor.name)
    wanted = {one for one in ids if one}
    known.update(labels(work.session, kind_name, wanted - known.keys()))
    return {one: known[one] for one in wanted if one in known}


def resolve(work: Work, refs: Iterable[LinkRef], company_id: int | None, *, past: bool = False) -> dict[LinkRef, int]:
    """Return the ids behind ``refs``; what is unknown or hidden is absent, as is what is archived unless ``past``."""
    found: dict[LinkRef, int] = {}
    by_kind: dict[str, set[LinkRef]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref)
    for kind_name in sorted(by_kind):
        query = _usable(kind_of(kind_name), company_id, past=past)
        found |= _resolve_kind(work, kind_of(kind_name), by_kind[kind_name], query)
    return found


def _resolve_kind(
    work: Work, kind: type[Record], refs: set[LinkRef], usable: list[ColumnElement[bool]]
) -> dict[LinkRef, int]:
    ids = {ref.id for ref in refs if ref.id is not None}
    codes = {normal_code(ref.code) for ref in refs if ref.code}
    words = {ref.code for ref in refs if ref.words and ref.code}
    code, title = code_column(kind), title_column(kind)
    parts: list[ColumnElement[bool]] = []
    if ids:
        parts.append(kind.id.in_(ids))
    if codes:
        parts.append(code.in_(codes))
    if words and title is not None and title is not code:
        parts.append(title.in_(words))
    if not parts:
        return {}
    query = select(kind.id, code, title if title is not None else code)
    query = query.where(or_(*parts), visible(work.actor, kind), *usable)
    rows = [(row[0], row[1], row[2]) for row in work.session.execute(query)]
    remember_labels(work, kind.__kind__, rows)
    return {ref: one for ref in refs if (one := _match(ref, rows)) is not None}


def _usable(kind: type[Record], company_id: int | None, *, past: bool) -> list[ColumnElement[bool]]:
    table = cast("Any", kind)
    found: list[ColumnElement[bool]] = []
    if company_id is not None and hasattr(kind, "company_id"):
        found.append(or_(table.company_id == company_id, table.company_id.is_(None)))
    if not past and issubclass(kind, Master):
        found.append(kind.state != ARCHIVED)
    if not past and issubclass(kind, Voucher):
        found.append(table.state != CANCELLED)
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
