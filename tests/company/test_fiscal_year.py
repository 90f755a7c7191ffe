"""Fiscal years begin with any month; periods are asked for by name; the period before is what people mean by it."""

from datetime import date

import pytest

from erp.company.fiscal_year import fiscal_year, period_named, previous, year_before, year_named


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "month", "start", "end"),
    [
        ("2026-11-25", 1, "2026-01-01", "2026-12-31"),
        ("2026-11-25", 4, "2026-04-01", "2027-03-31"),
        ("2026-03-31", 4, "2025-04-01", "2026-03-31"),
        ("2024-02-29", 3, "2023-03-01", "2024-02-29"),
        ("2026-12-01", 12, "2026-12-01", "2027-11-30"),
    ],
)
def test_a_fiscal_year_is_twelve_months_from_the_first_of_its_month(on: str, month: int, start: str, end: str) -> None:
    found = fiscal_year(day(on), month)
    assert (found.start, found.end) == (day(start), day(end))


def test_a_fiscal_year_is_named_by_the_year_in_which_it_begins() -> None:
    assert (year_named(2025, 4).start, year_named(2025, 4).end) == (day("2025-04-01"), day("2026-03-31"))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("this_month", "2026-02-01", "2026-02-28"),
        ("last_month", "2026-01-01", "2026-01-31"),
        ("this_quarter", "2026-01-01", "2026-03-31"),
        ("this_year", "2025-04-01", "2026-03-31"),
        ("last_year", "2024-04-01", "2025-03-31"),
    ],
)
def test_periods_lie_around_today(name: str, start: str, end: str) -> None:
    found = period_named(name, day("2026-02-10"), 4)
    assert (found.start, found.end) == (day(start), day(end))


@pytest.mark.parametrize(
    ("start", "end", "before_start", "before_end"),
    [
        ("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"),
        ("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"),
        ("2026-04-01", "2027-03-31", "2025-04-01", "2026-03-31"),
        ("2026-03-10", "2026-03-19", "2026-02-28", "2026-03-09"),
        (None, "2026-03-31", None, "2026-02-28"),
        (None, "2026-03-15", None, "2026-02-15"),
    ],
)
def test_whole_months_are_compared_with_whole_months(
    start: str | None, end: str, before_start: str | None, before_end: str
) -> None:
    found = previous(day(start) if start else None, day(end))
    assert found == (day(before_start) if before_start else None, day(before_end))


def test_the_end_of_a_month_is_compared_with_the_end_of_a_month() -> None:
    assert year_before(day("2025-02-01"), day("2025-02-28")) == (day("2024-02-01"), day("2024-02-29"))
    assert year_before(day("2024-02-01"), day("2024-02-29")) == (day("2023-02-01"), day("2023-02-28"))
    assert year_before(None, day("2026-05-17")) == (None, day("2025-05-17"))
