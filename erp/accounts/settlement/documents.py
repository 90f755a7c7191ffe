"""Telling documents what became of their open items: outstanding, status, instalments."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import select

from erp.accounts.rounding import ZERO
from erp.accounts.settlement.items import items_of
from erp.kernel.change import Work, announce
from erp.kernel.records import has_kind, kind_of

Vouchers = set[tuple[str, int]]


class Settleable(Protocol):
    """A document that keeps in its own columns what is open of it."""

    def apply_settlement(self, items: list[Any], today: date) -> None:
        """Set outstanding, status and what else follows from the open items, given oldest first."""
        ...


def vouchers_of(keys: Iterable[str]) -> Vouchers:
    """Return the vouchers behind keys of open items (``sales_invoice:12:1``)."""
    found = set()
    for key in keys:
        kind, record, _instalment = key.split(":")
        found.add((kind, int(record)))
    return found


def refresh_documents(work: Work, vouchers: Vouchers) -> None:
    """Bring the documents up to date with their open items and announce that they changed."""
    for kind in sorted({kind for kind, _ in vouchers}):
        record = kind_of(kind) if has_kind(kind) else None
        if record is None or not hasattr(record, "apply_settlement"):
            continue
        ids = sorted(one for name, one in vouchers if name == kind)
        items = items_of(work, [(kind, one) for one in ids], lock=False)
        for document in work.session.scalars(select(record).where(record.id.in_(ids)).order_by(record.id)):
            own = [item for item in items if item.voucher_id == document.id]
            document.apply_settlement(own, work.today(own[0].company_id if own else None))
            announce(work, document, "settled")
    work.session.flush()


def settlement_status(invoiced: Decimal, outstanding: Decimal, credited: Decimal, due: date | None, today: date) -> str:
    """Return the status of a posted document: what is open of it, and whether its day has passed."""
    if not invoiced:
        return "submitted"
    if not outstanding:
        return "credited" if credited == invoiced else "paid"
    if due is not None and due < today:
        return "overdue"
    return "unpaid" if outstanding == invoiced else "partly_paid"


def first_open_due(items: Iterable[Any]) -> date | None:
    """Return the day on which the oldest open instalment is due."""
    return min((item.due_on for item in items if item.outstanding and item.due_on), default=None)


def total(items: Iterable[Any], column: str) -> Decimal:
    """Return the sum of a column of open items."""
    return sum((getattr(item, column) for item in items), ZERO)
