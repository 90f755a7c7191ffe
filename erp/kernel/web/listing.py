"""A list of any kind: filters, search, sort and keyset paging from the URL, the same for pages and the API."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.sql.base import ExecutableOption

from erp.kernel.change.audit import plain
from erp.kernel.change.find import visible
from erp.kernel.change.values import Reader
from erp.kernel.change.work import Work
from erp.kernel.errors import BadRequest
from erp.kernel.records.aspects import Aspect
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.fields import FieldSpec
from erp.kernel.records.record import Record
from erp.kernel.rights import read_scopes
from erp.kernel.rights.actor import SYSTEM
from erp.kernel.talk.model import RecordTag
from erp.kernel.text import _
from erp.kernel.web.filters import Conditions, Filter, read_filter, search_condition

RESERVED = {"q", "sort", "fields", "limit", "after", "expand", "view", "page", "tab", "columns", "ids"}
SYSTEM_FIELDS = {
    "id": "integer", "version": "integer", "created_at": "instant", "updated_at": "instant", "created_by": "integer",
    "updated_by": "integer",
}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """The whole state of a list, as its URL holds it."""

    description: Description
    filters: tuple[Filter, ...] = ()
    q: str = ""
    sort: tuple[tuple[FieldInfo, bool], ...] = ()
    fields: tuple[str, ...] = ()
    limit: int = 50
    after: str | None = None
    args: tuple[tuple[str, str], ...] = ()

    def url(self, **changes: str | None) -> str:
        """Return the URL of the same list with some parameters changed (None drops one); paging starts anew."""
        kept = [(key, value) for key, value in self.args if key not in changes and key != "after"]
        kept += [(key, value) for key, value in changes.items() if value is not None]
        return f"/{self.description.collection}" + (f"?{urlencode(kept)}" if kept else "")


def read_query(description: Description, args: Mapping[str, str], reader: Reader | None, *, limit: int = 50) -> Query:
    """Read a query string; an unknown field or operator raises ``BadRequest``."""
    filters = [_filter(description, key, value) for key, value in args.items() if key not in RESERVED]
    if reader is not None:
        filters = [one for one in filters if one.raw != ""]
    sort = tuple(
        _sort(description, part) for part in (args.get("sort") or default_sort(description)).split(",") if part
    )
    asked = args.get("limit", str(limit))
    if not (asked.isascii() and asked.isdigit()) or not 1 <= int(asked) <= 500:
        raise BadRequest(_("limit is a number from 1 to 500."))
    fields = tuple(part for part in args.get("fields", "").split(",") if part)
    for name in fields:
        if name not in description.lines and name not in {"number", "state", "status", "links", "title"}:
            field_of(description, name)
    return Query(
        description, tuple(filters), args.get("q", "").strip(), sort, fields, int(asked), args.get("after") or None,
        tuple((key, value) for key, value in args.items() if value != ""),
    )  # fmt: skip


def default_sort(description: Description) -> str:
    """Return the order a list opens in."""
    return str(description.record.__default_sort__)


def field_of(description: Description, name: str) -> FieldInfo:
    """Return a field by its API name, system fields included; raise ``BadRequest`` for others."""
    found = description.get(name)
    if found is not None:
        return found
    if name == "date" and description.is_voucher:
        return field_of(description, description.record.__date__)
    if name in SYSTEM_FIELDS:
        attribute = name + "_id" if name.endswith("_by") else name
        return FieldInfo(
            name, attribute, name, SYSTEM_FIELDS[name], column=getattr(description.record, attribute),
            spec=FieldSpec(name), digits=0,
        )  # fmt: skip
    raise BadRequest(_("Unknown field: %(name)s.", name=name))


def _filter(description: Description, key: str, raw: str) -> Filter:
    name, _sep, op = key.partition("__")
    return read_filter(field_of(description, name), op or "eq", raw)


def _sort(description: Description, part: str) -> tuple[FieldInfo, bool]:
    info = field_of(description, part.removeprefix("-"))
    if info.custom or info.type in {"json", "rows", "tags", "longtext"}:
        raise BadRequest(_("Lists cannot be sorted by %(name)s.", name=info.name))
    return info, part.startswith("-")


@dataclass
class Listing:
    """A query made for one actor: conditions and order, ready to select columns, totals or ids."""

    work: Work
    query: Query
    reader: Reader | None
    joins: dict[type[Aspect], Any] = field(default_factory=dict)
    narrowed: list[ColumnElement[bool]] = field(default_factory=list)

    @property
    def record(self) -> type[Record]:
        """Return the class that is listed."""
        return self.query.description.record

    def kinds(self) -> set[str]:
        """Return the kinds on whose records the list depends: its own, and whatever they may link to."""
        description = self.query.description
        told = (description, *description.lines.values())
        links = {info.link for one in told for info in (*one.fields, *one.off) if info.link}
        tags = {RecordTag.__versioned__} if "#" in self.query.q else set()
        return {self.record.__kind__, "user", *links, *tags}

    def key(self) -> tuple[Any, ...]:
        """Return everything else that it depends on: the question, who asks, the day, and what is set up."""
        asked = (self.record.__kind__, self.query.args, self.query.limit, self.query.after)
        return (*asked, self.eyes(), self.work.today(), self.query.description.stamp)

    def eyes(self) -> tuple[Any, ...]:
        """Return what of the reader the list depends on: people with the same rights see the same list.

        Who he is counts only where a right of his reaches no further than his own records.
        """
        actor, kinds = self.work.actor, {self.record.__kind__, *(one.info.link for one in self.query.filters)}
        own = any(kind and read_scopes(actor, kind) != {"all"} for kind in kinds)
        return (
            actor.user_id if own else None, actor.roles, actor.companies, actor.keys, actor.is_admin, actor.rights_version,
            actor.token_scopes, actor.language, actor.timezone, actor.company_id, actor.auth_level == SYSTEM,
        )  # fmt: skip

    def column(self, info: FieldInfo) -> Any:
        """Return the SQL of a field; status is the derived one, as of today."""
        if info.name == "status" and hasattr(self.record, "status_sql"):
            return self.record.status_sql(self.work.today())
        if info.custom:
            return func.json_value(self.record.custom, f"$.{info.attribute}")
        return info.column

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what every row must fulfil: the actor's rights first."""
        found = [visible(self.work.actor, self.record), *self.narrowed]
        read = Conditions(self.work, self.reader)
        found += [read.sql(one, self.column(one.info)) for one in self.query.filters]
        if self.query.q:
            found.append(search_condition(self.query.description, self.query.q))
        return found

    def order(self) -> list[tuple[Any, bool]]:
        """Return columns and directions; the id ends every order, so that paging is exact."""
        terms = [(self.column(info), down) for info, down in self.query.sort]
        if not any(info.name == "id" for info, _down in self.query.sort):
            terms.append((self.record.id, terms[0][1] if terms else True))
        return terms

    def page(self, columns: Iterable[Any], *options: ExecutableOption) -> tuple[list[Any], str | None]:
        """Return the rows of one page, each ending with its sort values, and the cursor of the next.

        Columns may be the record itself; ``options`` then say how it is loaded.
        """
        terms = self.order()
        wanted = list(columns)
        query: Select[Any] = select(*wanted, *(column for column, _down in terms))
        query = self._joined(query).where(*self.conditions())
        if self.query.after:
            query = query.where(_beyond(terms, decode_cursor(self.query.after, len(terms))))
        query = query.order_by(*(column.desc() if down else column.asc() for column, down in terms))
        rows = list(self.work.session.execute(query.limit(self.query.limit + 1).options(*options)))
        if len(rows) <= self.query.limit:
            return rows, None
        rows = rows[: self.query.limit]
        return rows, encode_cursor(rows[-1][len(wanted) :])

    def _joined(self, query: Select[Any]) -> Select[Any]:
        used = {info.aspect for info, _down in self.query.sort if info.aspect}
        used |= {one.info.aspect for one in self.query.filters if one.info.aspect}
        used |= set(self.joins)
        query = query.select_from(self.record)
        for aspect in sorted(used, key=lambda cls: cls.__tablename__):
            query = query.outerjoin(aspect, aspect.record_id == self.record.id)
        return query

    def totals(self, infos: list[FieldInfo]) -> tuple[int, str | None, dict[str, Decimal]]:
        """Return the exact count, the currency, and the sums of money columns over all matching rows.

        Amounts of different currencies have no sum: then there are none, and no currency.
        """
        currency = getattr(self.record, "currency", None)
        sums = [func.sum(self.column(info)) for info in infos]
        about = [func.count(), *([func.min(currency), func.max(currency)] if currency is not None else [])]
        query = self._joined(select(*about, *sums)).where(*self.conditions())
        row = self.work.session.execute(query).one()
        if currency is not None and row[1] != row[2]:
            return int(row[0]), None, {}
        figures = row[len(about) :]
        shown = {info.name: figures[n] or Decimal(0) for n, info in enumerate(infos)}
        return int(row[0]), row[1] if currency is not None else None, shown


