"""Exchange rates as quoted, and company amounts that add up."""

from datetime import date
from decimal import Decimal

from erp.accounts.currency import Rate, cross_rate, rate_in_force, split_company_amount

CENT = Decimal("0.01")


def test_a_rate_is_direct_or_inverse() -> None:
    assert Rate(Decimal(50)).to_company(Decimal("0.06"), CENT) == 3
    assert Rate(Decimal("1.20"), "inverse").to_company(Decimal(400), CENT) == Decimal("333.33")
    assert Rate(Decimal("1.25"), "inverse").direct == Decimal("0.8")
    assert Rate().direct == 1


def test_company_amounts_follow_in_proportion() -> None:
    assert split_company_amount(Decimal(90), Decimal(100), [Decimal(40), Decimal(30), Decimal(30)], CENT) == [
        Decimal(36),
        Decimal(27),
        Decimal(27),
    ]
    assert split_company_amount(Decimal(10), Decimal(30), [Decimal(10), Decimal(10)], CENT) == [
        Decimal("3.33"),
        Decimal("3.34"),
    ]


def test_cross_rates_and_the_rate_of_a_day() -> None:
    assert cross_rate(Decimal(10), Decimal("1.3"), Decimal(1), CENT) == Decimal("7.69")
    rates = {date(2025, 1, 1): Decimal(1), date(2025, 2, 1): Decimal(2)}
    assert rate_in_force(rates, date(2025, 1, 31)) == 1
    assert rate_in_force(rates, date(2024, 1, 31)) is None
