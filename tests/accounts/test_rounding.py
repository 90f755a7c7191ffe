"""Rounding to a unit, shares that add up, and conventions read from settings."""

from decimal import Decimal as D

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
    assert round_to(D("987.345"), D(unit), mode) == D(result)


def test_shares_add_up_and_the_first_takes_all_without_weights() -> None:
    assert shares(D(10), [D(1), D(1), D(1)], D("0.01")) == [D("3.33"), D("3.34"), D("3.33")]
    assert shares(D(5), [D(0), D(0)], D("0.01")) == [D(5), D(0)]
    assert shares(D(5), [], D("0.01")) == []


def test_the_cent_of_a_split_stands_on_the_first_part() -> None:
    assert split(D("0.21"), [D("0.104"), D("0.104")], D("0.01"), "half_up") == [D("0.11"), D("0.10")]
    assert split(D("0.19"), [D("0.104"), D("0.104")], D("0.01"), "half_up") == [D("0.09"), D("0.10")]
    assert split(D("0.005"), [D("0.001")], D("0.01"), "half_up") == [D("0.005")]


def test_conventions_are_read_from_settings() -> None:
    assert from_settings(None, D(1)) == Conventions(rounding_unit=D(1))
    stored = {"tax_rounding": "line", "cash_rounding_unit": "0.05", "due_days": 14, "unknown": "x"}
    found = from_settings(stored, D("0.01"))
    assert (found.tax_rounding, found.cash_rounding_unit, found.due_days) == ("line", D("0.05"), 14)
    assert wrong_settings({"tax_rounding": "never", "due_days": 3}) == ["tax_rounding"]
