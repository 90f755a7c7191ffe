"""What the pages of this package share: the record in the URL, downloads, and the way back."""

from typing import Any
from urllib.parse import quote

from flask import Response, g, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from erp.kernel.change.find import find
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotFound
from erp.kernel.format import Format
from erp.kernel.paper.files import PRINT, REPORT, File, the_store
from erp.kernel.records import Record
from erp.kernel.records.registry import collection as kind_behind
from erp.kernel.rights import may
from erp.kernel.web.pages import see_other
from erp.kernel.web.problems import wants_json

VIEWED = "default-src 'self'; object-src 'self'; script-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def readable_kind(collection: str, verb: str = "read") -> type[Record]:
    """Return the kind behind a collection, if the caller may do ``verb`` with some of it."""
    kind = kind_behind(collection)
    if not may(current_work().actor, verb, kind.__kind__):
        raise NotFound
    return kind


def record_in_url(collection: str, record_id: int, *, lines: bool = False) -> tuple[Work, Any]:
    """Return the unit of work and the record that the URL names, if the caller may see it."""
    work = current_work()
    return work, find(work, readable_kind(collection), record_id, lines=lines)


def reader_format() -> Format:
    """Return the formatter of the reader."""
    return getattr(g, "format", None) or Format()


def download(file: File) -> Response:
    """Send a file as a download that no browser runs; our own prints open in the browser's viewer."""
    own = file.purpose in {PRINT, REPORT}
    response = send_file(the_store().open(file.sha256), mimetype=file.mime, etag=False, conditional=False)
    disposition = "inline" if own and "download" not in request.args else "attachment"
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(file.name, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = VIEWED if own else SANDBOX
    response.content_length = file.size
    response.set_etag(file.sha256)
    return response


def back_to(record: Record, anchor: str = "") -> Response | BaseResponse:
    """Answer a form with the page of its record."""
    return see_other(f"/{record.__collection__}/{record.id}{anchor}")


def is_fragment() -> bool:
    """Return whether a part of a page is asked for, not a page."""
    return bool(request.headers.get("HX-Request")) and not wants_json()
