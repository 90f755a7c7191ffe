"""What a sales document finds by itself: its day, its price list, and words, unit and price of each line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from erp.accounts.company import books_of, day_rate
from erp.accounts.currency import Rate
from erp.accounts.rounding import ZERO, round_to
from erp.catalog.item import ItemFacts, items_by_id
from erp.catalog.unit import Measure, OtherDimension, exactly, measures
from erp.company.currency import unit_of
from erp.kernel.change import Work
from erp.kernel.errors import Problems
from erp.pricing.item_price import DatedPrice, price_on, prices_on_list
from erp.selling.settings import ListFacts, customer_facts, price_list_facts

FINEST = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class FillFacts:
    """What filling in needs. ``rate`` turns company currency into that of the document; None: there is none."""

    today: date
    company_currency: str
    items: Mapping[int, ItemFacts]
    measures: Mapping[int, Measure]
    price_list: ListFacts | None
    prices: Mapping[int, list[DatedPrice]]
    rate: Rate | None


def fill_facts(work: Work, document: Any) -> FillFacts:
    """Find items and prices of a sales document: a fixed number of queries, whatever its lines."""
    today = work.today(document.company_id)
    items = items_by_id(work, {line.item_id for line in document.lines if line.item_id})
    bare = {line.item_id for line in document.lines if line.price is None and line.item_id}
    chosen = _chosen_list(work, document, filling=bool(bare))
    other_units = any(
        line.item_id in items and line.unit_id not in (None, items[line.item_id].unit_id) for line in document.lines
    )
    books = books_of(work, document.company_id)
    return FillFacts(
        today=today,
        company_currency=books.currency,
        items=items,
        measures=measures(work) if other_units and bare else {},
        price_list=chosen,
        prices=prices_on_list(work, chosen.id, bare) if chosen and bare else {},
        rate=_rate(work, document, today) if bare else None,
    )


def _chosen_list(work: Work, document: Any, *, filling: bool) -> ListFacts | None:
    """Return the price list: that of the document, of the customer, or of the company."""
    if document.price_list_id is None and filling:
        customer = customer_facts(work, document.company_id, document.customer_id)
        if customer is not None:
            usual = price_list_facts(work, customer.price_list_id or customer.usual_price_list_id)
            currency = document.currency or customer.currency or books_of(work, document.company_id).currency
            return usual if usual is not None and usual.currency == currency else None
    return price_list_facts(work, document.price_list_id)


def _rate(work: Work, document: Any, today: date) -> Rate | None:
    books = books_of(work, document.company_id)
    if document.currency in (None, books.currency):
        return Rate()
    if document.rate:
        return Rate(document.rate, books.ways.rate_quote)
    try:
        return day_rate(work, books, document.currency, document.posting_date or today)
    except Problems:
        return None


def fill(document: Any, facts: FillFacts) -> None:
    """Fill what was left empty; what somebody entered stays."""
    if document.posting_date is None:
        document.posting_date = facts.today
    if facts.price_list is not None and document.price_list_id is None:
        document.price_list_id = facts.price_list.id
    if facts.price_list is not None and any(line.price is None for line in document.lines):
        document.prices_include_tax = facts.price_list.prices_include_tax
    for line in document.lines:
        fill_line(document, line, facts)


def fill_line(document: Any, line: Any, facts: FillFacts) -> None:
    """Fill one line from its item: description, unit and price."""
    if line.quantity is None:
        line.quantity = Decimal(1)
    item = facts.items.get(line.item_id)
    if item is not None:
        line.description = line.description or item.name
        line.unit_id = line.unit_id or item.unit_id
    if line.price is None:
        line.price = (_price(document, line, item, facts) if item is not None else None) or ZERO


def _price(document: Any, line: Any, item: ItemFacts, facts: FillFacts) -> Decimal | None:
    factor = _factor(line, item, facts)
    if factor is None:
        return None
    if facts.price_list is not None and facts.price_list.currency == document.currency:
        quantity = _times(line.quantity, factor)
        listed = price_on(facts.prices.get(item.id, ()), document.posting_date, quantity)
        if listed is not None:
            return _times(listed, factor)
    return _own_price(document, item, factor, facts)


def _own_price(document: Any, item: ItemFacts, factor: Fraction, facts: FillFacts) -> Decimal | None:
    """Return the item's own price, which is in company currency, in the currency of the document."""
    if item.sales_price is None:
        return None
    price = _times(item.sales_price, factor)
    if document.currency == facts.company_currency:
        return price
    return None if facts.rate is None else round_to(price / facts.rate.direct, unit_of(document.currency))


def _factor(line: Any, item: ItemFacts, facts: FillFacts) -> Fraction | None:
    """Return how many units of the item one unit of the line is; None when they do not compare."""
    if line.unit_id == item.unit_id:
        return Fraction(1)
    source, target = facts.measures.get(line.unit_id), facts.measures.get(item.unit_id)
    if source is None or target is None:
        return None
    try:
        return exactly(Decimal(1), source, target)
    except OtherDimension:
        return None


def _times(amount: Decimal, factor: Fraction) -> Decimal:
    if factor == 1:
        return amount
    return (amount * factor.numerator / factor.denominator).quantize(FINEST, ROUND_HALF_UP)
