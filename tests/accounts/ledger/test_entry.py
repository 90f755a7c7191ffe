"""Entries: sides, reversals, conversion and balance."""

from dataclasses import replace
from decimal import Decimal

import pytest

from erp.accounts.currency import Rate
from erp.accounts.ledger.entry import (
    check_balanced,
    credit,
    debit,
    in_company_currency,
    merged,
    reversal,
)
from erp.kernel.errors import Problems

CASH, SALES, DEBTORS, FX = 1, 2, 3, 9


def test_a_debit_and_a_credit_know_their_side() -> None:
    left, right = debit(CASH, Decimal(10)), credit(SALES, Decimal(10))
    assert (left.debit, left.credit, right.debit, right.credit) == (Decimal(10), Decimal(0), Decimal(0), Decimal(10))
    check_balanced([left, right])


def test_a_reversal_swaps_sides_or_is_red() -> None:
    booked = [
        debit(CASH, Decimal(32), amount_transaction=Decimal(30)),
        credit(SALES, Decimal(32), tax_base=Decimal(-32)),
    ]
    swapped = reversal(booked)
    assert [(e.debit, e.credit) for e in swapped] == [(Decimal(0), Decimal(32)), (Decimal(32), Decimal(0))]
    assert (swapped[0].amount_transaction, swapped[1].tax_base) == (Decimal(-30), Decimal(32))
    assert reversal(swapped) == booked
    red = reversal(booked, "negative")
    assert [(e.debit, e.credit) for e in red] == [(Decimal(-32), Decimal(0)), (Decimal(0), Decimal(-32))]


def test_entries_that_differ_are_refused() -> None:
    with pytest.raises(Problems):
        check_balanced([debit(CASH, Decimal(10), "invoice"), credit(SALES, Decimal(9), "invoice")])


def test_each_entry_is_converted_and_the_cent_is_an_exchange_difference() -> None:
    booked = [
        debit(DEBTORS, Decimal(50)),
        debit(DEBTORS, Decimal(50)),
        credit(SALES, Decimal(100), tax_base=Decimal(-100)),
    ]
    found = in_company_currency(booked, "EUR", Rate(Decimal("0.3"), "inverse"), Decimal("0.01"), exchange_account=FX)
    assert [e.amount for e in found] == [Decimal("166.67"), Decimal("166.67"), Decimal("-333.33"), Decimal("-0.01")]
    assert found[2].tax_base == Decimal("-333.33")
    even = in_company_currency(booked, "EUR", Rate(Decimal(2)), Decimal("0.01"), exchange_account=FX)
    assert len(even) == 3


def test_entries_alike_are_added_together() -> None:
    pair = [credit(SALES, Decimal(10), line=1), credit(SALES, Decimal(5), line=2)]
    assert merged(pair) == [credit(SALES, Decimal(15))]
    assert merged([pair[0], debit(CASH, Decimal(0))]) == [pair[0]]
    foreign = [replace(e, amount_transaction=e.amount, tax_base=Decimal(1)) for e in pair]
    assert merged(foreign)[0].amount_transaction == Decimal(-15)
    assert merged(foreign)[0].tax_base == Decimal(2)
