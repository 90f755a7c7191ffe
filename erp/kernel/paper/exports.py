"""Export: a list with its filters as CSV or XLSX, columns by the API's names, so that an import reads it back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from erp.kernel.change.described import described
from erp.kernel.change.links import Label
from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound
from erp.kernel.format import Format
from erp.kernel.paper.tables import write_csv, write_xlsx
from erp.kernel.records import Record, Voucher, kind_of
from erp.kernel.records.aspects import aspects
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.rights import may
from erp.kernel.web.listing import Listing, field_of, read_query
from erp.kernel.web.present import gather, value_of

BATCH = 500
CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
UNEXPORTED = {"uid"}
NOT_FILTERS = {"after", "limit", "columns", "labels", "fields", "format", "lines"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: a field of the document, or of its lines."""

    info: FieldInfo
    lines: str = ""

    @property
    def name(self) -> str:
        """Return the API's name, as an import reads it."""
        return f"{self.lines}.{self.info.name}" if self.lines else self.info.name


@dataclass(frozen=True, slots=True)
class Export:
    """An export that somebody asked for: header and rows, not yet read."""

    name: str
    header: list[str]
    rows: Iterator[list[Any]]

    def written(self, form: str) -> BinaryIO:
        """Return the file, at its beginning; large ones lie on disk."""
        into = cast("BinaryIO", SpooledTemporaryFile(max_size=2_000_000))  # noqa: SIM115 - the caller closes it
        if form == XLSX:
            write_xlsx(self.name, self.header, self.rows, into)
        else:
            for chunk in write_csv(self.header, self.rows):
                into.write(chunk)
        into.seek(0)
        return into


def export(
    work: Work, kind: type[Record], args: Mapping[str, str], *, columns: Sequence[str] = (), labels: bool = False,
    lines: bool = True,
) -> Export:  # fmt: skip
    """Return the records that ``args`` (the list's own URL parameters) select and the actor may see.

    ``columns`` are API names; none means all. ``labels`` heads the columns with words instead of names.
    """
    if not may(work.actor, "read", kind.__kind__):
        raise NotFound
    description = described(work, kind.__kind__, "list")
    wanted = [_column(description, name) for name in columns] if columns else _all(description, lines=lines)
    header = [str(column.info.label) if labels else column.name for column in wanted]
    return Export(str(description.plural), header, _rows(work, description, args, wanted))


def counted(work: Work, kind: type[Record], args: Mapping[str, str]) -> int:
    """Return how many records an export would hold."""
    reader = Format(work.actor.language, work.actor.timezone or "UTC")
    query = read_query(described(work, kind.__kind__, "list"), _filters(args), reader)
    return Listing(work, query, reader).totals([])[0]


def _filters(args: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that select and order records."""
    return {key: value for key, value in args.items() if key not in NOT_FILTERS}


def _column(description: Description, name: str) -> Column:
    head, dot, rest = name.partition(".")
    if dot and head in description.lines:
        return Column(field_of(description.lines[head], rest), head)
    return Column(field_of(description, name))


def _all(description: Description, *, lines: bool) -> list[Column]:
    """Return every field, the naming one first; then the lines of the document."""
    head = [info for info in description.fields if info.spec.api and info.type not in UNEXPORTED]
    head.sort(key=lambda info: info.name not in {"number", "code"})
    found = [Column(info) for info in head]
    if lines:
        found += [
            Column(info, name) for name, line in description.lines.items() for info in line.fields if info.spec.api
        ]
    return found


def _rows(work: Work, description: Description, args: Mapping[str, str], columns: list[Column]) -> Iterator[list[Any]]:
    """Yield rows batch by batch: the memory needed does not grow with the number of records."""
    reader = Format(work.actor.language, work.actor.timezone or "UTC")
    query = _filters(args)
    query["limit"] = str(BATCH)
    names = sorted({column.lines for column in columns if column.lines})
    while True:
        listing = Listing(work, read_query(description, query, reader), reader)
        raw, cursor = listing.page([description.record.id])
        yield from _batch(work, description, [row[0] for row in raw], columns, names)
        work.session.expunge_all()
        if cursor is None:
            return
        query["after"] = cursor


def _batch(
    work: Work, description: Description, ids: list[int], columns: list[Column], names: list[str]
) -> Iterator[list[Any]]:  # fmt: skip
    record = description.record
    query = select(record).where(record.id.in_(ids)).options(*(selectinload(getattr(record, name)) for name in names))
    by_id = {one.id: one for one in work.session.scalars(query)}
    records = [by_id[one] for one in ids if one in by_id]
    classes = {column.info.aspect for column in columns if column.info.aspect}
    by_aspect = {cls: aspects(work.session, cls, ids) for cls in classes}
    found = gather(work, _links(records, columns, by_aspect))
    for one in records:
        yield from _document(one, columns, names, by_aspect, found)


def _links(records: list[Any], columns: list[Column], by_aspect: Any) -> Iterable[tuple[str | None, int | None]]:
    for one in records:
        for column in columns:
            if column.info.link and column.lines:
                yield from (
                    (column.info.link, getattr(row, column.info.attribute)) for row in getattr(one, column.lines)
                )
            elif column.info.link:
                yield column.info.link, value_of(one, column.info, by_aspect)


def _document(
    one: Any, columns: list[Column], names: list[str], by_aspect: Any, found: dict[str, dict[int, Label]]
) -> Iterator[list[Any]]:
    """Yield a document's rows: one for each line, the document's own fields repeated."""
    height = max([1, *(len(getattr(one, name)) for name in names)])
    head = {
        column.name: _value(column.info, value_of(one, column.info, by_aspect), found)
        for column in columns
        if not column.lines
    }
    for at in range(height):
        row = []
        for column in columns:
            if not column.lines:
                row.append(head[column.name])
                continue
            lines = getattr(one, column.lines)
            row.append(
                _value(column.info, getattr(lines[at], column.info.attribute), found) if at < len(lines) else None
            )
        yield row


def _value(info: FieldInfo, value: Any, found: dict[str, dict[int, Label]]) -> Any:
    """Return a value as a file has it: links by code or number, exact figures, ISO dates."""
    if value is None or not info.link:
        return value
    label = found.get(info.link, {}).get(value)
    if label is None:
        return None
    return label.number if label.number is not None or issubclass(kind_of(info.link), Voucher) else str(label.id)


def file_name(export_: Export, form: str) -> str:
    """Return the name under which an export is saved."""
    return f"{export_.name.lower().replace(' ', '-')}.{form}"
