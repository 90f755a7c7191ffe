"""Exchange rates as quoted, and company amounts that add up."""

from datetime import date
from decimal import Decimal as D

from erp.accounts.currency import Rate, cross_rate, rate_in_force, split_company_amount

CENT = D("0.01")


def test_a_rate_is_direct_or_inverse() -> None:
    assert Rate(D(50)).to_company(D("0.06"), CENT) == 3
    assert Rate(D("1.20"), "inverse").to_company(D(400), CENT) == D("333.33")
    assert Rate(D("1.25"), "inverse").direct == D("0.8")
    assert Rate().direct == 1


def test_company_amounts_follow_in_proportion() -> None:
    assert split_company_amount(D(90), D(100), [D(40), D(30), D(30)], CENT) == [D(36), D(27), D(27)]
    assert split_company_amount(D(10), D(30), [D(10), D(10)], CENT) == [D("3.33"), D("3.34")]


def test_cross_rates_and_the_rate_of_a_day() -> None:
    assert cross_rate(D(10), D("1.3"), D(1), CENT) == D("7.69")
    rates = {date(2025, 1, 1): D(1), date(2025, 2, 1): D(2)}
    assert rate_in_force(rates, date(2025, 1, 31)) == 1
    assert rate_in_force(rates, date(2024, 1, 31)) is None
