"""What a sales document finds by itself."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from erp.accounts.currency import Rate
from erp.catalog.item import Item
from erp.catalog.unit import Measure
from erp.company.company import Company
from erp.company.exchange_rate import ExchangeRate
from erp.kernel.change import find, save
from erp.kernel.errors import Problems
from erp.pricing.item_price import DatedPrice, ItemPrice
from erp.pricing.price_list import PriceList
from erp.selling.fills import FillFacts, fill
from erp.selling.sales_order.model import SalesOrderLine
from erp.selling.settings import ListFacts, customer_facts, price_list_facts, read_once
from tests.selling.makers import APPLE, DAY, D, a_line, an_order
from tests.selling.shop import SalesOrder, Shop

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


def test_a_line_without_an_item_costs_nothing_until_somebody_says_so() -> None:
    nameless = a_line("1", None, item_id=None)
    nameless.quantity = None
    line = filled(nameless, facts()).lines[0]
    assert (line.quantity, line.price) == (D(1), D(0))


def test_a_unit_that_does_not_compare_gives_no_price() -> None:
    kilo = {1: PIECE, 2: Measure("kg", "weight")}
    assert filled(a_line("1", None, unit_id=2), facts(measures=kilo)).lines[0].price == D(0)
    assert filled(a_line("1", None, unit_id=3), facts()).lines[0].price == D(0)


def test_what_has_neither_a_listed_price_nor_its_own_costs_nothing() -> None:
    free = replace(APPLE, sales_price=None)
    given = facts(items={1: free}, price_list=ListFacts(4, "EUR", False), prices={1: []})
    assert filled(a_line("1", None), given).lines[0].price == D(0)


def test_the_usual_price_list_is_used_in_its_own_currency(shop: Shop) -> None:
    priced = save(shop.work, PriceList, {"code": "L", "name": "List", "currency": "EUR", "prices_include_tax": False})
    item = shop.work.session.scalars(select(Item).where(Item.company_id == shop.ledger.company, Item.code == "A")).one()
    save(shop.work, ItemPrice, {"price_list": priced.id, "item": item.id, "price": "7"})
    company = find(shop.work, Company, shop.ledger.company)
    save(shop.work, Company, {"sales_price_list": priced.id}, company)
    shop.work.facts.clear()
    assert shop.draft(SalesOrder, "1").net == 7
    rate = {"company": shop.ledger.company, "currency": "USD", "valid_from": "2026-01-01", "rate": "0.8"}
    save(shop.work, ExchangeRate, rate)
    shop.work.facts.clear()
    assert shop.draft(SalesOrder, "1", currency="USD").net == D("12.50")
    assert shop.draft(SalesOrder, "1", currency="USD", rate="0.5").net == 20
    assert shop.draft(SalesOrder, "1", currency="CHF").net == 0


def test_a_sale_needs_a_company_and_a_customer(shop: Shop) -> None:
    with pytest.raises(Problems) as refused:
        save(shop.work, SalesOrder, {"customer": shop.ledger.customer, "lines": []})
    assert "company" in {problem.field for problem in refused.value.problems}
    with pytest.raises(Problems) as refused:
        save(shop.work, SalesOrder, {"company": shop.ledger.company, "lines": [{"item": {"code": "A"}}]})
    assert "customer" in {problem.field for problem in refused.value.problems}
    with pytest.raises(Problems) as refused:
        read_once(shop.work, SalesOrder(company_id=None))
    assert [problem.field for problem in refused.value.problems] == ["company"]
    item = shop.work.session.scalars(select(Item.id).where(Item.company_id == shop.ledger.company).limit(1)).one()
    nobody = SalesOrder(company_id=shop.ledger.company, customer_id=None, lines=[SalesOrderLine(item_id=item)])
    shop.work.facts.clear()
    read_once(shop.work, nobody)
    assert item in shop.work.facts["items"]
    assert customer_facts(shop.work, shop.ledger.company, 0) is None
    assert price_list_facts(shop.work, 0) is None
