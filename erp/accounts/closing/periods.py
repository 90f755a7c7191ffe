"""Closing the books up to a day, and opening them again: who did it, when and why stays in the audit trail."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from erp.accounts.closing.commands import YEAR_CLOSING
from erp.accounts.company import CompanyAccounts, books_of
from erp.accounts.journal_entry.model import JournalEntry
from erp.accounts.ledger.model import LedgerEntry
from erp.company.company import Company
from erp.company.fiscal_year import Span, fiscal_year, year_named
from erp.kernel.change import Work, audit, command, valid_if
from erp.kernel.errors import Conflict, Problem, Problems
from erp.kernel.records import SUBMITTED
from erp.kernel.rights import may
from erp.kernel.text import _, _l

CLOSE, REOPEN = "close_books", "reopen_books"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year of a company: its days, whether its books are closed, and the entry that carried its result on."""

    span: Span
    is_closed: bool
    is_last_closed: bool
    is_over: bool
    carried_by: Any = None


@command(
    Company, CLOSE, route="books-closing", label=_l("Close the books"), told=_l("closed the books"),
    when=lambda _company: False,
)  # fmt: skip
def close_books(work: Work, company: Company, *, until: Any = None, **given: Any) -> Company:  # noqa: ARG001
    """Let nothing be posted on or before a day. Closing further is closing again; an earlier day is a reopening."""
    day = _day("until", until)
    before = closed_until(work, company.id)
    if before is not None and day <= before:
        raise Conflict(_("The books are closed until %(date)s already. Nothing was changed.", date=before.isoformat()))
    return _moved(work, company, before, day)


@command(
    Company, REOPEN, route="books-reopening", label=_l("Open the books again"), told=_l("opened the books again"),
    needs_reason=True, when=lambda _company: False,
)  # fmt: skip
def reopen_books(
    work: Work, company: Company, *, until: Any = None, reason: str = "", **given: Any  # noqa: ARG001
) -> Company:  # fmt: skip
    """Allow postings after ``until`` again (none: on any day). It needs a reason and a right of its own."""
    before = closed_until(work, company.id)
    day = None if until in (None, "") else _day("until", until)
    if not (reason or "").strip():
        raise Problems([Problem("reason", "required", _("Say why the books are opened again."))])
    if before is None or (day is not None and day >= before):
        raise Conflict(_("The books are open there. Nothing was changed."))
    return _moved(work, company, before, day, note=reason.strip())


def _day(field: str, given: Any) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given or ""))
    except ValueError:
        raise Problems([Problem(field, "not_a_date", _("Enter a date, such as 2026-06-18."))]) from None


def closed_until(work: Work, company_id: int) -> date | None:
    """Return up to which day the books are closed, locked: no posting is on its way into what is being closed."""
    query = select(CompanyAccounts.books_closed_until).where(CompanyAccounts.record_id == company_id)
    return work.session.scalar(query.with_for_update())


def _moved(work: Work, company: Company, before: date | None, after: date | None, *, note: str = "") -> Company:
    """Set the day and write the change as a save of the company would; the verb itself is remembered beside it."""
    accounts = work.session.get(CompanyAccounts, company.id)
    if accounts is None:
        accounts = CompanyAccounts(record_id=company.id)
        work.session.add(accounts)
    accounts.books_closed_until = after
    company.updated_at, company.updated_by_id = work.now, work.actor.user_id
    work.session.flush()
    changes = {"books_closed_until": [day.isoformat() if day else None for day in (before, after)]}
    audit(work, "update", company, changes, note=note)
    return company


@dataclass(frozen=True, slots=True)
class Standing:
    """Up to which day the books stand closed in the database, up to which they shall, and whether one may reopen."""

    before: date | None
    after: date | None
    may_reopen: bool


def standing(work: Work, company: Company) -> Standing:
    """Find how the books stood before somebody saved the company."""
    if company.id is None:
        return Standing(None, None, may_reopen=True)
    stored = select(CompanyAccounts.books_closed_until).where(CompanyAccounts.record_id == company.id)
    now = work.session.get(CompanyAccounts, company.id)
    after = now.books_closed_until if now is not None else None
    return Standing(work.session.scalar(stored), after, may(work.actor, REOPEN, Company.__kind__, company))


@valid_if(Company, given=standing)
def closed_books_stay(_company: Company, given: Standing) -> list[Problem]:
    """Refuse to open closed books by the way, to whoever may not open them."""
    if given.may_reopen or given.before is None or (given.after is not None and given.after >= given.before):
        return []
    message = _("The books are closed until %(date)s. You may not open them again.", date=given.before.isoformat())
    return [Problem("books_closed_until", "period_closed", message)]


def years_of(work: Work, company_id: int) -> list[Year]:
    """Return the fiscal years of a company from its first entry to today's, the newest first."""
    books, today = books_of(work, company_id), work.today(company_id)
    first = work.session.scalar(
        select(func.min(LedgerEntry.effective_on)).where(LedgerEntry.company_id == company_id)
    )  # fmt: skip
    newest = fiscal_year(today, books.first_month).start.year
    oldest = fiscal_year(min(first or today, today), books.first_month).start.year
    spans = [year_named(year, books.first_month) for year in range(newest, oldest - 1, -1)]
    closed, carried = books.closed_until, _carried(work, company_id)
    last = next((span for span in spans if closed is not None and span.end <= closed), None)
    return [
        Year(span, closed is not None and span.end <= closed, span == last, span.end < today, carried.get(span.end))
        for span in spans
    ]


def _carried(work: Work, company_id: int) -> dict[date, Any]:
    """Return the entries that carried the result of a year on, by its last day."""
    query = select(JournalEntry.posting_date, JournalEntry.id, JournalEntry.number).where(
        JournalEntry.company_id == company_id, JournalEntry.state == SUBMITTED,
        JournalEntry.source_kind == YEAR_CLOSING,
    )  # fmt: skip
    return {row.posting_date: row for row in work.session.execute(query)}


def day_before(span: Span) -> date:
    """Return the last day before a period: up to where the books stay closed when it is opened again."""
    return span.start - DAY
