"""The chart of the home page: round axes, bars on the base line, a balance in its own band."""

from decimal import Decimal

import pytest

from erp.accounts.home_chart import BAND_LOW, BAND_TOP, TOP, ZERO_AT, cash_picture, compact, nice_step
from erp.kernel.format import Format

ENGLISH = Format("en", "UTC", "EUR")
MONTHS = [
    ("Oct", Decimal(90000), Decimal(30000)),
    ("Nov", Decimal(120000), Decimal(0)),
    ("Dec", Decimal(60000), Decimal(0)),
]
BALANCE = [Decimal(100000), Decimal(220000), Decimal(280000)]


@pytest.mark.parametrize(
    ("top", "step"), [("102642", "40000"), ("120000", "40000"), ("3", "1"), ("0", "0.4"), ("4749", "2000")]
)
def test_the_lines_of_an_axis_stand_at_round_figures(top: str, step: str) -> None:
    assert nice_step(Decimal(top)) == Decimal(step)


def test_the_highest_bar_stands_between_the_base_line_and_the_top() -> None:
    picture = cash_picture(ENGLISH, "EUR", MONTHS, BALANCE, 0)

    assert picture["axis"] == [
        (Decimal("150.0"), "0"), (Decimal("105.3"), "40K"), (Decimal("60.7"), "80K"), (Decimal("16.0"), "120K"),
    ]  # fmt: skip
    assert picture["bars"][1].into_top == TOP
    assert picture["bars"][1].out_top == ZERO_AT
    assert picture["bars"][0].into_top == Decimal("49.5")


def test_what_is_expected_is_drawn_apart() -> None:
    picture = cash_picture(ENGLISH, "EUR", MONTHS, BALANCE, 1)

    assert [bar.expected for bar in picture["bars"]] == [False, False, True]
    assert [y for _x, y in picture["line"]] == [BAND_LOW, Decimal("176.7")]
    assert [y for _x, y in picture["dashed"]] == [Decimal("176.7"), BAND_TOP]
    assert picture["rows"][2] == ("Dec", "60,000.00", "0.00", "280,000.00", True)


@pytest.mark.parametrize(
    ("amount", "english", "japanese"),
    [
        ("120000", "120K", "12万"),
        ("2500", "2.5K", "2500"),
        ("1070984.64", "1.1M", "107.1万"),
        ("3355.15", "3.4K", "3355"),
    ],
)
def test_an_amount_is_written_in_few_signs(amount: str, english: str, japanese: str) -> None:
    assert compact(ENGLISH, Decimal(amount)) == english
    assert compact(Format("ja", "Asia/Tokyo", "JPY"), Decimal(amount)) == japanese
