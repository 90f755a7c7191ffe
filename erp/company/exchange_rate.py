"""Exchange rates: what one foreign unit is worth in a company's currency, from a day on."""

from datetime import date
from decimal import Decimal

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from erp.company.company import Company, currency_of
from erp.company.currency import code_problems
from erp.kernel.change import Work, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import CompanyBound, Currency, Factor, Record, field
from erp.kernel.text import _, _l


class ExchangeRate(Record, CompanyBound):
    """A rate in force from its day until the next one of the same currency."""

    __label__ = _l("Exchange rate")
    __plural_label__ = _l("Exchange rates")
    __title__ = "currency"
    __icon__ = "arrow-left-right"
    __default_sort__ = "-valid_from"
    __table_args__ = (UniqueConstraint("company_id", "currency", "valid_from"),)

    currency: Mapped[Currency] = field(_l("Currency"), in_list=True, in_filter=True)
    valid_from: Mapped[date] = field(_l("From"), in_list=True, in_filter=True)
    rate: Mapped[Factor] = field(_l("Rate"), in_list=True, help=_l("Company currency for one foreign unit."))


def company_currency(work: Work, rate: ExchangeRate) -> str | None:
    """Return the currency that the rate converts into."""
    return work.session.scalar(select(Company.currency).where(Company.id == rate.company_id))


@valid_if(ExchangeRate, given=company_currency)
def rate_problems(rate: ExchangeRate, company_currency: str | None) -> list[Problem]:
    """Refuse rates that are not positive, of no currency, or of the company's own."""
    found = code_problems("currency", rate.currency)
    if rate.rate is not None and rate.rate <= 0:
        found.append(Problem("rate", "not_positive", _("A rate is more than zero.")))
    if rate.currency and rate.currency == company_currency:
        found.append(Problem("currency", "own_currency", _("This is the company's own currency; it needs no rate.")))
    return found


def rate_on(work: Work, company_id: int, currency: str, on: date) -> Decimal | None:
    """Return the company currency for one unit of ``currency`` on a day; None when no rate was entered by then."""
    if currency_of(work, company_id) == currency:
        return Decimal(1)
    return work.once(("rate", company_id, currency, on), lambda: _rate(work, company_id, currency, on))


def _rate(work: Work, company_id: int, currency: str, on: date) -> Decimal | None:
    query = (
        select(ExchangeRate.rate)
        .where(ExchangeRate.company_id == company_id, ExchangeRate.currency == currency, ExchangeRate.valid_from <= on)
        .order_by(ExchangeRate.valid_from.desc())
        .limit(1)
    )
    return work.session.scalar(query)