def _beyond(terms: list[tuple[Any, bool]], values: list[Any]) -> ColumnElement[bool]:
    """Return the condition of all rows after ``values`` in this order."""
    options: list[ColumnElement[bool]] = []
    for n, (column, down) in enumerate(terms):
        same = [earlier == value for (earlier, _d), value in zip(terms[:n], values, strict=False)]
        value = int(values[n]) if isinstance(values[n], bool) else values[n]
        if value is None:
            further = column.is_not(None) if not down else false()
        elif down:
            further = or_(column < value, column.is_(None))
        else:
            further = column > value
        options.append(and_(*same, further))
    return or_(*options)


def encode_cursor(values: Iterable[Any]) -> str:
    """Return an opaque cursor of the last row's sort values."""
    packed = [[_tag(value), plain(value)] for value in values]
    return base64.urlsafe_b64encode(json.dumps(packed).encode()).decode().rstrip("=")


def _tag(value: Any) -> str:
    for cls, tag in ((Decimal, "n"), (datetime, "t"), (date, "d")):
        if isinstance(value, cls):
            return tag
    return ""


def decode_cursor(cursor: str, expected: int) -> list[Any]:
    """Return the values of a cursor; raise ``BadRequest`` when it is not one of ours."""
    read: dict[str, Any] = {
        "n": Decimal,
        "d": date.fromisoformat,
        "t": lambda text: datetime.fromisoformat(text.removesuffix("Z")),
    }
    try:
        packed = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [read[tag](value) if tag and value is not None else value for tag, value in packed]
    except (ValueError, KeyError, TypeError, ArithmeticError):
        raise BadRequest(_("This is no cursor of ours.")) from None
    if len(values) != expected:
        raise BadRequest(_("This cursor belongs to another order."))
    return values
