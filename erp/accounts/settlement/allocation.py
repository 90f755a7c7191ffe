"""Allocations: which open item settles which, written beside the ledger in the same transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, func, insert, or_, select

from erp.accounts.company import books_of, open_day
from erp.accounts.ledger.model import POSTED_AT
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.documents import refresh_documents, vouchers_of
from erp.accounts.settlement.items import Move, items_of, locked_items, move_items
from erp.accounts.settlement.model import CREDIT_NOTE, JOURNAL, OpenItem, OpenItemAllocation
from erp.kernel.change import Work, register_writer
from erp.kernel.errors import Problem
from erp.kernel.records import Voucher
from erp.kernel.text import _

TABLE = cast("Table", OpenItemAllocation.__table__)


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of ``item`` settled by ``against``. ``amount`` and ``company`` have the sign of the item.

    ``against_company`` has the sign of the other one; by default it is the opposite of ``company``.
    """

    item: str
    against: str
    amount: Decimal
    company: Decimal
    against_company: Decimal | None = None
    on: date | None = None

    @property
    def other_company(self) -> Decimal:
        """Return the company amount taken from the other item."""
        return -self.company if self.against_company is None else self.against_company

    def undone(self) -> "Allocation":
        """Return the allocation that takes this one back."""
        return Allocation(self.item, self.against, -self.amount, -self.company, -self.other_company, self.on)


@dataclass(slots=True)
class Plan:
    """Allocations about to be written, with the items they touch as they stood when locked."""

    allocations: list[Allocation]
    items: dict[str, Any]
    on: date


class AllocationWriter:
    """Writes ``Allocation`` values, changes the open items, and brings their documents up to date."""

    entry = Allocation

    def prepare(self, work: Work, document: Voucher, entries: Sequence[Allocation]) -> Plan:
        """Lock the items that exist already."""
        keys = {key for one in entries for key in (one.item, one.against)}
        return Plan(list(entries), locked_items(work, keys), getattr(document, document.__date__))

    def check(self, plan: Plan) -> list[Problem]:
        """Return what refuses the allocations: more than is open, or another currency."""
        left: dict[str, Decimal] = {key: row.outstanding for key, row in plan.items.items()}
        problems = []
        for one in plan.allocations:
            for key, amount in ((one.item, one.amount), (one.against, -one.amount)):
                if key in left and amount * left[key] > 0:
                    left[key] -= amount
                    if amount * left[key] < 0:
                        problems.append(exceeded(plan.items[key]))
            problems += self._belonging_problems(plan, one)
        return problems

    def _belonging_problems(self, plan: Plan, one: Allocation) -> list[Problem]:
        """Refuse items of two currencies, of two parties, or on two accounts."""
        first, second = plan.items.get(one.item), plan.items.get(one.against)
        if first is None or second is None:
            return []
        if first.currency != second.currency:
            return [Problem("currency", "currency_differs", _("Only items of one currency settle each other."))]
        if _owner(first) != _owner(second):
            message = _("Only items of one account, party and currency settle each other.")
            return [Problem("voucher", "items_differ", message)]
        return []

    def append(self, work: Work, document: Voucher, plan: Plan) -> None:
        """Write the allocations and everything that follows from them; none holds before both of its items do."""
        dated = [replace(one, on=max([one.on or plan.on, *_days(plan, one)])) for one in plan.allocations]
        allocate(work, document, dated, plan.on)

    def reversal(self, work: Work, document: Voucher, on: date | None) -> list[Allocation]:
        """Return what takes back all that this voucher allocated, or that was allocated to it; dated as the ledger does."""
        own = [row.key for row in items_of(work, [(document.__kind__, document.id)])]
        by = (TABLE.c.by_kind == document.__kind__) & (TABLE.c.by_id == document.id)
        books = books_of(work, document.company_id)
        undone = standing(work, or_(by, TABLE.c.item.in_(own), TABLE.c.against.in_(own)))
        return [replace(one, on=on or open_day(work, books, one.on or work.today())) for one in undone]


def _owner(row: Any) -> tuple[int, str, int]:
    return row.account_id, row.party_kind, row.party_id


def _days(plan: Plan, one: Allocation) -> list[date]:
    return [plan.items[key].effective_on for key in (one.item, one.against) if key in plan.items]


def exceeded(row: Any) -> Problem:
    """Return the problem of settling more of an item than is open."""
    open_amount = format(abs(row.outstanding).normalize(), "f")
    message = _("%(number)s has only %(amount)s open.", number=row.voucher_number, amount=open_amount)
    return Problem("allocations", "more_than_open", message)


def standing(work: Work, condition: Any) -> list[Allocation]:
    """Return the opposite of the allocations that still stand, summed by pair of items; dated as the last of them."""
    query = (
        select(
            TABLE.c.item, TABLE.c.against, func.sum(TABLE.c.amount), func.sum(TABLE.c.amount_company),
            func.sum(TABLE.c.against_company), func.max(TABLE.c.effective_on),
        )
        .where(condition)
        .group_by(TABLE.c.item, TABLE.c.against)
    )  # fmt: skip
    rows = work.session.execute(query).all()
    return [Allocation(*row).undone() for row in rows if row[2] or row[3] or row[4]]


def allocate(work: Work, document: Voucher, allocations: Sequence[Allocation], on: date) -> None:
    """Write allocations that are known to fit, move their items, and refresh the documents behind them."""
    known = work.facts.get(POSTED_AT) or work.clock()
    rows = [
        {
            "company_id": document.company_id, "item": one.item, "against": one.against, "amount": one.amount,
            "amount_company": one.company, "against_company": one.other_company, "by_kind": document.__kind__,
            "by_id": document.id, "effective_on": one.on or on, "posted_at": known,
        }
        for one in allocations
    ]  # fmt: skip
    work.session.execute(insert(TABLE), rows)
    natures = natures_of(work, document, allocations)
    move_items(work, moves_of(allocations, natures))
    touched = {key for one in allocations for key in (one.item, one.against)}
    refresh_documents(work, vouchers_of(touched))


def natures_of(work: Work, document: Voucher, allocations: Iterable[Allocation]) -> dict[str, str]:
    """Return which items are of credit notes: the document itself knows its own, the table all others."""
    own = f"{document.__kind__}:{document.id}:"
    keys = {key for one in allocations for key in (one.item, one.against)}
    nature = getattr(document, "open_item_nature", JOURNAL)
    others = {key for key in keys if not key.startswith(own)}
    query = select(OpenItem.key, OpenItem.nature).where(OpenItem.key.in_(others))
    return {row.key: row.nature for row in work.session.execute(query)} | dict.fromkeys(keys - others, nature)


def moves_of(allocations: Iterable[Allocation], natures: dict[str, str]) -> dict[str, Move]:
    """Return how each item changes; what a credit note settles is counted apart."""
    moves: dict[str, Move] = {}
    for one in allocations:
        by_credit = one.amount if natures.get(one.against) == CREDIT_NOTE else ZERO
        of_credit = -one.amount if natures.get(one.item) == CREDIT_NOTE else ZERO
        moves.setdefault(one.item, Move()).add(one.amount, one.company, by_credit)
        moves.setdefault(one.against, Move()).add(-one.amount, one.other_company, of_credit)
    return moves


__all__ = ["Allocation", "AllocationWriter", "allocate", "exceeded", "standing"]

ALLOCATION_LAYER = 20
register_writer(ALLOCATION_LAYER, AllocationWriter())
