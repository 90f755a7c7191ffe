"""Terms of payment: amounts and days of instalments."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from erp.accounts.billing.figures import Bill, BillLine
from erp.accounts.billing.terms import (
    TermLine,
    due_date,
    early_discount_percent,
    instalments,
    instalments_of,
)
from erp.accounts.billing.totals import totals
from erp.accounts.conventions import Conventions

WAYS = Conventions()
DAY = date(2025, 1, 1)


def parts(amount: str, *lines: TermLine, on: date = DAY) -> list[tuple[date, Decimal]]:
    return [(part.due, part.amount) for part in instalments(Decimal(amount), on, lines, WAYS)]


def test_percent_percent_of_total_fixed_and_remainder() -> None:
    lines = (
        TermLine("percent", Decimal(25), days=30),
        TermLine("percent_of_total", Decimal(25), months=1),
        TermLine("fixed", amount=Decimal("396.84"), months=1, days=30),
        TermLine("remainder", months=2, days=30, set_day=15),
    )
    assert parts("1587.35", *lines, on=date(2011, 10, 1)) == [
        (date(2011, 10, 31), Decimal("396.84")),
        (date(2011, 11, 1), Decimal("396.84")),
        (date(2011, 12, 1), Decimal("396.84")),
        (date(2012, 1, 14), Decimal("396.83")),
    ]


def test_nothing_to_pay_is_due_at_once() -> None:
    assert parts("0", TermLine("percent", Decimal(25), days=1), TermLine(months=1)) == [(DAY, Decimal(0))]


def test_equal_parts_are_cut_and_the_last_takes_the_rest() -> None:
    third = TermLine("equal", parts=3)
    assert [amount for _, amount in parts("100", third, third, third)] == [
        Decimal("33.33"),
        Decimal("33.33"),
        Decimal("33.34"),
    ]
    assert [amount for _, amount in parts("-100", third, third, third)][2] == Decimal("-33.34")


def test_net_and_tax_may_be_due_apart() -> None:
    both = (TermLine("net_part"), TermLine("tax_part", days=9))
    found = instalments(Decimal(236), DAY, both, WAYS, tax=Decimal(36))
    assert [part.amount for part in found] == [Decimal(200), Decimal(36)]
    assert len(instalments(Decimal(200), DAY, both, WAYS)) == 1


def test_without_terms_the_company_says_when_it_is_due() -> None:
    assert parts("100") == [(date(2025, 1, 31), Decimal(100))]


def test_a_fixed_part_of_a_credit_is_negative() -> None:
    assert parts("-100", TermLine("fixed", amount=Decimal(30)), TermLine())[0][1] == Decimal(-30)


def test_the_last_day_of_a_short_month_stands_in() -> None:
    assert due_date(TermLine(months=1), date(2024, 1, 31)) == date(2024, 2, 29)


def test_discount_by_percent_or_amount_until_a_day() -> None:
    percent = TermLine(days=30, discount_percent=Decimal(10), discount_days=10)
    found = instalments(Decimal(1200), date(2019, 1, 1), [percent], WAYS)[0]
    assert (found.discount_until, found.discount) == (date(2019, 1, 11), Decimal(120))
    amount = TermLine(days=30, discount_amount=Decimal(20), discount_days=10)
    assert instalments(Decimal(1000), DAY, [amount], WAYS)[0].discount == Decimal(20)
    assert early_discount_percent([percent]) == 10
    assert early_discount_percent([]) == 0


def test_each_instalment_may_be_rounded_for_cash() -> None:
    bill = totals(Bill((BillLine(price=Decimal("42.06")),)), WAYS)
    half = (TermLine("percent", Decimal(50), days=20), TermLine(days=40))
    ways = replace(WAYS, cash_rounding_unit=Decimal("0.05"), cash_rounding_scope="instalment")
    rounded, found = instalments_of(bill, DAY, half, ways)
    assert (rounded.rounding, rounded.payable) == (Decimal("0.04"), Decimal("42.10"))
    assert [part.amount for part in found] == [Decimal("21.05"), Decimal("21.05")]
    same, one = instalments_of(bill, DAY, half, WAYS, due=date(2025, 2, 2))
    assert same == bill
    assert [part.due for part in one] == [date(2025, 2, 2)]
    assert instalments_of(bill, DAY, (), WAYS)[1][0].due == date(2025, 1, 31)
