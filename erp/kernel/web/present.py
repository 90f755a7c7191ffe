"""Records in the shapes that pages and programs read: cells of a list, fields of a form, JSON of the API."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from erp.kernel.change.audit import decimal_text, plain
from erp.kernel.change.links import Label, known_labels
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.kernel.records.aspects import aspects
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Record, Voucher
from erp.kernel.records.registry import kind_of
from erp.kernel.text import _

Labels = dict[str, dict[int, Label]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a list: what to show, how, and where it leads."""

    text: str
    kind: str = "text"
    url: str | None = None
    raw: Any = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list."""

    id: int
    url: str
    title: str
    version: int
    state: str
    status: str
    cells: dict[str, Cell] = field(default_factory=dict)


def gather(work: Work, wanted: Iterable[tuple[str | None, int | None]]) -> Labels:
    """Return the labels of all (kind, id) pairs: one query for each kind."""
    by_kind: dict[str, set[int]] = {}
    for kind, record_id in wanted:
        if kind and record_id:
            by_kind.setdefault(kind, set()).add(record_id)
    return {kind: known_labels(work, kind, ids) for kind, ids in sorted(by_kind.items())}


def linked(info: FieldInfo, value: Any) -> tuple[str | None, int | None]:
    """Return kind and id of the record that a value names: a link, or a document of any kind kept as {kind, id}."""
    if info.link:
        return info.link, value
    if isinstance(value, dict) and isinstance(value.get("id"), int):
        return value.get("kind"), value["id"]
    return None, None


def shown(info: FieldInfo, value: Any, fmt: Format, currency: str | None = None, found: Labels | None = None) -> str:
    """Return a value in words for reading."""
    if value is None:
        return ""
    if info.link:
        label = (found or {}).get(info.link, {}).get(value)
        return label.text if label else ""
    if info.type == "money":
        return fmt.money(value, currency)
    if info.type == "price":
        return fmt.number(value, 0 if currency in {"JPY", "KRW"} else 2)
    if info.is_number:
        return fmt.number(value)
    if info.choices:
        return str(dict(info.choices).get(value, value))
    kind, record_id = linked(info, value)
    if kind and record_id in (found or {}).get(kind, {}):
        return (found or {})[kind][record_id].text
    return _other(info, value, fmt)


def _other(info: FieldInfo, value: Any, fmt: Format) -> str:
    if info.type == "date":
        return fmt.date(value)
    if info.type == "instant":
        return fmt.instant(value)
    if info.type == "boolean":
        return "✓" if value else ""
    if info.type == "tags":
        return ", ".join(value)
    if isinstance(value, dict | list):
        named = value.get("number") if isinstance(value, dict) else None
        return str(named) if named else json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def typed(info: FieldInfo, value: Any, fmt: Format, found: Labels | None = None) -> str:
    """Return a value as a field shows it for editing."""
    if value is None:
        return ""
    if info.is_number:
        return fmt.edit_number(value)
    if info.type == "date":
        return str(value.isoformat())
    if info.type == "boolean":
        return "1" if value else ""
    if info.choices:
        return str(value)
    return shown(info, value, fmt, None, found)


def cell(info: FieldInfo, value: Any, row: Any, fmt: Format, found: Labels) -> Cell:
    """Return one cell of a list row."""
    currency = getattr(row, "currency", None)
    if info.type == "money" and currency and value is not None:
        return Cell(money_beside(fmt, value, currency, row.own), info.type, None, value)
    text = shown(info, value, fmt, currency, found)
    if info.link:
        url = f"/{kind_of(info.link).__collection__}/{value}" if value else None
        return Cell(text, "link", url, value)
    if info.name == "status":
        return Cell(text, "status", None, value)
    return Cell(text, info.type, None, value)


def money_beside(fmt: Format, value: Decimal, currency: str | None, own: str | None) -> str:
    """Return an amount; in another currency than ``own``, that of the column, it says in which."""
    text = fmt.money(value, currency)
    return text if currency is None or currency == own else f"{currency} {text}"


def json_value(info: FieldInfo, value: Any, found: Labels, currency: str | None = None) -> Any:
    """Return a value as the API writes it: decimals as strings, links as {id, number|code, label}."""
    if value is None:
        return None
    if info.link:
        return json_link(info.link, value, found)
    if isinstance(value, Decimal):
        return money_text(value, currency) if info.type == "money" else decimal_text(value)
    return plain(value)


def money_text(value: Decimal, currency: str | None) -> str:
    """Return an amount with at least the minor digits of its currency: ``24.00``, ``1500`` in yen."""
    text = decimal_text(value)
    digits = get_currency_precision(currency) if currency else 2
    whole, _point, places = text.partition(".")
    return f"{whole}.{places.ljust(digits, '0')}" if digits else text


def json_link(kind: str, record_id: int, found: Labels) -> dict[str, Any]:
    """Return a link as the API writes it."""
    label = found.get(kind, {}).get(record_id)
    key = "number" if issubclass(kind_of(kind), Voucher) else "code"
    return {"id": record_id, key: label.number if label else None, "label": label.text if label else ""}


def documents_json(
    work: Work, description: Description, records: list[Any], *, lines: bool = True, only: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return records as the API writes them; the number of queries does not grow with the number of records."""
    wanted = set(only)
    if wanted:
        description = narrowed(description, wanted)
    by_aspect = {
        cls: aspects(work.session, cls, [record.id for record in records])
        for cls in {info.aspect for info in (*description.fields, *description.off) if info.aspect}
    }
    found = gather(work, _links(description, records, by_aspect, lines=lines))
    return [_document(work, description, record, by_aspect, found, lines=lines, wanted=wanted) for record in records]


