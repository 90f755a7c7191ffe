"""What a browser form holds, turned into the payload that ``save`` takes; and back, so that nothing typed is lost."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from erp.kernel.records.description import Description, FieldInfo

LINE = re.compile(r"^(\w+)\.([\w-]+)\.(.+)$")


def payload_of(description: Description, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the payload of a submitted form: fields by name, lines in the order of their rows."""
    payload: dict[str, Any] = {}
    for info in description.form_fields:
        if not info.readonly:
            _take(payload, info, form, "")
    for name, line in description.lines.items():
        keys = line_keys(form, name)
        if keys or f"{name}.$sent" in form:
            rows = [row for key in keys if (row := _line(line, form, name, key)) is not None]
            # Deleted lines go last, so that "lines.2" of a problem counts the lines that stay.
            rows.sort(key=lambda row: "_delete" in row)
            payload[name] = [{**row, "position": n} for n, row in enumerate(rows, 1)]
    return payload


def payload_keys(description: Description, form: Mapping[str, str], name: str) -> list[str]:
    """Return the keys of the lines that a payload holds, in its order: "lines.1" of a problem is the first of them."""
    line = description.lines[name]
    read = ((key, _line(line, form, name, key)) for key in line_keys(form, name))
    return [key for key, row in read if row is not None and "_delete" not in row]


def line_keys(form: Mapping[str, str], name: str) -> list[str]:
    """Return the keys of a form's lines, in the order in which they stand there."""
    found: dict[str, None] = {}
    for field in form:
        match = LINE.match(field)
        if match and match[1] == name:
            found[match[2]] = None
    return list(found)


def _line(line: Description, form: Mapping[str, str], name: str, key: str) -> dict[str, Any] | None:
    """Return one line, or None for an empty new one: the blank row at the end of a grid is no line."""
    prefix = f"{name}.{key}."
    row: dict[str, Any] = {}
    for info in line.fields:
        if not info.readonly:
            _take(row, info, form, prefix)
    is_new = not key.isdigit()
    typed = [value for key_, value in row.items() if value not in (None, "") and not _is_boolean(line, key_)]
    if form.get(f"{prefix}_delete") in {"1", "true", "on"}:
        return None if is_new else {"id": int(key), "_delete": True}
    if is_new and not typed:
        return None
    if not is_new:
        row["id"] = int(key)
    return row


def _is_boolean(line: Description, name: str) -> bool:
    info = line.get(name)
    return info is not None and info.type == "boolean"


def _take(target: dict[str, Any], info: FieldInfo, form: Mapping[str, str], prefix: str) -> None:
    """Take one field as typed. A link whose words were left alone is its id; a box left empty is absent from the form."""
    name = prefix + info.name
    if info.type == "boolean":
        if name in form or f"{name}.$sent" in form:
            target[info.name] = form.get(name, "0")
        return
    if name not in form and f"{name}.id" not in form:
        return
    typed = form.get(name, "")
    if info.link:
        record_id, words = form.get(f"{name}.id", ""), form.get(f"{name}.was", "")
        target[info.name] = int(record_id) if record_id.isdigit() and typed.strip() == words.strip() else typed
        return
    target[info.name] = typed


def typed_values(description: Description, form: Mapping[str, str]) -> dict[str, str]:
    """Return every field exactly as typed: what a refused form shows again."""
    names = [info.name for info in description.form_fields]
    return {name: form[name] for name in names if name in form}


def typed_lines(description: Description, form: Mapping[str, str], name: str) -> list[tuple[str, dict[str, str]]]:
    """Return (key, fields as typed) of each line, deleted ones left out."""
    line = description.lines[name]
    rows = []
    for key in line_keys(form, name):
        if form.get(f"{name}.{key}._delete") in {"1", "true", "on"}:
            continue
        rows.append((key, {info.name: form.get(f"{name}.{key}.{info.name}", "") for info in line.fields}))
    return rows


def hidden_state(form: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return fields of the form's own machinery."""
    return {name: form[name] for name in names if name in form}
