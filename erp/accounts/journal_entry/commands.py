"""Journal entries that other commands make: closings, revaluations, transfers between own accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from erp.accounts.company import books_of
from erp.accounts.journal_entry.model import JournalEntry, JournalEntryLine
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work, submit
from erp.kernel.records import DRAFT


@dataclass(frozen=True, slots=True)
class Booking:
    """One line to book: signed, debit positive, in company currency; with the amount of another currency beside it."""

    account: int
    amount: Decimal
    currency: str | None = None
    amount_transaction: Decimal | None = None
    party: tuple[str, int] | None = None
    open_item: str | None = None
    cost_centre: str | None = None


def book_journal(
    work: Work, company_id: int, on: date, reason: str, bookings: Sequence[Booking], *, source: str
) -> JournalEntry:
    """Make and submit a journal entry; ``source`` names the command that made it."""
    journal = JournalEntry(
        company_id=company_id, posting_date=on, reason=reason, source_kind=source, state=DRAFT, status=DRAFT,
        currency=books_of(work, company_id).currency, total=sum((max(b.amount, ZERO) for b in bookings), ZERO),
        created_by_id=work.actor.user_id,
    )  # fmt: skip
    journal.lines = [_line(place, booking) for place, booking in enumerate(bookings, 1)]
    work.session.add(journal)
    work.session.flush()
    submit(work, journal)
    return journal


def _line(place: int, booking: Booking) -> JournalEntryLine:
    kind, party = booking.party or (None, None)
    return JournalEntryLine(
        position=place, account_id=booking.account, debit=max(booking.amount, ZERO), credit=max(-booking.amount, ZERO),
        currency=booking.currency, amount_transaction=booking.amount_transaction,
        customer_id=party if kind == "customer" else None, supplier_id=party if kind == "supplier" else None,
        open_item=booking.open_item, dimensions={"cost_centre": booking.cost_centre} if booking.cost_centre else None,
    )  # fmt: skip
