"""Which price holds on a day."""

from datetime import date
from decimal import Decimal

from erp.pricing.item_price import DatedPrice, price_on
from erp.pricing.price_list import period_problems

TEN, NINE, EIGHT = Decimal(10), Decimal(9), Decimal(8)


def test_both_limits_of_the_period_belong_to_it() -> None:
    price = DatedPrice(TEN, valid_from=date(2026, 1, 1), valid_to=date(2026, 1, 31))
    assert price_on([price], date(2026, 1, 1)) == TEN
    assert price_on([price], date(2026, 1, 31)) == TEN
    assert price_on([price], date(2026, 2, 1)) is None


def test_the_price_that_began_last_wins() -> None:
    prices = [DatedPrice(TEN), DatedPrice(NINE, valid_from=date(2026, 6, 1))]
    assert price_on(prices, date(2026, 5, 31)) == TEN
    assert price_on(prices, date(2026, 6, 1)) == NINE


def test_the_largest_quantity_reached_wins_over_a_later_day() -> None:
    prices = [DatedPrice(EIGHT, from_quantity=Decimal(100)), DatedPrice(NINE, valid_from=date(2026, 6, 1))]
    assert price_on(prices, date(2026, 7, 1), Decimal(99)) == NINE
    assert price_on(prices, date(2026, 7, 1), Decimal(100)) == EIGHT


def test_goods_that_come_back_are_priced_like_goods_that_go() -> None:
    prices = [DatedPrice(TEN), DatedPrice(EIGHT, from_quantity=Decimal(100))]
    assert price_on(prices, date(2026, 7, 1), Decimal(-100)) == EIGHT


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert [problem.field for problem in period_problems(date(2026, 2, 1), date(2026, 1, 1))] == ["valid_to"]
