"""What is done at the end of a period: closing the year, valuing foreign items, moving money between own accounts."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from erp.accounts.account.model import PROFIT_AND_LOSS, Account
from erp.accounts.account.queries import Chart, chart_of
from erp.accounts.company import books_of
from erp.accounts.currency import Rate
from erp.accounts.journal_entry.commands import Booking, book_journal
from erp.accounts.journal_entry.model import JournalEntry
from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.model import OpenItem
from erp.company.company import Company
from erp.company.fiscal_year import year_named
from erp.kernel.change import Work, command
from erp.kernel.errors import Conflict, Problem, Problems
from erp.kernel.text import _, _l

YEAR_CLOSING = "year_closing"
E = LedgerEntry.__table__.c
ITEM = OpenItem.__table__.c
CENTRE = func.json_value(E.dimensions, "$.cost_centre")


@command(
    Company,
    "close_year",
    route="year-closing",
    label=_l("Close a year"),
    told=_l("closed a year"),
    when=lambda _company: False,
)
def close_year(work: Work, company: Company, *, year: Any = None, **given: Any) -> JournalEntry:  # noqa: ARG001
    """Carry income, expense and dividends of a fiscal year to retained earnings; return the closing entry.

    A fiscal year is named by the calendar year in which it begins.
    """
    if not re.fullmatch(r"(19|20|21)\d\d", str(year or ""), re.ASCII):
        raise Problems([Problem("year", "not_a_year", _("Enter a year, such as 2026."))])
    last = year_named(int(year), books_of(work, company.id).first_month).end
    books, chart = books_of(work, company.id), chart_of(work, company.id)
    rows = _to_close(work, company.id, last, by_centre=books.ways.closing_by == "cost_centre", chart=chart)
    if not rows:
        raise Conflict(_("There is nothing to close in this year."))
    through = chart.of("income_summary") if books.ways.closing_style == "income_summary" else None
    bookings = [booking for row in rows for booking in _closing_of(row, through, chart.of("retained_earnings"))]
    reason = _("Closing of %(year)s", year=str(year))
    return book_journal(work, company.id, last, reason, _added(bookings), source=YEAR_CLOSING)


def _to_close(work: Work, company_id: int, last: date, *, by_centre: bool, chart: Chart) -> list[Any]:
    """Return (account, root type, cost centre, balance) of the accounts that are closed."""
    centre = CENTRE if by_centre else func.nullif("", "")
    query = (
        select(E.account_id, Account.root_type, centre.label("centre"), func.sum(E.amount).label("balance"))
        .select_from(LedgerEntry.__table__)
        .join(Account, Account.id == E.account_id)
        .where(E.company_id == company_id, E.effective_on <= last)
        .where(Account.root_type.in_(tuple(PROFIT_AND_LOSS)) | (Account.id == chart.by_role.get("dividends", 0)))
        .group_by(E.account_id, Account.root_type, centre)
        .order_by(E.account_id)
    )
    return [row for row in work.session.execute(query) if row.balance]


def _closing_of(row: Any, through: int | None, retained: int) -> list[Booking]:
    """Close one account: income and expense through the summary where there is one, dividends directly."""
    closed = Booking(row.account_id, -row.balance, cost_centre=row.centre)
    carried = Booking(retained, row.balance, cost_centre=row.centre)
    if through is None or row.root_type not in PROFIT_AND_LOSS:
        return [closed, carried]
    summary = Booking(through, row.balance, cost_centre=row.centre)
    return [closed, summary, Booking(through, -row.balance, cost_centre=row.centre), carried]


def _added(bookings: Iterable[Booking]) -> list[Booking]:
    """Add up what goes to one account and cost centre on one side."""
    sums: dict[tuple[int, str | None, bool], Decimal] = {}
    for booking in bookings:
        key = (booking.account, booking.cost_centre, booking.amount > 0)
        sums[key] = sums.get(key, ZERO) + booking.amount
    return [Booking(account, amount, cost_centre=centre) for (account, centre, _side), amount in sums.items()]


def revalue(
    work: Work, company_id: int, currency: str, rate: Decimal, accounts: Iterable[int], on: date
) -> JournalEntry:
    """Value open foreign items and balances at ``rate`` as the company quotes it; return the entry."""
    books, chart = books_of(work, company_id), chart_of(work, company_id)
    given, unit = Rate(rate, books.ways.rate_quote), books.unit
    own = books.ways.fx_revaluation == "unrealised_account"
    difference_account = chart.of("fx_unrealised" if own else "fx_gain_loss")
    bookings = [*_items_valued(work, company_id, currency, given, unit, tuple(accounts))]
    total = sum((booking.amount for booking in bookings), ZERO)
    if not bookings:
        raise Conflict(_("Nothing in %(currency)s changes its value.", currency=currency))
    bookings.append(Booking(difference_account, -total))
    reason = _("Valuation of %(currency)s at %(rate)s", currency=currency, rate=format(rate.normalize(), "f"))
    return book_journal(work, company_id, on, reason, bookings, source="revaluation")


def _items_valued(
    work: Work, company_id: int, currency: str, rate: Rate, unit: Decimal, accounts: tuple[int, ...]
) -> Iterable[Booking]:  # fmt: skip
    """Return what each open item, and each balance of an account without items, gains or loses."""
    open_items = select(OpenItem.__table__).where(
        ITEM.company_id == company_id, ITEM.currency == currency, ITEM.account_id.in_(accounts), ITEM.outstanding != 0
    )
    for row in work.session.execute(open_items.order_by(ITEM.key).with_for_update()):
        change = rate.to_company(row.outstanding, unit) - row.outstanding_company
        if change:
            yield Booking(row.account_id, change, currency, ZERO, (row.party_kind, row.party_id), row.key)
    balances = (
        select(E.account_id, func.sum(E.amount_transaction), func.sum(E.amount))
        .where(E.company_id == company_id, E.currency == currency, E.account_id.in_(accounts), E.open_item.is_(None))
        .group_by(E.account_id)
    )
    for account, amount, company in work.session.execute(balances):
        change = rate.to_company(amount, unit) - company
        if change:
            yield Booking(account, change, currency, ZERO)


def transfer(
    work: Work, company_id: int, on: date, *, source: int, target: int, currency: str | None, amount: Decimal,
    rate: Decimal | None = None, received: Decimal | None = None,
) -> JournalEntry:  # fmt: skip
    """Move money between own accounts; what arrives more or less than it was worth is an exchange difference."""
    books, chart = books_of(work, company_id), chart_of(work, company_id)
    foreign = currency is not None and currency != books.currency
    given = Rate(rate if rate is not None else Decimal(1), books.ways.rate_quote)
    worth = given.to_company(amount, books.unit) if foreign else amount
    arrives = worth if received is None else received
    same_currency = foreign and received is None
    bookings = [
        Booking(source, -worth, currency if foreign else None, -amount if foreign else None),
        Booking(target, arrives, currency if same_currency else None, amount if same_currency else None),
    ]
    if worth != arrives:
        bookings.append(Booking(chart.of("fx_gain_loss"), worth - arrives))
    return book_journal(work, company_id, on, _("Transfer between own accounts"), bookings, source="transfer")
