"""Fiscal years: twelve months from the first of a month; and the periods people ask for by name. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from erp.kernel.text import _l

MONTHS = (
    ("1", _l("January")), ("2", _l("February")), ("3", _l("March")), ("4", _l("April")), ("5", _l("May")),
    ("6", _l("June")), ("7", _l("July")), ("8", _l("August")), ("9", _l("September")), ("10", _l("October")),
    ("11", _l("November")), ("12", _l("December")),
)  # fmt: skip
PERIODS = (
    ("this_month", _l("This month")), ("last_month", _l("Last month")), ("this_quarter", _l("This quarter")),
    ("this_year", _l("This fiscal year")), ("last_year", _l("Last fiscal year")),
)  # fmt: skip
QUARTER, YEAR = 3, 12


@dataclass(frozen=True, slots=True)
class Span:
    """A period, both days included."""

    start: date
    end: date


def months_from(first: date, count: int) -> date:
    """Return the first day of the month ``count`` months after that of ``first``."""
    month = first.year * 12 + first.month - 1 + count
    return date(month // 12, month % 12 + 1, 1)


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def fiscal_year(day: date, first_month: int) -> Span:
    """Return the fiscal year of a day; it is named by the calendar year in which it begins."""
    year = day.year if day.month >= first_month else day.year - 1
    return year_named(year, first_month)


def year_named(year: int, first_month: int) -> Span:
    """Return the fiscal year that begins in a calendar year."""
    start = date(year, first_month, 1)
    return Span(start, months_from(start, YEAR) - timedelta(days=1))


def period_named(name: str, today: date, first_month: int) -> Span:
    """Return a period by its name, as it lies around today."""
    year = fiscal_year(today, first_month)
    if name == "this_year":
        return year
    if name == "last_year":
        return year_named(year.start.year - 1, first_month)
    if name == "this_quarter":
        passed = (today.month - first_month) % YEAR // QUARTER * QUARTER
        start = months_from(year.start, passed)
        return Span(start, months_from(start, QUARTER) - timedelta(days=1))
    start = months_from(today, -1 if name == "last_month" else 0)
    return Span(start, month_end(start))


def previous(start: date | None, end: date) -> tuple[date | None, date]:
    """Return the period before: whole months move by months, other periods by their days; a single day by a month."""
    whole_months = end == month_end(end)
    if start is None:
        before = months_from(end, -1)
        return None, month_end(before) if whole_months else _same_day(before, end)
    if start.day == 1 and whole_months:
        count = (end.year - start.year) * YEAR + end.month - start.month + 1
        return months_from(start, -count), start - timedelta(days=1)
    return start - (end - start) - timedelta(days=1), start - timedelta(days=1)


def year_before(start: date | None, end: date) -> tuple[date | None, date]:
    """Return the same period a year before; the end of a month stays the end of a month."""
    before = months_from(end, -YEAR)
    last = month_end(before) if end == month_end(end) else _same_day(before, end)
    return (_same_day(months_from(start, -YEAR), start) if start else None), last


def _same_day(month: date, day: date) -> date:
    return month.replace(day=min(day.day, month_end(month).day))
