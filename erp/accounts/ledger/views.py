"""The entries of one document: by the API, and as the panel on its page."""

from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from erp.accounts.ledger.queries import entries_json, ledger_of
from erp.kernel.change import current_work, find
from erp.kernel.errors import NotFound
from erp.kernel.records import Voucher
from erp.kernel.records.registry import collection as kind_behind
from erp.kernel.rights import may
from erp.kernel.rights.registry import BY_RECORD, surface

ledger = Blueprint("ledger", __name__)


def _document(collection: str, record_id: int) -> Any:
    work, kind = current_work(), kind_behind(collection)
    if not issubclass(kind, Voucher) or not may(work.actor, "read", kind.__kind__):
        raise NotFound
    return find(work, kind, record_id, lines=False)


@surface("ledger.entries", kind=BY_RECORD, verb="read")
@ledger.get("/api/v1/<collection>/<int:record_id>/ledger")
def entries(collection: str, record_id: int) -> ResponseReturnValue:
    """Answer the entries that a document booked, in order of their numbers."""
    document = _document(collection, record_id)
    return jsonify(entries=entries_json(current_work(), ledger_of(current_work(), document)))


@surface("ledger.panel", kind=BY_RECORD, verb="read")
@ledger.get("/<collection>/<int:record_id>/ledger")
def panel(collection: str, record_id: int) -> ResponseReturnValue:
    """Show the entries that a document booked."""
    document = _document(collection, record_id)
    rows = entries_json(current_work(), ledger_of(current_work(), document))
    return render_template("accounts/ledger/panel.html", document=document, rows=rows, title=document.title)
