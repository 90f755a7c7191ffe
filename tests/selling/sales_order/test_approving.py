"""What flows may ask of an order beside its fields, and the prices that its approvers are shown."""

from decimal import Decimal

from erp.kernel.change import save
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.parties.customer import Customer
from erp.selling.sales_order.approving import company_total, credit_left, last_prices, margin_percent
from erp.selling.sales_order.model import SalesOrder
from tests.selling.shop import Shop


def limit(work: Work, shop: Shop, amount: str) -> None:
    customer = work.session.get_one(Customer, shop.ledger.customer)
    save(work, Customer, {"credit_limit": amount}, customer, version=customer.version)


def test_the_total_counts_in_the_currency_of_the_company(work: Work, shop: Shop) -> None:
    assert company_total(work, shop.draft(SalesOrder, "20")) == Decimal("238.00")


def test_the_margin_is_of_the_net_amount_and_unknown_without_a_cost(work: Work, shop: Shop) -> None:
    assert margin_percent(work, shop.draft(SalesOrder, "20")) == Decimal("40")
    freight = [{"description": "Freight", "quantity": "1", "price": "50"}]
    assert margin_percent(work, shop.draft(SalesOrder, lines=freight)) is None


def test_what_is_left_of_the_credit_limit_counts_what_is_open_and_this_order(work: Work, shop: Shop) -> None:
    assert credit_left(work, shop.draft(SalesOrder, "20")) is None
    limit(work, shop, "500")
    order = shop.order("10")
    shop.invoice(order)
    draft = shop.again(shop.draft(SalesOrder, "20"))
    assert credit_left(Work(work.session, work.actor), draft) == Decimal("143.00")


def test_the_last_prices_are_those_this_customer_paid(work: Work, shop: Shop) -> None:
    draft = shop.draft(SalesOrder, "20")
    assert last_prices(work, draft, Format("en")) == []
    shop.order("1")
    apples = {"item": {"code": "A"}, "quantity": "1"}
    shop.order(lines=[{**apples, "price": "9"}, {"description": "Freight", "quantity": "1", "price": "5"}])
    (found,) = last_prices(work, shop.again(draft), Format("en"))
    assert (found.label, found.text) == ("Last prices of Apple", "EUR 9.00 · EUR 10.00")
