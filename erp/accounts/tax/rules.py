"""What a tax must be: on every day one rate at most, and one that can be computed with."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from erp.accounts.tax.model import Tax, TaxRate
from erp.kernel.change import valid_if
from erp.kernel.errors import Problem
from erp.kernel.text import _

WHOLE = Decimal(100)
LARGEST = Decimal(1000)


@valid_if(Tax)
def tax_problems(tax: Tax) -> list[Problem]:
    """Refuse rates that no price could hold, and two rates for one day."""
    found = []
    for place, rate in enumerate(tax.rates, 1):
        found += [problem.under("rates", place) for problem in _rate(tax, rate)]
    periods = sorted((_first(rate), _last(rate), place) for place, rate in enumerate(tax.rates, 1))
    for before, after in pairwise(periods):
        if after[0] <= before[1]:
            message = _("Another rate of this tax holds on these days already.")
            found.append(Problem(f"rates.{after[2]}.valid_from", "overlaps", message, after[2]))
    return found


def _rate(tax: Tax, rate: TaxRate) -> list[Problem]:
    if rate.valid_from and rate.valid_to and rate.valid_to < rate.valid_from:
        return [Problem("valid_to", "before_start", _("This is before the first day."))]
    if rate.rate is None or tax.tax_kind == "fixed_per_unit":
        return []
    if tax.tax_kind == "percent_of_gross" and rate.rate >= WHOLE:
        return [Problem("rate", "out_of_range", _("Of the amount with tax less than 100 % are tax."))]
    if abs(rate.rate) > LARGEST:
        return [Problem("rate", "out_of_range", _("A rate is a percentage: enter 19 for 19 %."))]
    return []


def _first(rate: TaxRate) -> date:
    return rate.valid_from or date.min


def _last(rate: TaxRate) -> date:
    return rate.valid_to or date.max
