"""The operations of the API: those of every kind, and those that exist once."""

from collections.abc import Iterable
from typing import Any

from erp.kernel.change.verbs import verbs_of
from erp.kernel.paper.reports import Report
from erp.kernel.records.record import Record, Voucher
from erp.kernel.text import _
from erp.kernel.web.openapi_schemas import TEXT, WHOLE, Schema, ref, values_of

ROOT = "/api/v1"
PDF, CSV = "application/pdf", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS = {
    200: "Done", 201: "Made", 202: "Waits", 204: "Deleted", 400: "Not understood", 401: "Not signed in",
    403: "Not allowed", 404: "Does not exist, or may not be seen", 405: "Another method", 409: "The state does not admit it",
    412: "Somebody saved a newer version", 413: "Too large", 415: "Another type of content", 422: "Refused by a rule",
    428: "Send If-Match", 429: "Too many requests",
}  # fmt: skip
ALWAYS = (401, 403, 404, 429)
WRITING = (*ALWAYS, 400, 409, 415, 422)
ID: Schema = {"name": "id", "in": "path", "required": True, "schema": WHOLE}
KEY: Schema = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 180}}


def query(name: str, schema: Schema, description: str = "", *, required: bool = False) -> Schema:
    """Return a parameter of the query string."""
    found: Schema = {"name": name, "in": "query", "schema": schema, "required": required}
    return {**found, "description": description} if description else found


def if_match(*, required: bool) -> Schema:
    """Return the header that names the version a change was made on."""
    return {"name": "If-Match", "in": "header", "schema": TEXT, "required": required}


def json(schema: Schema) -> Schema:
    """Return a JSON content of this schema."""
    return {"application/json": {"schema": schema}}


def answers(done: dict[int, Schema | None], refused: Iterable[int]) -> Schema:
    """Return the answers of an operation: JSON when it is done, problem details when it is refused."""
    found: Schema = {}
    for status, schema in done.items():
        found[str(status)] = {"description": WORDS[status], **({"content": json(schema)} if schema else {})}
    for status in sorted(set(refused)):
        problem = {"application/problem+json": {"schema": ref("Problem")}}
        found[str(status)] = {"description": WORDS[status], "content": problem}
    return found


def files(*types: str, refused: Iterable[int] = ALWAYS, done: dict[int, Schema | None] | None = None) -> Schema:
    """Return the answers of an operation that sends a file."""
    binary = {one: {"schema": {"type": "string", "format": "binary"}} for one in types}
    return {**answers(done or {}, refused), "200": {"description": WORDS[200], "content": binary}}


def paths_of(kind: type[Record], more: dict[str, Schema]) -> dict[str, Schema]:
    """Return the operations of a kind."""
    base, tag = f"{ROOT}/{kind.__collection__}", {"tags": [str(kind.__plural_label__)]}
    one = f"{base}/{{id}}"
    found = {base: _collection(kind), f"{base}/batch": _batch(kind), one: _document(kind)}
    found |= {f"{one}/{name}": way for name, way in {**_beside(kind), **more}.items()}
    for verb in verbs_of(kind):
        made = ref(kind.__name__)
        done: dict[int, Schema | None] = (
            {204: None} if verb.verb == "delete" else {200: made, 201: made, 202: _waiting(kind)}
        )
        found[f"{one}/{verb.route}"] = {"parameters": [ID], "post": {
            "summary": str(verb.label), "parameters": [if_match(required=False), KEY],
            "requestBody": {"content": json(values_of(verb))}, "responses": answers(done, (*WRITING, 412)),
        }}  # fmt: skip
    for path, way in found.items():
        for method, operation in way.items():
            if isinstance(operation, dict):
                operation |= {**tag, "operationId": f"{method}_{path.removeprefix(ROOT + '/').replace('/', '_')}"}
    return found


def _waiting(kind: type[Record]) -> Schema:
    properties = {"document": ref(kind.__name__), "approval": {"type": "object"}}
    return {"type": "object", "properties": properties, "required": ["document", "approval"]}


def _collection(kind: type[Record]) -> Schema:
    page = {
        "type": "object", "required": ["data", "next"],
        "properties": {"data": {"type": "array", "items": ref(kind.__name__)}, "next": {"type": ["string", "null"]}},
    }  # fmt: skip
    asked = [
        query("q", TEXT, _("Words to search for")), query("sort", TEXT, _("Fields to order by, as in -date,id")),
        query("fields", TEXT, _("Fields to answer")), query("expand", TEXT, _("Links to answer whole")),
        query("limit", {"type": "integer", "minimum": 1, "maximum": 500}), query("after", TEXT, _("Cursor of the next page")),
        query("filters", {"type": "object", "additionalProperties": TEXT}, _(
            "Any field, alone or with __eq, __ne, __lt, __lte, __gt, __gte, __in, __like or __isnull"
        )) | {"style": "form", "explode": True},
    ]  # fmt: skip
    made = ref(kind.__name__)
    done: dict[int, Schema | None] = {201: made, **({202: _waiting(kind)} if issubclass(kind, Voucher) else {})}
    submit = [query("submit", {"type": "string", "enum": ["1", "true"]})] if issubclass(kind, Voucher) else []
    return {
        "get": {"summary": _("List"), "parameters": asked, "responses": answers({200: page}, (*ALWAYS, 400))},
        "post": {
            "summary": _("Create"), "parameters": [*submit, KEY],
            "requestBody": {"required": True, "content": json(ref(f"{kind.__name__}New"))},
            "responses": answers(done, WRITING),
        },
    }  # fmt: skip


