"""Files in pages and by the API: download, list and attach. Each asks for the record that the file is about."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.audit import plain
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotAllowed, Problem, Problems
from erp.kernel.paper.files import File, attach, files_of, find_file
from erp.kernel.paper.pages import back_to, download, is_fragment, record_in_url
from erp.kernel.records import Record
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web.problems import wants_json

files = Blueprint("files", __name__)
KILO = 1000


@files.get("/files/<int:file_id>")
@files.get("/api/v1/files/<int:file_id>")
def get_file(file_id: int) -> ResponseReturnValue:
    """Download a file that the reader may see through its record."""
    return download(find_file(current_work(), file_id))


@files.get("/<collection>/<int:record_id>/files")
@files.get("/api/v1/<collection>/<int:record_id>/files")
def list_files(collection: str, record_id: int) -> ResponseReturnValue:
    """List the files attached to a record."""
    work, record = record_in_url(collection, record_id)
    if wants_json():
        return jsonify(data=[file_json(file) for file in files_of(work, record)])
    return render_template("document/_files.html", files=shown_files(work, record))


@files.post("/<collection>/<int:record_id>/files")
@files.post("/api/v1/<collection>/<int:record_id>/files")
def add_file(collection: str, record_id: int) -> ResponseReturnValue:
    """Attach a file to a record: multipart form, field ``file``."""
    work, record = record_in_url(collection, record_id)
    if not may_attach(work, record):
        raise NotAllowed(_("You may not attach files here. Nothing was kept."))
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Problems([Problem("file", "required", _("Choose a file."))])
    file = attach(work, record, sent.filename, sent.stream)  # type: ignore[arg-type]
    if wants_json():
        return jsonify(file_json(file)), 201
    if is_fragment():
        return render_template("document/_files.html", files=shown_files(work, record))
    return back_to(record, "#files")


def may_attach(work: Work, record: Record) -> bool:
    """Return whether the actor may attach files: who may change such records, or was given just this."""
    return any(may(work.actor, verb, record.__kind__, record) for verb in ("attach", "update"))


def file_json(file: File) -> dict[str, Any]:
    """Return a file as the API writes it."""
    return {
        "id": file.id, "name": file.name, "type": file.mime, "size": file.size, "sha256": file.sha256, "url": file.url,
        "created_at": plain(file.created_at),
    }  # fmt: skip


def shown_files(work: Work, record: Record) -> list[dict[str, Any]]:
    """Return the files of a record as its page shows them."""
    return [{"name": file.name, "url": file.url, "size_text": size_text(file.size)} for file in files_of(work, record)]


def size_text(size: int) -> str:
    """Return a size in words: 900 B, 12 kB, 3.4 MB."""
    if size < KILO:
        return f"{size} B"
    if size < KILO * KILO:
        return f"{size // KILO} kB"
    return f"{size // (KILO * KILO)}.{size % (KILO * KILO) * 10 // (KILO * KILO)} MB"
