"""JSON schemas of what the API takes and answers, from the description of each kind."""

from typing import Any

from erp.kernel.change.verbs import Verb
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.registry import kind_of

Schema = dict[str, Any]

DECIMAL: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
WHOLE: Schema = {"type": "integer"}
TEXT: Schema = {"type": "string"}
TYPES: dict[str, Schema] = {
    "date": {"type": "string", "format": "date"}, "instant": INSTANT, "boolean": {"type": "boolean"}, "integer": WHOLE,
    "tags": {"type": "array", "items": TEXT}, "rows": {"type": "array", "items": {"type": "object"}},
    "json": {"type": ["object", "array"]}, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
}  # fmt: skip
LINK_SENT: Schema = {
    "anyOf": [
        WHOLE,
        TEXT,
        {"type": "object", "properties": {"id": WHOLE, "code": TEXT, "number": TEXT}, "minProperties": 1},
    ],
    "description": "An id, a code or number, or an object with one of them.",
}
LINK: Schema = {
    "type": "object", "required": ["id", "label"],
    "properties": {"id": WHOLE, "code": {"type": ["string", "null"]}, "number": {"type": ["string", "null"]}, "label": TEXT},
}  # fmt: skip
PROBLEM: Schema = {
    "type": "object", "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "code": TEXT,
        "errors": {"type": "array", "items": {
            "type": "object", "required": ["field", "line", "code", "message"],
            "properties": {"field": TEXT, "line": {"type": ["integer", "null"]}, "code": TEXT, "message": TEXT},
        }},
    },
}  # fmt: skip
ENTRY: Schema = {
    "type": "object", "required": ["effective_on", "account", "debit", "credit", "currency", "rule"],
    "properties": {
        "seq": WHOLE, "effective_on": TYPES["date"], "posted_at": {**INSTANT, "type": ["string", "null"]},
        "account": {"type": "object", "required": ["code", "name"], "properties": {"code": TEXT, "name": TEXT}},
        "party": {"type": ["object", "null"]}, "debit": DECIMAL, "credit": DECIMAL, "currency": TEXT,
        "amount_transaction": DECIMAL, "rule": TEXT, "reverses": {"type": ["integer", "null"]},
    },
}  # fmt: skip
FILE: Schema = {
    "type": "object", "required": ["id", "name", "type", "size", "url"],
    "properties": {"id": WHOLE, "name": TEXT, "type": TEXT, "size": WHOLE, "sha256": TEXT, "url": TEXT, "created_at": INSTANT},
}  # fmt: skip
COMMENT: Schema = {
    "type": "object", "required": ["id", "text", "created_at", "created_by"],
    "properties": {"id": WHOLE, "text": TEXT, "created_at": INSTANT, "created_by": {"type": "object"},
                   "edited_at": {"type": ["string", "null"]}, "reactions": {"type": "object"}},
}  # fmt: skip
ASSIGNMENT: Schema = {
    "type": "object", "required": ["id", "about", "user", "state"],
    "properties": {"id": WHOLE, "about": {"type": "object"}, "user": {"type": "object"}, "note": TEXT, "state": TEXT,
                   "due_on": {"type": ["string", "null"]}, "created_at": INSTANT, "created_by": {"type": "object"},
                   "ended_at": {"type": ["string", "null"]}},
}  # fmt: skip
JOB: Schema = {
    "type": "object", "required": ["id", "state", "done", "total", "result", "error"],
    "properties": {
        "id": WHOLE, "name": TEXT, "label": TEXT, "done": WHOLE, "total": {"type": ["integer", "null"]},
        "state": {"type": "string", "enum": ["queued", "running", "done", "failed", "cancelled"]},
        "result": {"type": ["object", "null"]}, "error": {"type": ["string", "null"]},
    },
}  # fmt: skip
ASKED: Schema = {"type": "object", "required": ["job"], "properties": {"job": WHOLE}}
REPORT: Schema = {
    "type": "object", "required": ["columns", "rows", "totals", "as_of", "known_on"],
    "properties": {
        "columns": {"type": "array", "items": {
            "type": "object", "required": ["key", "label", "type"],
            "properties": {"key": TEXT, "label": TEXT, "type": TEXT, "currency": TEXT},
        }},
        "rows": {"type": "array", "items": {"type": "object"}}, "totals": {"type": "object"},
        "as_of": {"type": ["string", "null"]}, "known_on": {"type": ["string", "integer", "null"]},
    },
}  # fmt: skip
KIND: Schema = {
    "type": "object", "required": ["kind", "collection", "label", "fields", "lines", "verbs"],
    "properties": {
        "kind": TEXT, "collection": TEXT, "label": TEXT, "fields": {"type": "array", "items": {"type": "object"}},
        "lines": {"type": "object"}, "verbs": {"type": "array", "items": TEXT},
    },
}  # fmt: skip
COMMON: dict[str, Schema] = {
    "Problem": PROBLEM, "Link": LINK, "Entry": ENTRY, "File": FILE, "Comment": COMMENT,
    "Assignment": ASSIGNMENT, "Job": JOB, "Asked": ASKED,
    "Report": REPORT, "Kind": KIND,
}  # fmt: skip
ENVELOPE: dict[str, Schema] = {
    "id": WHOLE, "uid": TEXT, "kind": TEXT, "version": WHOLE, "number": {"type": ["string", "null"]},
    "state": {"type": ["string", "null"]}, "status": TEXT, "created_at": INSTANT, "updated_at": INSTANT,
    "created_by": {"anyOf": [{"$ref": "#/components/schemas/Link"}, {"type": "null"}]},
    "updated_by": {"anyOf": [{"$ref": "#/components/schemas/Link"}, {"type": "null"}]},
    "links": {"type": "object"}, "custom": {"type": "object"}, "verbs": {"type": "array", "items": TEXT},
}  # fmt: skip


