"""Search over everything one may see: names, numbers, and Japanese, which writes no spaces."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Index, String, bindparam, delete, event, inspect, or_, select, text
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.util import identity_key

from erp.kernel.change.described import described
from erp.kernel.change.find import visible
from erp.kernel.change.hooks import on_change
from erp.kernel.change.links import Label, labels, seen_labels
from erp.kernel.change.waiting import taken, waiting
from erp.kernel.change.work import Work
from erp.kernel.paper.fold import fold, index_text, must_hold, phrases
from erp.kernel.records import Base, Choice, LongText, Master, Record, Voucher, all_kinds, has_kind, kind_of
from erp.kernel.records.base import table_of
from erp.kernel.records.fields import FieldSpec
from erp.kernel.rights import may
from erp.kernel.web.filters import search_condition

CANDIDATES = 300
PREFIXED = 50
UNSEARCHED = {"commented", "attached", "awaiting_approval"}
ENTRIES = "search entries"
Seen = dict[str, dict[int, Label]]


class SearchEntry(Base):
    """What one record is found by. ``words`` holds folded pairs of characters; nobody reads it."""

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_words", "words", mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT"),
        Index("ix_search_entry_folded", "folded"),
    )

    kind: Mapped[Choice] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    company_id: Mapped[int | None] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(255))
    detail: Mapped[str] = mapped_column(String(255), default="")
    folded: Mapped[str] = mapped_column(String(190, collation="utf8mb4_nopad_bin"))
    words: Mapped[LongText]


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found; ``title`` is its number or code, ``detail`` its name."""

    kind: str
    kind_label: str
    id: int
    title: str
    detail: str
    url: str
    icon: str


_fields: dict[str, list[tuple[str, FieldSpec]]] = {}


def searchable(kind: type[Record]) -> list[tuple[str, FieldSpec]]:
    """Return the columns by which records of a kind are found, as (attribute, declaration)."""
    if kind.__kind__ not in _fields:
        columns = [(prop.key, prop.columns[0].info.get("field")) for prop in kind.__mapper__.column_attrs]
        found = [(name, spec) for name, spec in columns if spec is not None and _is_searched(kind, spec)]
        _fields[kind.__kind__] = sorted(found, key=lambda pair: pair[0] != kind.__title__)
    return _fields[kind.__kind__]


def _is_searched(kind: type[Record], spec: FieldSpec) -> bool:
    """Return whether a field finds its record: those declared so, and whom a document's list shows it is for."""
    if not spec.link or spec.search:
        return spec.search
    return issubclass(kind, Voucher) and spec.in_list and spec.link != "company" and not spec.link.endswith("_account")


@on_change
def remember(work: Work, record: Record, what: str) -> None:
    """Note that a record's entry must be written before the transaction commits."""
    if what in UNSEARCHED or not searchable(type(record)):
        return
    records, _seen = waiting(work.session, ENTRIES, lambda: ({}, seen_labels(work)))
    records[record.__kind__, record.id] = None if what == "deleted" else record


@event.listens_for(Session, "before_commit", insert=True)
def _write(session: Session) -> None:
    """Write all entries that wait before the whole transaction commits; what a savepoint took back is left out.

    It comes before the versions of the kinds, whose rows everybody shares.
    """
    records, seen = taken(session, ENTRIES) or ({}, {})
    gone = [key for key, record in records.items() if record is None]
    found = [record for record in records.values() if record is not None and inspect(record).persistent]
    for kind, record_id in gone:
        session.execute(delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.record_id == record_id))
    put(session, found, seen)


def put(session: Session, records: Iterable[Record], seen: Seen | None = None) -> int:
    """Write the entries of records; return how many."""
    rows = entries(session, list(records), seen)
    if rows:
        session.execute(_upsert(), rows)
    return len(rows)


@cache
def _upsert() -> Any:
    new = insert(table_of(SearchEntry))
    changed = {name: new.inserted[name] for name in ("company_id", "title", "detail", "folded", "words")}
    return new.on_duplicate_key_update(changed)


def entries(session: Session, records: list[Record], seen: Seen | None = None) -> list[dict[str, Any]]:
    """Return the rows of ``records``; names that nobody has ``seen`` yet are asked once for each linked kind."""
    names = _linked_names(session, records, seen or {})
    return [_entry(record, names) for record in records]


def _linked_names(session: Session, records: list[Record], seen: Seen) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for record in records:
        for attribute, spec in searchable(type(record)):
            if spec.link and getattr(record, attribute) is not None:
                wanted[spec.link].add(getattr(record, attribute))
    names: dict[tuple[str, int], str] = {}
    for kind, ids in wanted.items():
        loaded = {one: session.identity_map.get(identity_key(kind_of(kind), one)) for one in ids}
        names |= {(kind, one): str(row.title) for one, row in loaded.items() if row is not None}
        missing = [one for one, row in loaded.items() if row is None]
        names |= {(kind, one): label.text for one, label in labels(session, kind, missing, seen.get(kind)).items()}
    return names


