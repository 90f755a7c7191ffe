"""The derived print of any kind: its fields, its lines and its totals under the company's letterhead."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from erp.kernel.change.described import described
from erp.kernel.change.links import labels
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.kernel.paper.billing import Letterhead, sender_strings
from erp.kernel.records import DRAFT, Record, Voucher
from erp.kernel.records.aspects import aspects
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _, in_language
from erp.kernel.web.present import Labels, gather, shown, value_of

OMITTED = {"company", "number", "name", "code", "currency"}
UNPRINTED = {"json", "rows", "uid"}
_letterhead: Callable[[Work, int | None], Letterhead] | None = None


def letterheads(find: Callable[[Work, int | None], Letterhead]) -> Callable[[Work, int | None], Letterhead]:
    """Register who knows a company's letterhead: ``find(work, company_id)``."""
    global _letterhead  # noqa: PLW0603 - set once while departments are imported
    _letterhead = find
    return find


def letterhead(work: Work, company_id: int | None) -> Letterhead:
    """Return the letterhead of a company; without one that anybody registered, its bare name."""
    if _letterhead is not None:
        return _letterhead(work, company_id)
    found = labels(work.session, "company", [company_id]) if company_id else {}
    return Letterhead(found[company_id].text if company_id in found else "")


def standard_print(work: Work, record: Record, language: str) -> dict[str, Any]:
    """Return the strings of the derived print in ``language``."""
    with in_language(language):
        description = described(work, record.__kind__, "print")
        currency = getattr(record, "currency", None)
        fmt = Format(language, work.actor.timezone or "UTC", currency or "EUR")
        aspect_classes = {info.aspect for info in description.fields if info.aspect}
        by_aspect = {cls: aspects(work.session, cls, [record.id]) for cls in aspect_classes}
        found = gather(work, _links(record, description, by_aspect))
        return {
            "layout": "standard",
            "language": language,
            "title": str(description.label),
            "number": str(record.title),
            "stamp": _stamp(record),
            "sender": sender_strings(letterhead(work, getattr(record, "company_id", None))),
            "fields": _fields(record, description, by_aspect, fmt, found),
            "tables": [_table(record, name, line, fmt, found) for name, line in description.lines.items()],
            "totals": _totals(record, description, fmt),
        }


def _stamp(record: Record) -> str:
    if isinstance(record, Voucher) and record.state == DRAFT:
        return _("Draft")
    return _("Cancelled") if getattr(record, "state", "") == "cancelled" else ""


def _links(record: Record, description: Description, by_aspect: dict[Any, Any]) -> list[tuple[str | None, int | None]]:
    pairs: list[tuple[str | None, int | None]] = [
        (info.link, value_of(record, info, by_aspect)) for info in description.fields if info.link
    ]
    for name, line in description.lines.items():
        for row in getattr(record, name):
            pairs += [(info.link, getattr(row, info.attribute)) for info in line.fields if info.link]
    return pairs


def _is_printed(info: FieldInfo) -> bool:
    return info.in_form and info.type not in UNPRINTED and not info.spec.secret and info.name not in OMITTED


def _fields(
    record: Record, description: Description, by_aspect: dict[Any, Any], fmt: Format, found: Labels
) -> list[tuple[str, str]]:  # fmt: skip
    """Return label and text of every field that says something, totals apart."""
    pairs = []
    for info in description.fields:
        if not _is_printed(info) or _is_total(info):
            continue
        text = shown(info, value_of(record, info, by_aspect), fmt, getattr(record, "currency", None), found)
        if text:
            pairs.append((str(info.label), text))
    return pairs


def _is_total(info: FieldInfo) -> bool:
    return info.type == "money" and info.readonly


def _totals(record: Record, description: Description, fmt: Format) -> list[tuple[str, str]]:
    currency = getattr(record, "currency", None)
    pairs = [
        (info, getattr(record, info.attribute, None))
        for info in description.fields
        if _is_total(info) and not info.aspect
    ]
    return [(str(info.label), shown(info, value, fmt, currency)) for info, value in pairs if value is not None]


def _table(record: Record, name: str, line: Description, fmt: Format, found: Labels) -> dict[str, Any]:
    """Return the lines of a document as a table: the columns in which any line says something."""
    rows = getattr(record, name)
    shown_fields = [info for info in line.fields if info.type not in UNPRINTED and info.in_form]
    used = [info for info in shown_fields if any(_says(getattr(row, info.attribute)) for row in rows)]
    currency = getattr(record, "currency", None)
    return {
        "label": str(line.label),
        "columns": [{"label": str(info.label), "is_number": info.is_number} for info in used],
        "rows": [
            [
                {"text": shown(info, getattr(row, info.attribute), fmt, currency, found), "is_number": info.is_number}
                for info in used
            ]
            for row in rows
        ],
    }


def _says(value: Any) -> bool:
    return value not in (None, "", Decimal(0), [], False)
