"""Settling open items: order, proportion, discount, tolerance and age."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from erp.accounts.settlement.arithmetic import (
    Open,
    Settled,
    Tolerance,
    age_bucket,
    discount_on,
    discount_shares,
    judge_payment,
    settle,
)

CENT = Decimal("0.01")
LATE = Open("b", Decimal(50), Decimal(50), date(2025, 3, 2))
SOON = Open("a", Decimal(30), Decimal(30), date(2025, 1, 31))


def test_the_oldest_instalment_is_settled_first() -> None:
    settled, left = settle([LATE, SOON], Decimal(40), CENT)
    assert settled == [Settled("a", Decimal(30), Decimal(30)), Settled("b", Decimal(10), Decimal(10))]
    assert left == 0


def test_an_amount_of_the_other_sign_settles_nothing() -> None:
    assert settle([SOON], Decimal(-5), CENT) == ([], Decimal(-5))


def test_a_part_takes_its_share_of_the_booked_amount() -> None:
    settled, left = settle([Open("a", Decimal(100), Decimal("33.33"))], Decimal(30), CENT)
    assert settled == [Settled("a", Decimal(30), Decimal("10.00"))]
    assert left == 0


def test_a_discount_is_good_until_its_last_day() -> None:
    item = replace(SOON, discount=Decimal(3), discount_until=date(2025, 1, 11))
    assert discount_on(item, date(2025, 1, 11)) == 3
    assert discount_on(item, date(2025, 1, 12)) == 0
    assert discount_on(SOON, date(2025, 1, 1)) == 0


def test_a_discount_lowers_each_tax_by_its_share() -> None:
    assert discount_shares(Decimal("172.50"), Decimal(1725), [(7, Decimal(225))], CENT) == [(7, Decimal("22.50"))]
    assert discount_shares(Decimal(1), Decimal(0), [(7, Decimal(1))], CENT) == []


def test_items_age_by_thirty_days() -> None:
    today = date(2025, 6, 30)
    found = [age_bucket(due, today) for due in (None, today, date(2025, 6, 1), date(2025, 3, 1))]
    assert found == [0, 0, 1, 4]


@pytest.mark.parametrize(
    ("payment", "day", "granted", "expected"),
    [
        ("985", 15, False, (True, True, "0", "-5", "0", None)),
        ("975", 15, False, (True, True, "0", "5", "0", None)),
        ("900", 15, False, (True, False, "0", "0", "80", "invoice")),
        ("1000", 15, False, (True, True, "0", "0", "20", "payment")),
        ("1005", 21, False, (False, True, "0", "-5", "0", None)),
        ("985", 21, True, (False, False, "0", "0", "15", "invoice")),
        ("985", 18, True, (True, True, "20", "-5", "0", None)),
        ("985", 18, False, (False, False, "0", "0", "15", "invoice")),
        ("995", 18, True, (False, True, "0", "5", "0", None)),
    ],
)
def test_a_payment_is_judged_by_date_and_tolerance(
    payment: str, day: int, granted: bool, expected: tuple[bool, bool, str, str, str, str | None]
) -> None:
    allowed = Tolerance(date(2025, 1, 15), 5, Decimal(5), granted)
    found = judge_payment([(Decimal(1000), Decimal(20))], Decimal(payment), date(2025, 1, day), allowed)
    taken, closed, late, tolerance, remaining, where = expected
    assert (found.discount_taken, found.closed, found.remaining_on) == (taken, closed, where)
    assert (found.late_discount, found.tolerance, found.remaining) == (
        Decimal(late),
        Decimal(tolerance),
        Decimal(remaining),
    )
