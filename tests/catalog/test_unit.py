"""Conversion between units is exact: a factor is a fraction."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.catalog.unit import BASIC, Measure, OtherDimension, convert, exactly

UNITS = {code: Measure(code, dimension, Fraction(n, d)) for code, _name, dimension, n, d in BASIC}


def test_a_dozen_is_twelve_pieces() -> None:
    assert convert(Decimal("2.5"), UNITS["doz"], UNITS["pc"]) == 30


def test_a_pound_is_exactly_what_the_law_says() -> None:
    assert convert(Decimal(1000), UNITS["lb"], UNITS["g"]) == Decimal("453592.37")


def test_a_third_is_rounded_half_up_at_the_sixth_decimal_only_at_the_end() -> None:
    assert convert(Decimal(4), UNITS["pc"], UNITS["doz"]) == Decimal("0.333333")
    assert exactly(Decimal(4), UNITS["pc"], UNITS["doz"]) == Fraction(1, 3)


def test_kilograms_are_not_pieces() -> None:
    with pytest.raises(OtherDimension):
        convert(Decimal(1), UNITS["kg"], UNITS["pc"])


@given(
    st.decimals(min_value=0, max_value=10**9, places=6),
    st.sampled_from(["g", "kg", "lb"]),
    st.sampled_from(["g", "kg", "lb"]),
)
def test_there_and_back_is_the_same_quantity(quantity: Decimal, one: str, other: str) -> None:
    there = exactly(quantity, UNITS[one], UNITS[other])
    assert there * UNITS[other].factor / UNITS[one].factor == Fraction(quantity)
