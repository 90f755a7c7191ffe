"""OpenAPI 3.1 of every kind that the caller may read, and a page that lists it for people."""

from typing import Any

from flask import Blueprint, g, jsonify, render_template
from flask.typing import ResponseReturnValue

from erp.kernel.change.described import described
from erp.kernel.change.verbs import verbs_of
from erp.kernel.change.work import Work, current_work
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Record
from erp.kernel.records.registry import all_kinds, kind_of
from erp.kernel.rights import may
from erp.kernel.text import _

openapi = Blueprint("openapi", __name__, url_prefix="/api")

DECIMAL = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "date": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "rows": {"type": "array", "items": {"type": "object"}},
    "json": {"type": "object"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
}
LINK_IN = {
    "oneOf": [
        {"type": "integer"},
        {"type": "string"},
        {
            "type": "object",
            "properties": {"id": {"type": "integer"}, "code": {"type": "string"}, "number": {"type": "string"}},
        },
    ]
}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"}, "code": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {
            "field": {"type": "string"}, "line": {"type": ["integer", "null"]}, "code": {"type": "string"},
            "message": {"type": "string"}}}},
    },
}  # fmt: skip


def field_schema(info: FieldInfo) -> dict[str, Any]:
    """Return the JSON schema of a field as sent."""
    if info.link:
        return {**LINK_IN, "description": f"{info.label} ({kind_of(info.link).__collection__})"}
    if info.choices:
        return {"type": "string", "enum": [value for value, _label in info.choices], "description": str(info.label)}
    if info.is_number and info.type != "integer":
        return {**DECIMAL, "description": str(info.label)}
    return {**SCHEMAS.get(info.type, {"type": "string"}), "description": str(info.label)}


def body_schema(description: Description) -> dict[str, Any]:
    """Return the JSON schema of a document as sent."""
    writable = [info for info in description.fields if not info.readonly and not info.custom and info.spec.api]
    properties = {info.name: field_schema(info) for info in writable}
    for name, line in description.lines.items():
        own = {info.name: field_schema(info) for info in line.fields if not info.readonly}
        own |= {"id": {"type": "integer"}, "_delete": {"type": "boolean"}}
        properties[name] = {"type": "array", "items": {"type": "object", "properties": own}}
    needed = [
        info.name
        for info in writable
        if info.required and not info.has_default and info.name not in {"company", "currency"}
    ]
    return {"type": "object", "properties": properties, "required": needed}


def _answers(name: str, *codes: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers: dict[str, Any] = {"200": {"description": "The document", "content": content}}
    for code in codes:
        answers[str(code)] = {
            "description": "Refused" if code >= 400 else "Done",
            "content": problem if code >= 400 else content,
        }
    return answers


def paths_of(kind: type[Record], name: str) -> dict[str, Any]:
    """Return the operations of a kind."""
    base = f"/api/v1/{kind.__collection__}"
    tag = [str(kind.__plural_label__)]
    sent = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    one = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    listed: list[dict[str, Any]] = [
        {"name": key, "in": "query", "schema": {"type": "string"}} for key in ("q", "sort", "fields", "after")
    ]
    listed.append({"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 500}})
    paths: dict[str, Any] = {
        base: {
            "get": {"tags": tag, "summary": _("List"), "parameters": listed, "responses": _answers(name, 400, 401)},
            "post": {"tags": tag, "summary": _("Create"), "requestBody": sent, "responses": _answers(name, 201, 202, 401, 403, 422)},
        },
        f"{base}/{{id}}": {
            "parameters": one,
            "get": {"tags": tag, "summary": _("Show"), "responses": _answers(name, 401, 404)},
            "patch": {"tags": tag, "summary": _("Change"), "requestBody": sent, "responses": _answers(name, 404, 409, 412, 422, 428)},
            "delete": {"tags": tag, "summary": _("Delete"), "responses": {"204": {"description": "Deleted"}, **_answers(name, 404, 409)}},
        },
    }  # fmt: skip
    for verb in verbs_of(kind):
        if verb.verb != "delete":
            done = {
                "tags": tag,
                "summary": str(verb.label),
                "responses": _answers(name, 201, 202, 403, 404, 409, 412, 422),
            }
            paths[f"{base}/{{id}}/{verb.route}"] = {"parameters": one, "post": done}
    return paths


@openapi.get("/v1/openapi.json")
def document() -> ResponseReturnValue:
    """Return the OpenAPI document of what this caller may read."""
    return jsonify(build(current_work()))


def build(work: Work) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document for the actor of this unit of work."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for kind in all_kinds():
        if may(g.actor, "read", kind.__kind__) and getattr(kind, "__api__", True):
            name = kind.__name__
            schemas[name] = body_schema(described(work, kind.__kind__, "api"))
            paths |= paths_of(kind, name)
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0", "info": {"title": "Daifuku", "version": "1"}, "paths": paths,
        "security": [{"token": []}], "components": {"schemas": schemas, "securitySchemes": {"token": bearer}},
    }  # fmt: skip


@openapi.get("/docs")
def readable() -> ResponseReturnValue:
    """Show the API for people: collections, fields and verbs."""
    work = current_work()
    kinds = [kind for kind in all_kinds() if may(work.actor, "read", kind.__kind__) and getattr(kind, "__api__", True)]
    shown = [(kind, described(work, kind.__kind__, "api"), verbs_of(kind)) for kind in kinds]
    return render_template("help/api.html", kinds=shown, title=_("API"), crumbs=[(_("API"), None)])
