"""Currencies (ISO 4217) and how finely each is counted."""

from decimal import Decimal
from functools import cache

from babel.core import Locale
from babel.numbers import get_currency_precision, list_currencies
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from erp.kernel.change import Work, computes, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Master, field
from erp.kernel.records.types import utc_now
from erp.kernel.text import _, _l

MOST_DECIMALS = 6
USUAL = ("USD", "EUR", "JPY", "GBP", "CHF", "CNY", "AUD", "CAD", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF", "KRW", "INR")
"""Offered from the start; any other currency of ISO 4217 can be added by its code."""


class Currency(Master):
    """A currency of the world; its code is what documents carry."""

    __kind__ = "currency"
    __collection__ = "currencies"
    __label__ = _l("Currency")
    __plural_label__ = _l("Currencies")
    __icon__ = "coins"
    __setup__ = True

    symbol: Mapped[str | None] = field(_l("Symbol"), in_list=True)
    decimals: Mapped[int] = field(
        _l("Decimal places"), default=2, in_list=True, help=_l("0 for yen, 2 for most, 3 for some dinars.")
    )


@computes(Currency)
def normalise(currency: Currency) -> None:
    """Write the code in capitals."""
    currency.code = (currency.code or "").upper()


@valid_if(Currency)
def currency_problems(currency: Currency) -> list[Problem]:
    """Refuse codes that are no currency and decimal places that no amount keeps."""
    found = code_problems("code", currency.code)
    if currency.decimals is not None and not 0 <= currency.decimals <= MOST_DECIMALS:
        found.append(Problem("decimals", "out_of_range", _("Between 0 and %(n)s.", n=MOST_DECIMALS)))
    return found


def code_problems(field: str, code: str | None) -> list[Problem]:
    """Refuse a code that is no currency."""
    if not code or code in known_codes():
        return []
    return [Problem(field, "unknown_currency", _("There is no currency with this code (ISO 4217)."))]


@cache
def known_codes() -> frozenset[str]:
    """Return every currency code of ISO 4217, present and past."""
    return frozenset(list_currencies())


@cache
def unit_of(code: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01 dollar, 1 yen."""
    return Decimal(1).scaleb(-get_currency_precision(code))


def seed_currencies(work: Work) -> int:
    """Add the usual currencies where they are missing; return how many were added."""
    there = set(work.session.scalars(select(Currency.code)))
    names = Locale.parse("en")
    fresh = [
        Currency(
            code=code, name=names.currencies[code], symbol=names.currency_symbols.get(code),
            decimals=get_currency_precision(code), created_at=utc_now(), updated_at=utc_now(),
        )
        for code in USUAL if code not in there
    ]  # fmt: skip
    work.session.add_all(fresh)
    work.session.flush()
    return len(fresh)
