"""Entries: sides, reversals, conversion and balance."""

from dataclasses import replace
from decimal import Decimal as D

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
    left, right = debit(CASH, D(10)), credit(SALES, D(10))
    assert (left.debit, left.credit, right.debit, right.credit) == (D(10), D(0), D(0), D(10))
    check_balanced([left, right])


def test_a_reversal_swaps_sides_or_is_red() -> None:
    booked = [debit(CASH, D(32), amount_transaction=D(30)), credit(SALES, D(32), tax_base=D(-32))]
    swapped = reversal(booked)
    assert [(e.debit, e.credit) for e in swapped] == [(D(0), D(32)), (D(32), D(0))]
    assert (swapped[0].amount_transaction, swapped[1].tax_base) == (D(-30), D(32))
    assert reversal(swapped) == booked
    red = reversal(booked, "negative")
    assert [(e.debit, e.credit) for e in red] == [(D(-32), D(0)), (D(0), D(-32))]


def test_entries_that_differ_are_refused() -> None:
    with pytest.raises(Problems):
        check_balanced([debit(CASH, D(10), "invoice"), credit(SALES, D(9), "invoice")])


def test_each_entry_is_converted_and_the_cent_is_an_exchange_difference() -> None:
    booked = [debit(DEBTORS, D(50)), debit(DEBTORS, D(50)), credit(SALES, D(100), tax_base=D(-100))]
    found = in_company_currency(booked, "EUR", Rate(D("0.3"), "inverse"), D("0.01"), exchange_account=FX)
    assert [e.amount for e in found] == [D("166.67"), D("166.67"), D("-333.33"), D("-0.01")]
    assert found[2].tax_base == D("-333.33")
    even = in_company_currency(booked, "EUR", Rate(D(2)), D("0.01"), exchange_account=FX)
    assert len(even) == 3


def test_entries_alike_are_added_together() -> None:
    pair = [credit(SALES, D(10), line=1), credit(SALES, D(5), line=2)]
    assert merged(pair) == [credit(SALES, D(15))]
    assert merged([pair[0], debit(CASH, D(0))]) == [pair[0]]
    foreign = [replace(e, amount_transaction=e.amount, tax_base=D(1)) for e in pair]
    assert merged(foreign)[0].amount_transaction == D(-15)
    assert merged(foreign)[0].tax_base == D(2)
