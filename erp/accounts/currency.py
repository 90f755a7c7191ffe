"""Amounts of one currency in another: per entry, to the minor unit, with the difference on exchange gain and loss."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from erp.accounts.rounding import ZERO, round_to, shares

ENOUGH_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate as it is quoted.

    direct: company currency for one foreign unit. inverse: foreign units for one unit of company currency.
    """

    value: Decimal = Decimal(1)
    quote: str = "direct"

    def to_company(self, amount: Decimal, unit: Decimal) -> Decimal:
        """Return ``amount`` in company currency, rounded half up to ``unit``."""
        with localcontext(prec=ENOUGH_DIGITS):
            exact = amount * self.value if self.quote == "direct" else amount / self.value
            return round_to(exact, unit)

    @property
    def direct(self) -> Decimal:
        """Return the company currency for one foreign unit, as the ledger keeps it: twelve decimals."""
        value = self.value if self.quote == "direct" else 1 / self.value
        return value.quantize(Decimal("1E-12"))


def split_company_amount(company: Decimal, whole: Decimal, parts: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Return the company amounts of parts of an open item in proportion; they add up with the last one."""
    rest = whole - sum(parts, ZERO)
    return shares(company, [*parts, rest], unit)[: len(parts)]


def cross_rate(amount: Decimal, source: Decimal, target: Decimal, unit: Decimal) -> Decimal:
    """Return ``amount`` converted by two rates that are quoted as units for one of a common base currency."""
    return round_to(amount * target / source, unit)


def rate_in_force(rates: Mapping[date, Decimal], on: date) -> Decimal | None:
    """Return the rate of the last day that is not after ``on``."""
    days = sorted(rates)
    place = bisect_right(days, on)
    return rates[days[place - 1]] if place else None
