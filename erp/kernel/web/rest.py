"""REST for every kind: the collection, the document, its verbs, batches - from the description, with problem details."""

import json
import re
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import load_only, selectinload
from werkzeug.exceptions import MethodNotAllowed, UnsupportedMediaType

from erp.kernel.change import approvals
from erp.kernel.change.derived import derived
from erp.kernel.change.described import described, offered
from erp.kernel.change.effects import entries_of, writers
from erp.kernel.change.find import find
from erp.kernel.change.lifecycle import delete, problems_of, submit
from erp.kernel.change.save import save
from erp.kernel.change.values import whole
from erp.kernel.change.verbs import perform, unknown_values, verbs_now, verbs_of
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import BadRequest, Conflict, NotFound, PreconditionRequired, Problems
from erp.kernel.records.description import Description
from erp.kernel.records.record import DRAFT, Record, Voucher
from erp.kernel.records.registry import collection as kind_behind
from erp.kernel.rights import may
from erp.kernel.text import _, language
from erp.kernel.web.expanding import expand
from erp.kernel.web.listing import Listing, read_query
from erp.kernel.web.present import documents_json
from erp.kernel.web.problems import problem_body

rest = Blueprint("rest", __name__, url_prefix="/api/v1")
MOST_KEPT = 100
"""Longer pages are read by programs that go through everything once: kept, they would push out what people look at."""

LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""Half a character, or a whole one written in two halves: JSON allows both, UTF-8 only the second."""


def readable(collection: str) -> type[Record]:
    """Return the kind behind a collection, if the caller may see any of it."""
    kind = kind_behind(collection)
    if not may(g.actor, "read", kind.__kind__) or not getattr(kind, "__api__", True):
        raise NotFound
    return kind


def body() -> dict[str, Any]:
    """Return the JSON object that was sent; decimals stay text and floats are refused."""
    return parsed(request.get_data(cache=True))


def parsed(raw: bytes) -> dict[str, Any]:
    """Return a JSON object; raise ``BadRequest`` when it is none."""
    if not raw:
        return {}
    if request.mimetype not in {"application/json", "application/merge-patch+json"}:
        raise UnsupportedMediaType("Send application/json.")
    try:
        value = json.loads(raw.decode(), parse_float=_no_float)
        if LONE_SURROGATE.search(raw):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise BadRequest(_("The body is no JSON.")) from None
    if not isinstance(value, dict):
        raise BadRequest(_("Send a JSON object."))
    return value


def _no_float(text: str) -> dict[str, str]:
    """Return a JSON number with a fraction as something no field reads: amounts are sent as strings."""
    return {"float": text}


def as_json(work: Work, record: Any, *, lines: bool = True) -> dict[str, Any]:
    """Return one document as the API writes it, with the verbs one may do now."""
    answer = documents_json(work, described(work, record.__kind__, "api"), [record], lines=lines)[0]
    answer["verbs"] = [verb.route for verb in verbs_now(work, record)]
    return answer


def answered(work: Work, record: Any, status: int = 200) -> Response:
    """Return a document with its version as ETag."""
    work.session.flush()
    return with_version(jsonify(as_json(work, record)), record, status)


def with_version(response: Response, record: Record, status: int = 200) -> Response:
    """Return an answer that carries the record's version as ETag."""
    response.status_code = status
    response.headers["ETag"] = f'"{record.version}"'
    return response


def if_match(*, required: bool) -> int | None:
    """Return the version the caller changes; raise ``PreconditionRequired`` when it must be given and is not."""
    sent = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    version = whole(sent)
    if version is not None:
        return version
    if sent not in {"", "*"}:
        raise BadRequest(_("If-Match is a version in quotes."))
    if required and sent != "*":
        raise PreconditionRequired(_("Send If-Match with the version that you changed."))
    return None


