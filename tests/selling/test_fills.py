"""What a sales document finds by itself."""

from fractions import Fraction
from typing import Any

from erp.accounts.currency import Rate
from erp.catalog.unit import Measure
from erp.pricing.item_price import DatedPrice
from erp.selling.fills import FillFacts, fill
from erp.selling.settings import ListFacts
from tests.selling.makers import APPLE, DAY, D, a_line, an_order

PIECE, DOZEN = Measure("pc", "count"), Measure("doz", "count", Fraction(12))


def facts(**more: Any) -> FillFacts:
    values: dict[str, Any] = {
        "today": DAY, "company_currency": "EUR", "items": {1: APPLE}, "measures": {1: PIECE, 2: DOZEN},
        "price_list": None, "prices": {}, "rate": Rate(),
    } | more  # fmt: skip
    return FillFacts(**values)


def filled(line: Any, given: FillFacts, **head: Any) -> Any:
    order = an_order(line, **({"order_date": None} | head))
    fill(order, given)
    return order


def test_the_day_the_words_the_unit_and_the_price_are_filled_in() -> None:
    order = filled(a_line("2", None), facts())
    line = order.lines[0]
    assert order.posting_date == DAY
    assert (line.description, line.unit_id, line.price) == ("Apple", 1, D(10))


def test_what_somebody_entered_stays() -> None:
    line = filled(a_line("2", "0", description="Gift"), facts()).lines[0]
    assert (line.description, line.price) == ("Gift", D(0))


def test_the_price_list_comes_before_the_item() -> None:
    listed = {1: [DatedPrice(D(9)), DatedPrice(D(8), from_quantity=D(10))]}
    given = facts(price_list=ListFacts(4, "EUR", True), prices=listed)
    order = filled(a_line("2", None), given)
    assert order.lines[0].price == D(9)
    assert (order.price_list_id, order.prices_include_tax) == (4, True)
    assert filled(a_line("10", None), given).lines[0].price == D(8)


def test_a_price_list_in_another_currency_is_not_used() -> None:
    given = facts(price_list=ListFacts(4, "USD", False), prices={1: [DatedPrice(D(9))]})
    assert filled(a_line("2", None), given).lines[0].price == D(10)


def test_a_price_for_another_unit_is_converted_exactly() -> None:
    assert filled(a_line("1", None, unit_id=2), facts()).lines[0].price == D(120)


def test_a_price_in_another_currency_is_converted_at_the_rate_of_the_day() -> None:
    assert filled(a_line("1", None), facts(rate=Rate(D("0.8"))), currency="USD").lines[0].price == D("12.50")
    assert filled(a_line("1", None), facts(rate=None), currency="USD").lines[0].price == D(0)