def _batch(kind: type[Record]) -> Schema:
    documents = {"type": "array", "items": ref(f"{kind.__name__}New")}
    body = {
        "type": "object", "required": ["documents"],
        "properties": {"documents": documents, "submit": {"type": "boolean"}, "all_or_nothing": {"type": "boolean"}},
    }  # fmt: skip
    result = {
        "type": "object", "required": ["status"],
        "properties": {"status": WHOLE, "document": ref(kind.__name__), "problem": ref("Problem")},
    }  # fmt: skip
    done = {"type": "object", "required": ["results"], "properties": {"results": {"type": "array", "items": result}}}
    return {"post": {
        "summary": _("Create many"), "parameters": [KEY], "requestBody": {"required": True, "content": json(body)},
        "responses": answers({200: done, 202: ref("Asked")}, WRITING),
    }}  # fmt: skip


def _document(kind: type[Record]) -> Schema:
    made = ref(kind.__name__)
    asked = [query("fields", TEXT), query("expand", TEXT)]
    return {
        "parameters": [ID],
        "get": {"summary": _("Show"), "parameters": asked, "responses": answers({200: made}, (*ALWAYS, 400))},
        "patch": {
            "summary": _("Change"), "parameters": [if_match(required=True), KEY],
            "requestBody": {"required": True, "content": json(ref(f"{kind.__name__}Changed"))},
            "responses": answers({200: made}, (*WRITING, 412, 428)),
        },
        "delete": {
            "summary": _("Delete"), "parameters": [if_match(required=False), KEY],
            "responses": answers({204: None}, (*ALWAYS, 400, 409, 412)),
        },
    }  # fmt: skip


def _beside(kind: type[Record]) -> dict[str, Schema]:
    """Return what stands beside a document: files, prints, and the entries of a voucher."""
    found = {
        "files": list_and_add("File", {"multipart/form-data": {"schema": {
            "type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}},
        }}}),
        "print.pdf": {"parameters": [ID], "get": {
            "summary": _("Print"), "parameters": [query("format", TEXT), query("lang", TEXT)],
            "responses": files(PDF, refused=(*ALWAYS, 422), done={202: ref("Asked")}),
        }},
    }  # fmt: skip
    if issubclass(kind, Voucher):
        entries: Schema = {"type": "array", "items": ref("Entry")}
        booked = {"type": "object", "required": ["entries"], "properties": {"entries": entries}}
        planned = {**booked, "properties": {"entries": entries, "errors": {"type": "array"}}}
        found["ledger"] = {"parameters": [ID], "get": {
            "summary": _("Ledger entries"), "responses": answers({200: booked}, ALWAYS)}}  # fmt: skip
        found["preview"] = {"parameters": [ID], "get": {
            "summary": _("Entries that a submit would make"), "responses": answers({200: planned}, (*ALWAYS, 409))}}  # fmt: skip
    return found


def list_and_add(name: str, content: Schema) -> Schema:
    """Return the operations on a list beside a record: read it, add to it."""
    listed = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": ref(name)}}}
    return {
        "parameters": [ID],
        "get": {"summary": _("List"), "responses": answers({200: listed}, ALWAYS)},
        "post": {
            "summary": _("Add"), "parameters": [KEY], "requestBody": {"required": True, "content": content},
            "responses": answers({201: ref(name)}, (*WRITING, 413) if name == "File" else WRITING),
        },
    }  # fmt: skip


def report_paths(reports: Iterable[Report]) -> dict[str, Schema]:
    """Return the operations of the reports."""
    found: dict[str, Schema] = {}
    for report in reports:
        asked = [
            query(
                one.name, {"type": "string", "enum": [value for value, _label in one.choices]} if one.choices else TEXT
            )
            for one in report.parameters
        ]
        about: Schema = {"tags": [_("Reports")], "parameters": asked}
        refused = (*ALWAYS, 400, 422)
        path, name = f"{ROOT}/reports/{report.name}", f"report_{report.name}"
        shown = {"summary": str(report.label), "responses": answers({200: ref("Report")}, refused)}
        found[path] = {"get": {**about, **shown, "operationId": name}}
        for form, mime in (("csv", CSV), ("xlsx", XLSX), ("pdf", PDF)):
            done: dict[int, Schema | None] = {202: ref("Asked")} if mime == PDF else {}
            sheet = {
                "summary": f"{report.label} ({form.upper()})",
                "responses": files(mime, refused=refused, done=done),
            }
            found[f"{path}.{form}"] = {"get": {**about, **sheet, "operationId": f"{name}_{form}"}}
    return found


def single_paths() -> dict[str, Schema]:
    """Return the operations that are not of one kind."""
    listed = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": {"type": "object"}}},
    }
    collection = {"name": "collection", "in": "path", "required": True, "schema": TEXT}
    found: dict[str, tuple[str, list[Any], Schema]] = {
        "kinds": (_("Kinds"), [], answers({200: listed}, (401, 403, 429))),
        "kinds/{collection}": (_("Description of a kind"), [collection], answers({200: ref("Kind")}, ALWAYS)),
        "jobs/{id}": (_("Job"), [ID], answers({200: ref("Job")}, ALWAYS)),
        "files/{id}": (_("Download"), [ID], files("*/*")),
        "search": (_("Search"), [query("q", TEXT)], answers({200: listed}, (401, 403, 429))),
        "{collection}/export": (_("Export"), [collection, query("format", {"type": "string", "enum": ["csv", "xlsx"]}),
                                              query("columns", TEXT)], files(CSV, XLSX, refused=(*ALWAYS, 400, 422))),
    }  # fmt: skip
    return {
        f"{ROOT}/{path}": {"get": {
            "tags": ["API"], "summary": summary, "parameters": asked, "responses": responses,
            "operationId": "get_" + path.replace("/", "_"),
        }}
        for path, (summary, asked, responses) in found.items()
    }  # fmt: skip