def narrowed(description: Description, wanted: set[str]) -> Description:
    """Return the description with the wanted fields only: what nobody asked for is neither read nor written."""
    kept = tuple(info for info in description.fields if info.name in wanted)
    return replace(description, fields=kept, off=tuple(info for info in description.off if info.name in wanted))


def _links(
    description: Description, records: list[Any], by_aspect: dict[Any, Any], *, lines: bool
) -> Iterable[tuple[str | None, int | None]]:
    for record in records:
        for info in (*description.fields, *description.off):
            if info.link:
                yield info.link, value_of(record, info, by_aspect)
        yield "user", record.created_by_id
        yield "user", record.updated_by_id
        if lines:
            for name, line in description.lines.items():
                for row in getattr(record, name):
                    for info in line.fields:
                        if info.link:
                            yield info.link, getattr(row, info.attribute)


def value_of(record: Any, info: FieldInfo, by_aspect: dict[Any, Any]) -> Any:
    """Return a field's value wherever it is kept: own column, aspect, or custom."""
    if info.custom:
        return info.from_json((record.custom or {}).get(info.attribute))
    if info.aspect is not None:
        row = by_aspect.get(info.aspect, {}).get(record.id)
        return getattr(row, info.attribute, None)
    return getattr(record, info.attribute)


def _document(
    work: Work, description: Description, record: Record, by_aspect: dict[Any, Any], found: Labels, *, lines: bool,
    wanted: set[str],
) -> dict[str, Any]:  # fmt: skip
    body: dict[str, Any] = {
        "id": record.id, "uid": str(record.uid), "kind": record.__kind__, "version": record.version,
        "number": getattr(record, "number", None), "state": getattr(record, "state", None),
        "status": status_of(work, record), "created_at": plain(record.created_at),
        "created_by": _user(record.created_by_id, found), "updated_at": plain(record.updated_at),
        "updated_by": _user(record.updated_by_id, found),
    }  # fmt: skip
    currency = getattr(record, "currency", None)
    body |= _fields(record, description, by_aspect, found, currency)
    if lines:
        for name, line in description.lines.items():
            body[name] = [_line(row, line, found, currency) for row in getattr(record, name)]
    extra = getattr(record, "api_extra", None)
    if extra is not None and not (wanted and wanted <= body.keys()):
        body |= extra(body)
    body["links"] = {
        "self": f"/api/v1/{record.__collection__}/{record.id}",
        "page": f"/{record.__collection__}/{record.id}",
    }
    return {key: value for key, value in body.items() if not wanted or key in wanted or key in {"id", "version"}}


def _fields(
    record: Record, description: Description, by_aspect: dict[Any, Any], found: Labels, currency: str | None
) -> dict[str, Any]:
    """Return the described values; of a feature that is off only where something stands from before."""
    fields: dict[str, Any] = {}
    for info in description.fields:
        if info.custom:
            fields.setdefault("custom", {})[info.attribute] = plain(value_of(record, info, by_aspect))
        elif info.spec.api and info.name not in {"number", "state", "status"}:
            fields[info.name] = json_value(info, value_of(record, info, by_aspect), found, currency)
    for info in description.off:
        value = value_of(record, info, by_aspect) if info.spec.api else None
        if value is not None:
            fields[info.name] = json_value(info, value, found, currency)
    return fields


def _line(row: Any, line: Description, found: Labels, currency: str | None) -> dict[str, Any]:
    body = {"id": row.id, "uid": str(row.uid), "position": row.position}
    body |= {info.name: json_value(info, getattr(row, info.attribute), found, currency) for info in line.fields}
    extra = getattr(row, "api_extra", None)
    return body | extra(body) if extra is not None else body


def _user(user_id: int | None, found: Labels) -> dict[str, Any] | None:
    return json_link("user", user_id, found) if user_id else None


def status_of(work: Work, record: Any) -> str:
    """Return the status as of today; vouchers derive it, masters show their state."""
    derive = getattr(record, "status_on", None)
    if derive is not None:
        return str(derive(work.today(getattr(record, "company_id", None))))
    return str(getattr(record, "status", None) or getattr(record, "state", ""))


def draft_title(record_id: int) -> str:
    """Return what a document without a number is called."""
    return _("Draft %(id)s", id=record_id)
