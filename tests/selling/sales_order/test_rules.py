"""Who must approve an order, and what refuses it."""

from datetime import date

from erp.accounts.currency import Rate
from erp.selling.sales_order.rules import approval_need, billed_orders_stay, margin_of, order_problems
from tests.selling.makers import D, a_customer, a_line, an_order, approval_facts


def codes(problems: object) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems]  # type: ignore[attr-defined]


def test_an_order_up_to_the_limit_needs_nobody() -> None:
    assert approval_need(an_order(a_line("100", "10")), approval_facts()) is None


def test_an_order_above_the_limit_tells_why_and_shows_the_margin() -> None:
    need = approval_need(an_order(a_line("200", "10")), approval_facts())
    assert need is not None
    assert need.reason == "The total is above the limit."
    assert need.amount == D(2000)
    facts = dict(need.facts)
    assert facts["Margin"] == "EUR 800.00 (40 %)"
    assert facts["Limit"] == "EUR 1,000.00"
    assert facts["Customer"] == "Hanari Carnes"


def test_credit_that_would_not_reach_needs_an_approval_too() -> None:
    customer = a_customer(credit_limit=D(500))
    need = approval_need(an_order(a_line("10", "10")), approval_facts(customer=customer, balance=D("400.01")))
    assert need is not None
    assert need.reason == "The customer’s credit limit would be exceeded."
    assert dict(need.facts)["Open already"] == "EUR 400.01"


def test_the_limit_is_in_company_currency() -> None:
    order = an_order(a_line("100", "10"), currency="USD")
    assert approval_need(order, approval_facts(rate=Rate(D("0.9")))) is None
    assert approval_need(order, approval_facts(rate=Rate(D("1.1")))) is not None


def test_no_limit_means_no_approval() -> None:
    assert approval_need(an_order(a_line("100000", "10")), approval_facts(customer=a_customer())) is None


def test_the_margin_counts_only_items_whose_cost_is_known() -> None:
    order = an_order(a_line("10", "10"), a_line("1", "50", item_id=None))
    assert margin_of(order, approval_facts()) == (D("40.00"), D("40.0"))
    assert margin_of(order, approval_facts(items={})) is None


def test_everything_wrong_is_told_at_once() -> None:
    order = an_order(a_line("0"), a_line("-1"), delivery_date=date(2026, 6, 1))
    found = codes(order_problems(order, a_customer(state="archived")))
    assert ("customer", "archived") in found
    assert ("lines.1.quantity", "zero") in found
    assert ("lines.2.quantity", "negative") in found
    assert ("delivery_date", "before_order") in found


def test_a_customer_of_another_company_is_refused() -> None:
    assert codes(order_problems(an_order(), a_customer(company_id=2))) == [("customer", "other_company")]


def test_an_order_that_is_partly_invoiced_cannot_be_cancelled() -> None:
    assert codes(billed_orders_stay(an_order(a_line(billed_quantity=D(1))))) == [("lines", "invoiced")]
    assert billed_orders_stay(an_order()) == []


def test_an_order_is_to_bill_until_every_line_is_invoiced() -> None:
    lines = a_line("2", billed_quantity=D(2)), a_line("3", billed_quantity=D(1))
    assert an_order(*lines).status_after_billing() == "to_bill"
    assert an_order(lines[0]).status_after_billing() == "completed"


def test_an_order_takes_nothing_back_and_delivers_no_earlier_than_it_is_made() -> None:
    order = an_order(a_line("5"), a_line("-1"), delivery_date=date(2026, 6, 17))
    assert codes(order_problems(order, a_customer())) == [
        ("delivery_date", "before_order"), ("lines.2.quantity", "negative"),
    ]  # fmt: skip


def test_nobody_approves_an_order_of_nobody() -> None:
    assert approval_need(an_order(), approval_facts(customer=None)) is None


def test_what_has_no_known_cost_has_no_margin() -> None:
    assert margin_of(an_order(a_line("1", item_id=None)), approval_facts()) is None
    need = approval_need(an_order(a_line("200", "10", item_id=None)), approval_facts())
    assert need is not None
    assert "Margin" not in dict(need.facts)
