"""The whole content of a record as plain values by path: what the audit trail compares, whoever acts."""

from typing import Any

from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work
from erp.kernel.records.description import FieldInfo, describe
from erp.kernel.records.record import Record
from erp.kernel.records.setup import setup


def content_of(work: Work, record: Record) -> dict[str, Any]:
    """Return every described value, also what the acting user may not see; lines by their position."""
    description = describe(record.__kind__, "form", setup(work.session))
    content = {info.name: plain(value_in(work, record, info)) for info in description.fields}
    for name in description.lines:
        for row in getattr(record, name):
            for info in description.lines[name].fields:
                content[f"{name}.{row.position}.{info.name}"] = plain(getattr(row, info.attribute))
    return content


def value_in(work: Work, record: Record, info: FieldInfo) -> Any:
    """Return a field's value wherever it is kept: in the record, its aspect, or its custom values."""
    if info.custom:
        return (record.custom or {}).get(info.attribute)
    if info.aspect is not None:
        row = work.session.get(info.aspect, record.id) if record.id else None
        return getattr(row, info.attribute, None)
    return getattr(record, info.attribute)