def ref(name: str) -> Schema:
    """Return a reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def field_sent(info: FieldInfo) -> Schema:
    """Return the schema of a field as sent; null empties it."""
    if info.link:
        shown = {**LINK_SENT, "title": f"{info.label} ({kind_of(info.link).__collection__})"}
        return shown if info.required else {**shown, "anyOf": [*LINK_SENT["anyOf"], {"type": "null"}]}
    shown = {**_type(info), "title": str(info.label)}
    return shown if info.required else _or_null(shown)


def field_answered(info: FieldInfo) -> Schema:
    """Return the schema of a field as answered."""
    if info.link:
        return {"anyOf": [ref("Link"), {"type": "null"}], "title": str(info.label)}
    return _or_null({**_type(info), "title": str(info.label)})


def _type(info: FieldInfo) -> Schema:
    if info.choices:
        return {"type": "string", "enum": [value for value, _label in info.choices]}
    if info.is_number and info.type != "integer":
        return DECIMAL
    return TYPES.get(info.type, TEXT)


def _or_null(shown: Schema) -> Schema:
    types = shown["type"] if isinstance(shown["type"], list) else [shown["type"]]
    widened = {**shown, "type": [*types, "null"]}
    return {**widened, "enum": [*shown["enum"], None]} if "enum" in shown else widened


def sent(description: Description) -> Schema:
    """Return the schema of a document as sent."""
    writable = [info for info in description.fields if not info.readonly and info.spec.api]
    properties = {info.name: field_sent(info) for info in writable}
    for name, line in description.lines.items():
        own = {info.name: field_sent(info) for info in line.fields if not info.readonly}
        own |= {"id": WHOLE, "position": WHOLE, "_delete": {"type": "boolean"}}
        properties[name] = {"type": "array", "items": {"type": "object", "properties": own}}
    return {"type": "object", "properties": properties}


def needed(description: Description) -> list[str]:
    """Return what a new document must say; company and currency have a usual value."""
    usual = {"company", "currency"}
    return [
        info.name
        for info in description.fields
        if info.required and not info.readonly and not info.has_default and info.name not in usual
    ]


def answered(description: Description) -> Schema:
    """Return the schema of a document as answered; lines are left out of lists."""
    shown = {info.name: field_answered(info) for info in description.fields if info.spec.api and not info.custom}
    for name, line in description.lines.items():
        own = {info.name: field_answered(info) for info in line.fields}
        own |= {"id": WHOLE, "uid": TEXT, "position": WHOLE}
        shown[name] = {
            "type": "array",
            "items": {"type": "object", "properties": own, "required": ["id", "position"]},
        }
    required = ["id", "version"]
    return {"type": "object", "properties": {**shown, **ENVELOPE}, "required": required}


def values_of(verb: Verb) -> Schema:
    """Return the schema of what a verb takes."""
    named: dict[str, Schema] = {name: TYPES["date"] if name == "date" else TEXT for name in verb.values if name != "*"}
    found: Schema = {"type": "object", "properties": named}
    return {**found, "required": ["reason"]} if verb.verb == "cancel" else found
