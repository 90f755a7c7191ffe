"""A tax has one rate for a day, and one that can be computed with."""

from datetime import date
from decimal import Decimal

import pytest

from erp.accounts.tax.model import Tax, TaxRate
from erp.accounts.tax.rules import tax_problems

Period = tuple[str | None, str | None, str]


def told(*periods: Period, kind: str = "percent") -> list[tuple[str, str]]:
    rates = [TaxRate(valid_from=_day(start), valid_to=_day(end), rate=Decimal(rate)) for start, end, rate in periods]
    return [(problem.field, problem.code) for problem in tax_problems(Tax(tax_kind=kind, rates=rates))]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def test_rates_follow_each_other() -> None:
    assert told((None, "2020-06-30", "19"), ("2020-07-01", "2020-12-31", "16"), ("2021-01-01", None, "19")) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((None, "2020-07-01", "19"), ("2020-07-01", None, "16")),
        (("2020-01-01", None, "19"), ("2021-01-01", None, "16")),
        ((None, None, "19"), (None, None, "16")),
    ],
)
def test_two_rates_for_one_day_are_refused(first: Period, second: Period) -> None:
    assert told(second, first) in ([("rates.1.valid_from", "overlaps")], [("rates.2.valid_from", "overlaps")])


def test_a_rate_does_not_end_before_it_begins() -> None:
    assert told(("2021-01-01", "2020-12-31", "19")) == [("rates.1.valid_to", "before_start")]


def test_of_an_amount_with_tax_not_all_is_tax() -> None:
    assert told((None, None, "99.9"), kind="percent_of_gross") == []
    assert told((None, None, "100"), kind="percent_of_gross") == [("rates.1.rate", "out_of_range")]


def test_a_percentage_is_no_fraction_and_no_amount() -> None:
    assert told((None, None, "-15")) == []
    assert told((None, None, "1900")) == [("rates.1.rate", "out_of_range")]
    assert told((None, None, "1900"), kind="fixed_per_unit") == []
