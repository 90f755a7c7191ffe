"""Comparing expectations with what was read back."""

from decimal import Decimal
from typing import Any

import pytest

from erp.kernel.conformance.compare import Diff, differences, same
from erp.kernel.conformance.registry import Unsupported, check_conventions, found


@pytest.mark.parametrize(
    ("name", "expected", "actual", "agrees"),
    [
        ("net", "1", Decimal("1.00"), True),
        ("net", "1.00", "1.001", False),
        ("share", "0.4118", Decimal("0.41176470"), True),
        ("status", "paid", "paid", True),
        ("closed", True, True, True),
        ("closed", True, "true", False),
        ("due", "2026-01-01", None, False),
    ],
)
def test_values_compare_as_exact_decimals_or_words(name: str, expected: Any, actual: Any, agrees: bool) -> None:
    assert same(name, expected, actual) is agrees


def test_rows_are_found_by_their_keys_and_other_rows_are_not_asserted() -> None:
    rows = [{"account": "cash", "debit": "2"}, {"account": "revenue", "debit": "0"}]
    assert differences("r", [{"account": "cash", "debit": "2.00"}], rows) == []
    assert differences("r", [{"account": "bank", "debit": "2"}], rows)[0].actual == "no such row"
    assert differences("r", [{"account": "cash", "debit": "3"}], rows) == [Diff("r[0].debit", "3", "2")]


def test_of_rows_with_the_same_key_the_one_that_agrees_is_taken() -> None:
    rows = [{"tax": "T", "base": "50"}, {"tax": "T", "base": "-10"}]
    assert differences("t", [{"tax": "T", "base": "-10"}, {"tax": "T", "base": "50"}], rows) == []


def test_rows_without_a_key_are_compared_in_order_and_number() -> None:
    assert differences("n", ["1", "2"], ["1.0", "2.0"]) == []
    assert differences("n", ["1", "2"], ["1"]) == [Diff("n.length", 2, 1)]
    assert differences("n", ["1"], None) == [Diff("n", ["1"], None)]
    assert differences("n", {"a": "1"}, "x") == [Diff("n", {"a": "1"}, "x")]
    assert Diff("n", 2, None).as_json() == {"path": "n", "expected": "2", "actual": None}


def test_what_is_missing_is_named_with_the_feature_it_waits_for() -> None:
    with pytest.raises(Unsupported, match="event type receipt: waits for stock"):
        found("event", "receipt")
    with pytest.raises(Unsupported, match="no command"):
        found("event", "moon_landing")


def test_conventions_that_are_not_adopted_are_named() -> None:
    check_conventions({"rounding_unit": "0.05", "cost_period": "movement"})
    with pytest.raises(Unsupported, match="cost_period=day not adopted"):
        check_conventions({"cost_period": "day"})
