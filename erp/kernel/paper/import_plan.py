"""What a file says, read into documents: columns to fields, rows to documents, and every cell's place remembered."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from erp.kernel.errors import Problem, Problems
from erp.kernel.paper.tables import Row, Table
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _

IGNORED = {
    "id",
    "uid",
    "kind",
    "state",
    "status",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "links",
    "title",
}
NAMED_BY = {"code", "number", "id"}
MAP_WORDS = {"key", "columns", "constants", "group_by"}


@dataclass(frozen=True, slots=True)
class FieldMap:
    """How a foreign file's columns become our fields; empty means that the header already speaks our names."""

    key: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    group_by: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the map as it is kept."""
        return {
            "key": self.key,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "group_by": list(self.group_by),
        }


class PlainLoader(yaml.SafeLoader):
    """Reads plain values only: no references, by which a few lines can grow without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse references."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not read")
        return super().compose_node(parent, index)


def read_map(text: str) -> FieldMap:
    """Return the map in a YAML text; raise ``Problems`` when it is none."""
    try:
        found = yaml.load(text, Loader=PlainLoader) or {}  # noqa: S506 - a SafeLoader that is safer still
    except yaml.YAMLError as error:
        raise Problems([Problem("map", "not_yaml", str(error).replace("\n", " "))]) from None
    return map_of(found)


def map_of(found: Any) -> FieldMap:
    """Return the map in a dictionary ``{key, columns, constants, group_by}``."""
    if not isinstance(found, dict) or not set(found) <= MAP_WORDS:
        raise Problems(
            [Problem("map", "not_a_map", _("A map has the words %(words)s.", words=", ".join(sorted(MAP_WORDS))))]
        )
    columns, constants, group = found.get("columns") or {}, found.get("constants") or {}, found.get("group_by") or ()
    if not isinstance(columns, dict) or not isinstance(constants, dict):
        raise Problems([Problem("map", "not_a_map", _("columns and constants are lists of “name: value”."))])
    group = (group,) if isinstance(group, str) else tuple(str(one) for one in group)
    return FieldMap(str(found.get("key") or ""), {str(k): str(v) for k, v in columns.items()}, constants, group)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes: a field of the document, or of its lines."""

    title: str
    path: tuple[str, ...]
    info: FieldInfo | None
    lines: str = ""


@dataclass
class Planned:
    """One document as the file has it. ``places`` maps a field path to (row, column)."""

    payload: dict[str, Any]
    rows: list[int]
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: str) -> tuple[int, str]:
        """Return the row and column behind a field path; the first row when the path is about the whole."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return self.rows[0], ""


def targets(description: Description, header: Sequence[str], fields: FieldMap) -> list[Target]:
    """Return where each column goes; raise ``Problems`` that name every column we do not know."""
    found, problems = [], []
    for title in header:
        path = fields.columns.get(title, "" if fields.columns else title)
        if not title or not path or path in IGNORED:
            continue
        target = _target(description, title, path)
        if target is None:
            problems.append(Problem(title, "unknown_column", _("There is no field “%(name)s” here.", name=path)))
        else:
            found.append(target)
    if problems:
        raise Problems(problems)
    return found


def _target(description: Description, title: str, path: str) -> Target | None:
    head, _dot, rest = path.partition(".")
    if head in description.lines and rest:
        inner = _target(description.lines[head], title, rest)
        return Target(title, inner.path, inner.info, head) if inner is not None else None
    if path == "number" and description.get("number") is None:
        return Target(title, ("number",), None)
    info = description.get(path) or description.get(head) or _by_label(description, path)
    if info is None:
        return _target(description, title, rest) if rest else None
    tail = () if info.name == path or not rest else tuple(rest.split("."))
    if tail and info.link and tail[0] not in NAMED_BY:
        return None
    return Target(title, (info.name, *tail), info)


def _by_label(description: Description, label: str) -> FieldInfo | None:
    wanted = label.strip().casefold()
    return next((info for info in description.fields if str(info.label).casefold() == wanted), None)


def planned(description: Description, table: Table, fields: FieldMap, company: str | None = None) -> list[Planned]:
    """Return the documents of a table in the file's order."""
    columns = targets(description, table.header, fields)
    group = _group_columns(columns, description, fields)
    documents: dict[tuple[str, ...], Planned] = {}
    last: Planned | None = None
    for number, row in enumerate(table.rows):
        key = tuple(row.cells.get(title, "").strip() for title in group)
        if last is not None and group and not any(key):
            _continue(last, row, columns, fields)
            continue
        known = documents.get(key) if group else None
        if known is None:
            last = _begin(row, columns, fields, description, company)
            documents[key if group and any(key) else (f"row {number}",)] = last
        else:
            last = known
            _continue(known, row, columns, fields)
    return list(documents.values())


