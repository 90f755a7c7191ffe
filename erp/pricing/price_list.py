"""A price list: prices of one currency, with or without tax, that customers or documents refer to."""

from datetime import date

from sqlalchemy.orm import Mapped

from erp.company.currency import code_problems
from erp.company.shared import SharedOrOwn
from erp.kernel.change import valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Currency, Master, field
from erp.kernel.text import _, _l


class PriceList(SharedOrOwn, Master):
    """A list of prices in one currency."""

    __label__ = _l("Price list")
    __plural_label__ = _l("Price lists")
    __icon__ = "tags"
    __setup__ = True

    currency: Mapped[Currency] = field(_l("Currency"), in_list=True, in_filter=True)
    prices_include_tax: Mapped[bool] = field(_l("Prices include tax"), default=False, in_list=True)
    valid_from: Mapped[date | None] = field(_l("From"), in_list=True)
    valid_to: Mapped[date | None] = field(_l("To"), in_list=True)


@valid_if(PriceList)
def price_list_problems(price_list: PriceList) -> list[Problem]:
    """Refuse an unknown currency and a list that ends before it begins."""
    period = period_problems(price_list.valid_from, price_list.valid_to)
    return period + code_problems("currency", price_list.currency)


def period_problems(valid_from: date | None, valid_to: date | None) -> list[Problem]:
    """Refuse a period that ends before it begins."""
    if valid_from and valid_to and valid_to < valid_from:
        return [Problem("valid_to", "before_start", _("This is before the first day."))]
    return []
