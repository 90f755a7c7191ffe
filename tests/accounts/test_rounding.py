"""Rounding to a unit, shares that add up, and conventions read from settings."""

from decimal import Decimal

import pytest

from erp.accounts.conventions import Conventions, from_settings, wrong_settings
from erp.accounts.rounding import round_to, shares, split


@pytest.mark.parametrize(
    ("mode", "unit", "result"),
    [
        ("half_up", "0.01", "987.35"), ("half_up", "0.02", "987.34"), ("half_up", "10", "990"),
        ("half_up", "0.25", "987.25"), ("down", "0.05", "987.30"), ("down", "10", "980"), ("up", "1", "988"),
        ("half_even", "0.01", "987.34"),
    ],
)  # fmt: skip
def test_an_amount_is_rounded_to_a_unit(mode: str, unit: str, result: str) -> None:
    assert round_to(Decimal("987.345"), Decimal(unit), mode) == Decimal(result)


def test_shares_add_up_and_the_first_takes_all_without_weights() -> None:
    assert shares(Decimal(10), [Decimal(1), Decimal(1), Decimal(1)], Decimal("0.01")) == [
        Decimal("3.33"),
        Decimal("3.34"),
        Decimal("3.33"),
    ]
    assert shares(Decimal(5), [Decimal(0), Decimal(0)], Decimal("0.01")) == [Decimal(5), Decimal(0)]
    assert shares(Decimal(5), [], Decimal("0.01")) == []


def test_the_cent_of_a_split_stands_on_the_first_part() -> None:
    assert split(Decimal("0.21"), [Decimal("0.104"), Decimal("0.104")], Decimal("0.01"), "half_up") == [
        Decimal("0.11"),
        Decimal("0.10"),
    ]
    assert split(Decimal("0.19"), [Decimal("0.104"), Decimal("0.104")], Decimal("0.01"), "half_up") == [
        Decimal("0.09"),
        Decimal("0.10"),
    ]
    assert split(Decimal("0.005"), [Decimal("0.001")], Decimal("0.01"), "half_up") == [Decimal("0.005")]


def test_conventions_are_read_from_settings() -> None:
    assert from_settings(None, Decimal(1)) == Conventions(rounding_unit=Decimal(1))
    stored = {"tax_rounding": "line", "cash_rounding_unit": "0.05", "due_days": 14, "unknown": "x"}
    found = from_settings(stored, Decimal("0.01"))
    assert (found.tax_rounding, found.cash_rounding_unit, found.due_days) == ("line", Decimal("0.05"), 14)
    wrong = {"tax_rounding": "never", "due_days": -3, "rounding_unit": "x", "cash_rounding_unit": "0", "moon": 1}
    assert wrong_settings(wrong) == list(wrong)
    assert wrong_settings({"tax_rounding": "line", "due_days": 3, "rounding_unit": "0.05"}) == []
