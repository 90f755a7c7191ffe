"""What a payment must look up: its open items, locked, the taxes behind them, and the accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from erp.accounts.account.queries import Chart, chart_of
from erp.accounts.company import Books, books_of, day_rate
from erp.accounts.currency import Rate
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.parties import party_accounts
from erp.accounts.payment.model import Payment
from erp.accounts.settlement.items import items_of
from erp.accounts.tax.model import Tax
from erp.accounts.tax.queries import DatedTax, taxes_on
from erp.company.currency import unit_of
from erp.kernel.change import Work

Voucher = tuple[str, int]


@dataclass(frozen=True, slots=True)
class BookedTax:
    """A tax as a document booked it, ledger signs; ``pending`` until the document is paid."""

    tax: int
    account: int
    side: str
    discounted: bool
    amount: Decimal
    amount_transaction: Decimal
    base: Decimal

    @property
    def pending(self) -> bool:
        """Return whether the tax waits for payment."""
        return self.side == "pending"


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """Everything that booking a payment needs."""

    books: Books
    chart: Chart
    rate: Rate
    items: dict[Voucher, list[Any]]
    taxes: dict[Voucher, list[BookedTax]]
    party_account: int | None
    manual_taxes: dict[str, DatedTax]
    units: tuple[Decimal, Decimal]


def payment_facts(work: Work, payment: Payment) -> PaymentFacts:
    """Find what checking needs; the open items are locked first of all, in order of their keys. Kept for posting."""
    found = _facts(work, payment, lock=True)
    work.facts["payment facts", payment.id] = found
    return found


def posting_facts(work: Work, payment: Payment) -> PaymentFacts:
    """Return what checking found, once; the locks still hold, so it still is so."""
    kept: PaymentFacts | None = work.facts.pop(("payment facts", payment.id), None)
    return kept or _facts(work, payment, lock=True)


def reading_facts(work: Work, payment: Payment) -> PaymentFacts:
    """Find what computing a draft needs, without locking anything."""
    return _facts(work, payment, lock=False)


def _facts(work: Work, payment: Payment, *, lock: bool) -> PaymentFacts:
    vouchers = [row.voucher_key for row in payment.allocations if row.voucher_key is not None]
    items: dict[Voucher, list[Any]] = {}
    for row in items_of(work, vouchers, lock=lock):
        items.setdefault((row.voucher_kind, row.voucher_id), []).append(row)
    items = {voucher: _meant(payment, rows) for voucher, rows in items.items()}
    books, chart = books_of(work, payment.company_id), chart_of(work, payment.company_id)
    codes = {row["tax"] for row in payment.manual_taxes or ()}
    return PaymentFacts(
        books=books,
        chart=chart,
        rate=_rate(work, payment, books),
        items=items,
        taxes=booked_taxes(work, items),
        party_account=party_accounts(work, *payment.party).account if payment.party else None,
        manual_taxes=taxes_on(work, payment.company_id, codes, payment.posting_date),
        units=(unit_of(payment.currency or books.currency), books.unit),
    )


def _meant(payment: Payment, rows: list[Any]) -> list[Any]:
    """Return the items of a voucher that a payment can mean: a journal may hold those of many parties and currencies.

    Where none is the party's, all are returned, so that the mistake is told.
    """
    own = [row for row in rows if (row.party_kind, row.party_id) == payment.party] or rows
    return [row for row in own if row.currency == payment.currency] or own


def _rate(work: Work, payment: Payment, books: Books) -> Rate:
    """Return the payment's rate: its own, what its company amount says, or the rate of the day."""
    if (payment.currency or books.currency) == books.currency:
        return Rate()
    if payment.company_amount is not None and payment.amount:
        return Rate(payment.company_amount / payment.amount)
    if payment.rate is not None:
        return Rate(payment.rate, books.ways.rate_quote)
    return day_rate(work, books, payment.currency, payment.posting_date)


def booked_taxes(work: Work, vouchers: Iterable[Voucher]) -> dict[Voucher, list[BookedTax]]:
    """Return the taxes that documents booked, in one query for each kind of document."""
    table, found = LedgerEntry.__table__, dict[Voucher, list[BookedTax]]()
    for kind in sorted({kind for kind, _ in vouchers}):
        ids = [one for name, one in vouchers if name == kind]
        query = (
            select(
                table.c.voucher_id, table.c.tax_id, table.c.account_id, table.c.tax_side, Tax.discounted,
                func.sum(table.c.amount), func.sum(table.c.amount_transaction), func.sum(table.c.tax_base),
            )
            .join(Tax, Tax.id == table.c.tax_id)
            .where(table.c.voucher_kind == kind, table.c.voucher_id.in_(ids))
            .group_by(table.c.voucher_id, table.c.tax_id, table.c.account_id, table.c.tax_side, Tax.discounted)
            .order_by(table.c.voucher_id, table.c.tax_id)
        )  # fmt: skip
        for row in work.session.execute(query):
            found.setdefault((kind, row[0]), []).append(BookedTax(*row[1:]))
    return found
