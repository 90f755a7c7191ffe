"""Keeping open items in step with the ledger and with what is allocated between them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from erp.accounts.company import Books
from erp.accounts.ledger.entry import Entry
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.arithmetic import Open
from erp.accounts.settlement.model import JOURNAL, OpenItem
from erp.kernel.change import Work
from erp.kernel.records import Voucher

ITEMS = cast("Table", OpenItem.__table__)
ADD = insert(ITEMS)


def open_new_items(work: Work, document: Voucher, entries: Iterable[Entry], on: date, books: Books) -> None:
    """Insert an open item for each instalment that the entries make, in one statement."""
    by_key: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.instalment is not None and entry.party is not None:
            by_key.setdefault(entry.instalment, []).append(entry)
    rows = [_new_row(document, instalment, group, on, books) for instalment, group in by_key.items()]
    if rows:
        work.session.execute(ADD, rows)


def _new_row(document: Voucher, instalment: int, group: Sequence[Entry], on: date, books: Books) -> dict[str, Any]:
    first = group[0]
    company = sum((entry.amount for entry in group), ZERO)
    own = [entry.amount if entry.amount_transaction is None else entry.amount_transaction for entry in group]
    amount = sum(own, ZERO)
    kind, party = first.party or ("", 0)
    return {
        "key": f"{document.__kind__}:{document.id}:{instalment}",
        "company_id": document.company_id,
        "account_id": first.account,
        "party_kind": kind,
        "party_id": party,
        "voucher_kind": document.__kind__,
        "voucher_id": document.id,
        "voucher_number": document.number,
        "nature": getattr(document, "open_item_nature", JOURNAL),
        "instalment": instalment,
        "effective_on": first.effective_on or on,
        "due_on": first.due,
        "currency": first.currency or books.currency,
        "invoiced": amount,
        "amount": amount,
        "amount_company": company,
        "outstanding": amount,
        "outstanding_company": company,
        "credited": ZERO,
        "discount": first.discount,
        "discount_until": first.discount_until,
        "is_open": bool(amount or company),
    }


def change_items(work: Work, entries: Iterable[Entry]) -> None:
    """Add entries that change existing open items to them: write-offs, revaluations, reversals."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for entry in entries:
        if entry.open_item is not None:
            own = entry.amount if entry.amount_transaction is None else entry.amount_transaction
            amount, company = sums.get(entry.open_item, (ZERO, ZERO))
            sums[entry.open_item] = amount + own, company + entry.amount
    move_items(work, {key: Move(amount, company) for key, (amount, company) in sums.items()})


class Move:
    """How one open item changes: by what the ledger added, by what was allocated, by what a credit note took."""

    __slots__ = ("allocated", "allocated_company", "amount", "company", "credited")

    def __init__(
        self,
        amount: Decimal = ZERO,
        company: Decimal = ZERO,
        allocated: Decimal = ZERO,
        allocated_company: Decimal = ZERO,
        credited: Decimal = ZERO,
    ) -> None:
        self.amount, self.company = amount, company
        self.allocated, self.allocated_company, self.credited = allocated, allocated_company, credited

    def add(self, allocated: Decimal, company: Decimal, credited: Decimal) -> None:
        """Add an allocation to the change."""
        self.allocated += allocated
        self.allocated_company += company
        self.credited += credited


def move_items(work: Work, moves: Mapping[str, Move]) -> None:
    """Change open items, in order of their keys, in one statement."""
    if not moves:
        return
    statement = (
        update(ITEMS)
        .where(ITEMS.c.key == bindparam("k"))
        .values(
            amount=ITEMS.c.amount + bindparam("a"),
            amount_company=ITEMS.c.amount_company + bindparam("ac"),
            outstanding=ITEMS.c.outstanding + bindparam("o"),
            outstanding_company=ITEMS.c.outstanding_company + bindparam("oc"),
            credited=ITEMS.c.credited + bindparam("cr"),
            is_open=(ITEMS.c.outstanding != 0) | (ITEMS.c.outstanding_company != 0),
        )
    )
    rows = [
        {
            "k": key, "a": move.amount, "ac": move.company, "o": move.amount - move.allocated,
            "oc": move.company - move.allocated_company, "cr": move.credited,
        }
        for key, move in sorted(moves.items())
    ]  # fmt: skip
    work.session.connection().execute(statement, rows)


def locked_items(work: Work, keys: Iterable[str]) -> dict[str, Any]:
    """Lock open items in order of their keys and return them as they are now."""
    query = select(ITEMS).where(ITEMS.c.key.in_(sorted(set(keys)))).order_by(ITEMS.c.key).with_for_update()
    return {row.key: row for row in work.session.execute(query)}


def items_of(work: Work, vouchers: Iterable[tuple[str, int]], *, lock: bool = True) -> list[Any]:
    """Return the open items of vouchers, oldest due first; locked unless said otherwise."""
    wanted = sorted(set(vouchers))
    found: list[Any] = []
    for kind in sorted({kind for kind, _ in wanted}):
        ids = [one for name, one in wanted if name == kind]
        query = select(ITEMS).where(ITEMS.c.voucher_kind == kind, ITEMS.c.voucher_id.in_(ids)).order_by(ITEMS.c.key)
        found += work.session.execute(query.with_for_update() if lock else query).all()
    return sorted(found, key=lambda row: (row.due_on or row.effective_on, row.voucher_id, row.instalment))


def as_open(row: Any) -> Open:
    """Return an open item's row as settling sees it."""
    return Open(row.key, row.outstanding, row.outstanding_company, row.due_on, row.discount, row.discount_until)
