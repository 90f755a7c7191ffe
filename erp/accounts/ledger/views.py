"""The entries of one document: by the API, and as the panel on its page."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, g, jsonify, render_template
from flask.typing import ResponseReturnValue

from erp.accounts.ledger.queries import entries_json, ledger_of
from erp.company.company import currency_of
from erp.kernel.change import Work, current_work, find
from erp.kernel.change.hooks import rules
from erp.kernel.errors import NotFound
from erp.kernel.records import Record, Voucher
from erp.kernel.records.registry import collection as kind_behind
from erp.kernel.rights import may
from erp.kernel.rights.registry import BY_RECORD, surface
from erp.kernel.text import _
from erp.kernel.web.slots import fills_rail

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
    work = current_work()
    rows = entries_json(work, ledger_of(work, document))
    currency = currency_of(work, document.company_id)
    shown = [_shown(row, currency) for row in rows]
    total = sum((Decimal(row["debit"]) for row in rows), Decimal(0))
    kind = type(document)
    crumbs = [
        (str(kind.__plural_label__), f"/{kind.__collection__}"), (document.title, f"/{collection}/{record_id}"),
        (_("Ledger"), None),
    ]  # fmt: skip
    return render_template(
        "accounts/ledger/panel.html", document=document, rows=shown, currency=currency, crumbs=crumbs,
        total=g.format.money(total, currency), title=document.title,
    )  # fmt: skip


def _shown(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """Return an entry as a page prints it: days and amounts in the reader's way, nothing where a side is zero."""
    sides = {
        side: g.format.money(value, currency) if (value := Decimal(row[side])) else "" for side in ("debit", "credit")
    }
    return row | sides | {"effective_on": g.format.date(date.fromisoformat(row["effective_on"]))}


@fills_rail
def beside(work: Work, record: Record) -> dict[str, Any]:
    """Lead from a document that may have booked something to its entries."""
    books = isinstance(record, Voucher) and record.state != "draft" and bool(rules("posts", record.__kind__))
    if not books or not may(work.actor, "read", "ledger"):
        return {}
    return {"ways": [("book-open", _("Entries in the ledger"), f"/{record.__collection__}/{record.id}/ledger")]}