def _group_columns(columns: list[Target], description: Description, fields: FieldMap) -> list[str]:
    """Return the header titles whose values say which rows are one document; none when each row is one."""
    if not any(column.lines for column in columns):
        return []
    head = [column for column in columns if not column.lines]
    if fields.group_by:
        return [column.title for column in head if column.title in fields.group_by or column.path[0] in fields.group_by]
    wanted = fields.key or ("code" if description.is_master else "number")
    named = [column.title for column in head if column.path[0] == wanted]
    return named or [column.title for column in head][:1]


def _begin(row: Row, columns: list[Target], fields: FieldMap, description: Description, company: str | None) -> Planned:
    document = Planned({}, [row.number])
    if company and description.get("company") is not None:
        document.payload["company"] = company
    for path, value in fields.constants.items():
        if "." not in path:
            document.payload[path] = value if isinstance(value, list | dict) else str(value)
    for column in columns:
        if not column.lines:
            _put(document, document.payload, column, row, "")
    _lines(document, row, columns, fields)
    return document


def _continue(document: Planned, row: Row, columns: list[Target], fields: FieldMap) -> None:
    """Add a row's lines to its document; a head that says something else than before is a problem."""
    document.rows.append(row.number)
    for column in columns:
        value = row.cells.get(column.title, "").strip()
        if not column.lines and value and len(column.path) == 1 and column.info is not None:
            first = document.payload.get(column.path[0])
            if isinstance(first, str) and first.strip() != value:
                path = f"{column.path[0]}@{row.number}"
                document.places[path] = (row.number, column.title)
                document.problems.append(
                    Problem(path, "differs", _("The same document says “%(first)s” in an earlier row.", first=first))
                )
    _lines(document, row, columns, fields)


def _lines(document: Planned, row: Row, columns: list[Target], fields: FieldMap) -> None:
    for name in {column.lines for column in columns if column.lines}:
        mine = [column for column in columns if column.lines == name]
        if not any(row.cells.get(column.title, "").strip() for column in mine):
            continue
        lines = document.payload.setdefault(name, [])
        line: dict[str, Any] = {}
        for path, value in fields.constants.items():
            if path.startswith(f"{name}."):
                line[path.split(".", 1)[1]] = value if isinstance(value, list | dict) else str(value)
        lines.append(line)
        for column in mine:
            _put(document, line, column, row, f"{name}.{len(lines)}.")


def _put(document: Planned, into: dict[str, Any], column: Target, row: Row, prefix: str) -> None:
    """Set one cell; an empty cell says nothing, so that an update leaves the field as it is."""
    raw = row.cells.get(column.title, "")
    if not raw.strip():
        return
    name, *tail = column.path
    document.places[prefix + ".".join(column.path)] = (row.number, column.title)
    document.places.setdefault(prefix + name, (row.number, column.title))
    info = column.info
    if info is not None and tail:
        into[name] = _within(into.get(name), info, tail, raw.strip())
    elif info is not None and info.type in {"json", "rows"}:
        into[name] = _json(document, prefix + name, raw)
    elif info is not None and info.type == "tags":
        into[name] = raw.replace(" ", ",") if "," not in raw and ";" not in raw else raw
    else:
        into[name] = raw


def _within(current: Any, info: FieldInfo, tail: list[str], raw: str) -> Any:
    """Return a field with one part of it set: a link by number, or one entry of a list of small objects."""
    if info.link:
        return {tail[0]: raw}
    if info.type == "json":
        return {**(current or {}), tail[0]: raw}
    rows = list(current or [])
    at = int(tail[0]) if tail[0].isdigit() and int(tail[0]) in range(1, 100) else 1
    name = ".".join(tail[1:] if tail[0].isdigit() else tail)
    while len(rows) < at:
        rows.append({})
    rows[at - 1] = {**rows[at - 1], name: raw}
    return rows


def _json(document: Planned, path: str, raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        document.problems.append(
            Problem(path, "not_json", _("Enter JSON here, or use columns such as “%(name)s.1.city”.", name=path))
        )
        return None


def chunks(documents: Sequence[Planned], size: int) -> Iterator[Sequence[Planned]]:
    """Yield documents in portions."""
    for start in range(0, len(documents), size):
        yield documents[start : start + size]


def rows_of(documents: Iterable[Planned]) -> int:
    """Return how many rows of the file these documents fill."""
    return sum(len(document.rows) for document in documents)