def _entry(record: Record, names: dict[tuple[str, int], str]) -> dict[str, Any]:
    """Return a record's row; what is shown of it are names only, whatever else it is found by."""
    parts, shown = [], []
    for attribute, spec in searchable(type(record)):
        value = getattr(record, attribute)
        if value is not None:
            words = names.get((spec.link, value), "") if spec.link else str(value)
            parts.append(words)
            if spec.link or attribute == record.__title__:
                shown.append(words)
    title = record.code if isinstance(record, Master) else record.title
    detail = " · ".join(dict.fromkeys(part for part in shown if part and part != title))
    return {
        "kind": record.__kind__, "record_id": record.id, "company_id": getattr(record, "company_id", None),
        "title": title[:255], "detail": detail[:255], "folded": fold(title)[:190], "words": index_text(title, *parts),
    }  # fmt: skip


def search(work: Work, query: str, *, kinds: Iterable[str] | None = None, limit: int = 12) -> list[Hit]:
    """Return what the actor may see of what ``query`` finds: exact codes and numbers first, then by relevance."""
    wanted = must_hold(query)
    allowed = [kind.__kind__ for kind in all_kinds() if searchable(kind) and may(work.actor, "read", kind.__kind__)]
    if kinds is not None:
        allowed = [kind for kind in allowed if kind in set(kinds)]
    if not wanted or not allowed:
        return []
    folded = fold(query)
    rows = _beginning_with(work, folded, allowed)
    if len(rows) < PREFIXED:
        rows += _holding(work, wanted, phrases(query), allowed)
    found = {(row.kind, row.record_id): row for row in rows}
    seen = _visible(work, list(found.values()), query)
    best = sorted((row for key, row in found.items() if key in seen), key=lambda row: _rank(row, folded))
    return [_hit(work, row) for row in best[:limit]]


def _rank(row: SearchEntry, folded: str) -> tuple[bool, bool, int, int]:
    """Return the place of a hit: the very number first, then what begins so, then short before long, new before old."""
    return row.folded != folded, not row.folded.startswith(folded), len(row.folded), -row.record_id


def _allowed(work: Work, allowed: list[str]) -> list[Any]:
    conditions: list[Any] = [SearchEntry.kind.in_(allowed)]
    if work.actor.companies is not None:
        conditions.append(or_(SearchEntry.company_id.is_(None), SearchEntry.company_id.in_(work.actor.companies)))
    return conditions


def _beginning_with(work: Work, folded: str, allowed: list[str]) -> list[SearchEntry]:
    """Return records whose code or number begins so: an index range, however many records there are."""
    starts = SearchEntry.folded.startswith(folded, autoescape=True)
    query = select(SearchEntry).where(starts, *_allowed(work, allowed)).order_by(SearchEntry.folded).limit(PREFIXED)
    return list(work.session.scalars(query))


def _holding(work: Work, wanted: str, side_by_side: list[str], allowed: list[str]) -> list[SearchEntry]:
    """Return records that hold every word; the order is the database's own relevance."""
    match = text("MATCH(words) AGAINST(:wanted IN BOOLEAN MODE)").bindparams(bindparam("wanted", wanted))
    query = select(SearchEntry).where(match, *_allowed(work, allowed)).limit(CANDIDATES)
    rows = work.session.scalars(query)
    return [row for row in rows if all(f" {phrase} " in f" {row.words} " for phrase in side_by_side)]


def _visible(work: Work, rows: list[SearchEntry], query: str) -> set[tuple[str, int]]:
    """Ask each kind's own condition, so that the index can never show more than the record would.

    Where a field that is searched is hidden from the actor, the fields that are not must match by themselves.
    """
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if has_kind(row.kind):
            ids[row.kind].append(row.record_id)
    seen = set()
    for name, found in ids.items():
        kind = kind_of(name)
        where = [kind.id.in_(found), visible(work.actor, kind)]
        if hides_searched(work, kind):
            where.append(search_condition(described(work, name, "list"), query))
        seen |= {(name, one) for one in work.session.scalars(select(kind.id).where(*where))}
    return seen


def hides_searched(work: Work, kind: type[Record]) -> bool:
    """Return whether some field by which records of a kind are found is hidden from the actor."""
    shown = {info.attribute for info in described(work, kind.__kind__, "list").fields}
    return any(attribute not in shown for attribute, _spec in searchable(kind))


def _hit(work: Work, row: SearchEntry) -> Hit:
    kind = kind_of(row.kind)
    detail = "" if hides_searched(work, kind) else row.detail
    url = f"/{kind.__collection__}/{row.record_id}"
    return Hit(row.kind, str(kind.__label__), row.record_id, row.title, detail, url, kind.__icon__)


def rebuild(work: Work, kind: type[Record]) -> int:
    """Write every entry of a kind anew; the stored entries must then be the same as before."""
    done, last = 0, 0
    while True:
        batch = list(work.session.scalars(select(kind).where(kind.id > last).order_by(kind.id).limit(500)))
        if not batch:
            return done
        done, last = done + put(work.session, batch), batch[-1].id
        for record in batch:
            work.session.expunge(record)