@rest.get("/<collection>")
def list_documents(collection: str) -> ResponseReturnValue:
    """List documents: filters, search, sort, fields, keyset paging."""
    work, kind = current_work(), readable(collection)
    description = described(work, kind.__kind__, "api")
    if any(len(values) > 1 for _name, values in request.args.lists()):
        raise BadRequest(_("Say each parameter once."))
    query = read_query(description, request.args, None)
    listing = Listing(work, query, None)
    expanded = request.args.get("expand", "")
    if expanded or query.limit > MOST_KEPT:
        return _as_body(*_listed(work, description, listing, expanded))
    quarter = work.now.replace(minute=work.now.minute // 15 * 15, second=0, microsecond=0)
    key = ("api", language(), quarter, *listing.key())
    text: bytes = derived(work, listing.kinds(), key, lambda: _as_body(*_listed(work, description, listing)).data)
    return Response(text, mimetype="application/json")


def _as_body(shown: list[dict[str, Any]], cursor: str | None) -> Response:
    return jsonify(data=shown, next=cursor)


def _listed(
    work: Work, description: Description, listing: Listing, expanded: str = ""
) -> tuple[list[dict[str, Any]], str | None]:
    """Return one page of documents as the API writes them, and the cursor of the next."""
    query, kind = listing.query, listing.record
    lines = any(name in query.fields for name in description.lines)
    known = {info.name for info in description.fields} | {"number", "state", "status"}
    options = _loading(description, query.fields) if query.fields and known.issuperset(query.fields) else []
    if lines:
        relations = [one.key for one in kind.__mapper__.relationships if "rows" in one.info]
        options += [selectinload(getattr(kind, name)) for name in relations]
    rows, cursor = listing.page([kind], *options)
    shown = documents_json(work, description, [row[0] for row in rows], lines=lines, only=query.fields)
    expand(work, description, shown, expanded)
    return shown, cursor


WHOLE = (
    "id", "uid", "version", "number", "code", "state", "company_id", "currency", "created_at", "created_by_id",
    "updated_at", "updated_by_id",
)  # fmt: skip
"""What the API needs of every record, whatever fields are asked for."""


def _loading(description: Description, only: tuple[str, ...]) -> list[Any]:
    """Read only the columns that were asked for, what status is derived from, and what every answer carries."""
    kind = description.record
    reads = kind.__status_reads__ if hasattr(kind, "status_on") else ("state", "status")
    own = {info.name: info.attribute for info in (*description.fields, *description.off) if info.aspect is None}
    asked = {"custom" if (info := description.get(name)) and info.custom else own.get(name, name) for name in only}
    if reads is None:
        return []
    columns = kind.__mapper__.column_attrs.keys()
    wanted = {*WHOLE, *reads, *asked}.intersection(columns)
    return [load_only(*(getattr(kind, name) for name in sorted(wanted)), raiseload=True)]


@rest.post("/<collection>")
def create_document(collection: str) -> ResponseReturnValue:
    """Create a document; with ``?submit=1`` create and submit it in one transaction."""
    work, kind = current_work(), readable(collection)
    submitting = request.args.get("submit") in {"1", "true"}
    if submitting and not issubclass(kind, Voucher):
        raise BadRequest(_("Records of this kind are never submitted."))
    record: Any = save(work, kind, body())
    approval = submit(work, record) if submitting else None
    if approval is not None:
        return _waiting(work, record, approval)
    response = answered(work, record, 201)
    response.headers["Location"] = f"/api/v1/{collection}/{record.id}"
    return response


def _waiting(work: Work, record: Any, approval: approvals.Approval) -> Response:
    """Answer 202: the document stays a draft until somebody decides."""
    work.session.flush()
    about = {"id": approval.id, "reason": approval.reason, "approvers": approvers_of(work, approval)}
    return with_version(jsonify(document=as_json(work, record), approval=about), record, 202)


def approvers_of(work: Work, approval: approvals.Approval) -> list[dict[str, Any]]:
    """Return who may decide, by name."""
    return [{"id": user_id, "label": name} for user_id, name in approvals.deciders(work, approval)]


@rest.get("/<collection>/<int:record_id>")
def show_document(collection: str, record_id: int) -> ResponseReturnValue:
    """Show one document with its lines."""
    work, kind = current_work(), readable(collection)
    description, record = described(work, kind.__kind__, "api"), find(work, kind, record_id)
    query = read_query(description, {"fields": request.args.get("fields", "")}, None)
    shown = documents_json(work, description, [record], only=query.fields)
    expand(work, description, shown, request.args.get("expand", ""))
    if not query.fields:
        shown[0]["verbs"] = [verb.route for verb in verbs_now(work, record)]
    return with_version(jsonify(shown[0]), record)


@rest.patch("/<collection>/<int:record_id>")
def change_document(collection: str, record_id: int) -> ResponseReturnValue:
    """Change the fields that are sent; lines by id, new ones without id, ``_delete`` removes."""
    work, kind = current_work(), readable(collection)
    record: Any = find(work, kind, record_id)
    save(work, kind, body(), record, version=if_match(required=True))
    return answered(work, record)


@rest.delete("/<collection>/<int:record_id>")
def delete_document(collection: str, record_id: int) -> ResponseReturnValue:
    """Delete a draft, or a master to which nothing refers."""
    work, kind = current_work(), readable(collection)
    delete(work, find(work, kind, record_id, for_update=True), version=if_match(required=False))
    return Response(status=204)


@rest.post("/<collection>/<int:record_id>/<route>")
def do_verb(collection: str, record_id: int, route: str) -> ResponseReturnValue:
    """Do a verb: submission, cancellation, approval and whatever the kind declares."""
    work, kind = current_work(), readable(collection)
    verb = next((one for one in verbs_of(kind) if one.route == route), None)
    if verb is None:
        raise NotFound
    values = body()
    problems = unknown_values(verb, values)
    if problems:
        find(work, kind, record_id, lines=False)
        raise Problems(problems)
    outcome = perform(work, kind, record_id, route, values, version=if_match(required=False))
    if outcome.deleted:
        return Response(status=204)
    if outcome.approval is not None:
        return _waiting(work, outcome.record, outcome.approval)
    if outcome.made is not None:
        return answered(work, outcome.made, 201)
    return answered(work, outcome.record)


@rest.get("/<collection>/<int:record_id>/<route>")
def read_verb(collection: str, record_id: int, route: str) -> ResponseReturnValue:
    """Refuse to do a verb by GET; anything else at this address does not exist."""
    work, kind = current_work(), readable(collection)
    find(work, kind, record_id, lines=False)
    if any(verb.route == route for verb in verbs_of(kind)):
        raise MethodNotAllowed(valid_methods=["POST"])
    raise NotFound


@rest.get("/<collection>/<int:record_id>/preview")
def preview(collection: str, record_id: int) -> ResponseReturnValue:
    """Show the entries that a submit of this draft would make, and what would refuse it."""
    work, kind = current_work(), readable(collection)
    record: Any = find(work, kind, record_id)
    if not isinstance(record, Voucher):
        raise NotFound
    if record.state != DRAFT:
        raise Conflict(_("Only a draft can be previewed; what was booked is in its ledger."))
    problems = problems_of(work, record)
    shown: dict[str, Any] = {"entries": [], "errors": problem_body(Problems(problems))["errors"]}
    if not problems:
        entries = entries_of(work, record)
        for writer in writers():
            show = getattr(writer, "shown", None)
            mine = [entry for entry in entries if isinstance(entry, writer.entry)]
            if show is not None and mine:
                shown[getattr(writer, "name", "entries")] = show(work, record, mine)
    return jsonify(shown)


@rest.get("/kinds")
def kinds() -> ResponseReturnValue:
    """List the kinds one may read."""
    found = [
        kind
        for kind in offered(current_work())
        if may(g.actor, "read", kind.__kind__) and getattr(kind, "__api__", True)
    ]
    return jsonify(
        data=[
            {"kind": kind.__kind__, "collection": kind.__collection__, "label": str(kind.__label__)} for kind in found
        ]
    )


@rest.get("/kinds/<collection>")
def kind_description(collection: str) -> ResponseReturnValue:
    """Describe a kind: fields, lines, verbs."""
    work, kind = current_work(), readable(collection)
    return jsonify(description_json(work, kind))


def description_json(work: Work, kind: type[Record]) -> dict[str, Any]:
    """Return the description of a kind as the API and ``erp describe`` print it."""
    description = described(work, kind.__kind__, "api")
    return {
        "kind": description.kind, "collection": description.collection, "label": str(description.label),
        "fields": [_field_json(info) for info in description.fields if info.spec.api],
        "lines": {name: [_field_json(info) for info in line.fields] for name, line in description.lines.items()},
        "verbs": [verb.route for verb in verbs_of(kind)],
    }  # fmt: skip


def _field_json(info: Any) -> dict[str, Any]:
    shown = {
        "name": info.name, "type": info.type, "label": str(info.label), "required": info.required,
        "readonly": info.readonly, "in_list": info.in_list, "link": info.link,
    }  # fmt: skip
    if info.choices:
        shown["choices"] = [{"value": value, "label": str(label)} for value, label in info.choices]
    return shown
