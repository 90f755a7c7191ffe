"""Which price holds on a day."""

from datetime import date
from decimal import Decimal
from typing import Any

from erp.catalog.item import Item
from erp.catalog.unit import seed_units
from erp.kernel.change import save
from erp.pricing.item_price import DatedPrice, ItemPrice, item_price_problems, price_on, prices_on_list
from erp.pricing.price_list import PriceList, period_problems, price_list_problems

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


def test_a_price_is_not_negative_and_does_not_end_before_it_begins() -> None:
    price = ItemPrice(
        price=Decimal(-1), from_quantity=Decimal(-1), valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1)
    )
    assert [problem.field for problem in item_price_problems(price)] == ["valid_to", "price", "from_quantity"]
    assert item_price_problems(ItemPrice(price=None, from_quantity=Decimal(0))) == []


def test_a_price_list_has_a_currency_that_exists() -> None:
    odd = PriceList(currency="QQQ", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1))
    assert [problem.field for problem in price_list_problems(odd)] == ["valid_to", "currency"]


def test_a_price_holds_within_its_own_days_and_those_of_its_list(work: Any) -> None:
    seed_units(work)
    item = save(work, Item, {"code": "A", "name": "Apple", "unit": {"code": "pc"}})
    listed = {"code": "L", "name": "Spring", "currency": "EUR", "valid_from": "2026-03-01", "valid_to": "2026-05-31"}
    price_list = save(work, PriceList, listed)
    for price, days in (("9", {}), ("8", {"valid_from": "2026-04-01", "valid_to": "2026-12-31"})):
        save(work, ItemPrice, {"price_list": price_list.id, "item": item.id, "price": price, **days})
    assert prices_on_list(work, price_list.id, []) == {}
    found = prices_on_list(work, price_list.id, [item.id, 0])[item.id]
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 1), date(2026, 6, 1))
    assert [price_on(found, day) for day in days] == [None, NINE, EIGHT, None]
