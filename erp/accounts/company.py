"""What accounts must know of a company: its currency, its conventions, and until when its books are closed."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Mapped

from erp.accounts.conventions import Conventions, from_settings, wrong_settings
from erp.accounts.currency import Rate
from erp.accounts.ledger.model import LedgerHead
from erp.company.company import Company
from erp.company.currency import unit_of
from erp.company.exchange_rate import rate_on
from erp.kernel.change import Saved, Work, after, kept, valid_if
from erp.kernel.errors import Problem, Problems
from erp.kernel.records import Json, field, link
from erp.kernel.records.aspects import Aspect
from erp.kernel.text import _, _l


class CompanyAccounts(Aspect, owner=Company):
    """How a company keeps its books."""

    books_closed_until: Mapped[date | None] = field(
        _l("Books closed until"), group="More", help=_l("Nothing is posted on or before this day.")
    )
    conventions: Mapped[Json | None] = field(
        _l("Accounting conventions"), group="More", in_form=False, help=_l("Rounding, taxing and settling.")
    )
    default_terms_id: Mapped[int | None] = link("payment_terms", _l("Usual terms"), group="More", index=False)


@dataclass(frozen=True, slots=True)
class Books:
    """A company's way of keeping its books, as facts for pure functions."""

    company_id: int
    currency: str
    unit: Decimal
    ways: Conventions
    closed_until: date | None
    default_terms: int | None
    first_month: int = 1

    def ways_in(self, currency: str) -> Conventions:
        """Return the conventions for a document in ``currency``: rounded to that currency's unit."""
        return self.ways if currency == self.currency else replace(self.ways, rounding_unit=unit_of(currency))

    def finest(self, currency: str | None = None) -> Decimal:
        """Return the smallest amount that books of ``currency`` hold: its minor unit, or what the company rounds to."""
        known = currency or self.currency
        return min(unit_of(known), self.ways_in(known).rounding_unit)


@after(Saved, Company)
def check_conventions(work: Work, company: Company) -> None:
    """Refuse conventions that the product does not offer, naming each; a change holds from now on."""
    found = work.session.get(CompanyAccounts, company.id)
    wrong = wrong_settings(found.conventions or {}) if found is not None else []
    if wrong:
        message = _("This is not offered.")
        raise Problems([Problem(f"conventions.{key}", "not_a_choice", message) for key in wrong])


@dataclass(frozen=True, slots=True)
class Begun:
    """The currency in which a company has booked already, or None."""

    currency: str | None


def begun_currency(work: Work, company: Company) -> Begun:
    """Find the currency of books that have begun."""
    if company.id is None:
        return Begun(None)
    booked = exists().where(LedgerHead.company_id == company.id)
    return Begun(work.session.scalar(select(Company.currency).where(Company.id == company.id, booked)))


@valid_if(Company, given=begun_currency)
def currency_stays(company: Company, begun: Begun) -> list[Problem]:
    """Refuse another currency for books that have begun: every figure in them would mean something else."""
    if begun.currency in (None, company.currency):
        return []
    return [Problem("currency", "booked", _("Something is booked in %(currency)s.", currency=begun.currency))]


def books_of(work: Work, company_id: int) -> Books:
    """Return how a company keeps its books."""
    return kept(work, ("books", company_id), lambda: _read(work, company_id))


BOOKS = (
    select(
        Company.currency, CompanyAccounts.books_closed_until, CompanyAccounts.conventions,
        CompanyAccounts.default_terms_id, Company.fiscal_year_month,
    )
    .outerjoin(CompanyAccounts, CompanyAccounts.record_id == Company.id)
    .where(Company.id == bindparam("company"))
)  # fmt: skip
CLOSED_UNTIL = (
    select(CompanyAccounts.books_closed_until)
    .select_from(Company)
    .outerjoin(CompanyAccounts, CompanyAccounts.record_id == Company.id)
    .where(Company.id == bindparam("company"))
    .with_for_update(read=True)
)
"""Asked of the company, which is always there: what was never set up has no row of its own that could be locked."""


def _read(work: Work, company_id: int) -> Books:
    currency, closed, stored, terms, month = work.session.execute(BOOKS, {"company": company_id}).one()
    unit = unit_of(currency)
    return Books(company_id, currency, unit, from_settings(stored, unit), closed, terms, int(month))


def open_day(work: Work, books: Books, original: date) -> date:
    """Return the day of a correction: that of the original while its period is open, else today."""
    if books.closed_until is None or original > books.closed_until:
        return original
    return work.today(books.company_id)


def lock_period(work: Work, company_id: int) -> date | None:
    """Share the lock on the company's closing date, so that nobody closes the books meanwhile; return the date."""
    return work.session.scalar(CLOSED_UNTIL, {"company": company_id})


def day_rate(work: Work, books: Books, currency: str, on: date) -> Rate:
    """Return the rate in force on a day, as the company quotes it; raise ``Problems`` when there is none."""
    found = rate_on(work, books.company_id, currency, on)
    if found is None:
        message = _("There is no exchange rate for %(currency)s on %(date)s.", currency=currency, date=on.isoformat())
        raise Problems([Problem("rate", "no_exchange_rate", message)])
    return Rate() if currency == books.currency else Rate(found, books.ways.rate_quote)
