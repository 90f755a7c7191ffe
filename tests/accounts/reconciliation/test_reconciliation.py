"""Reconciliations: sets that match, rests written off, exchange differences."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from erp.accounts.reconciliation.commands import reconcile, reconcile_automatically
from erp.accounts.settlement.arithmetic import Open, Settled
from erp.accounts.settlement.matching import Pair, match, pairs
from erp.kernel.change import cancel
from erp.kernel.errors import Problems
from tests.accounts.makers import Books, named

CENT = Decimal("0.01")
BILL = Open("bill", Decimal(-90), Decimal(-50))
PAID = Open("paid", Decimal(90), Decimal(45))


def test_two_sides_that_meet_differ_by_exchange_only() -> None:
    found: Any = match([BILL, PAID], CENT, write_off=False)
    assert (found.rest, found.difference, found.adjusted) == (0, -5, "bill")
    assert found.credits == (Settled("bill", Decimal(-90), Decimal(-45)),)
    assert pairs(found, CENT) == [Pair("paid", "bill", Decimal(90), Decimal(45), Decimal(-45))]


def test_a_rest_may_be_written_off() -> None:
    short = replace(PAID, outstanding=Decimal(89))
    found: Any = match([BILL, short], CENT, write_off=True)
    assert (found.rest, found.difference, found.adjusted) == (-1, -5, "bill")
    assert found.credits == (Settled("bill", Decimal(-89), Decimal(-45)),)


def test_without_write_off_both_sides_go_as_far_as_they_reach() -> None:
    first, second = Open("a", Decimal(30), Decimal(30)), Open("b", Decimal(30), Decimal(30))
    found: Any = match([first, second, Open("c", Decimal(-40), Decimal(-40))], CENT, write_off=False)
    assert [(one.item, one.against, int(one.amount)) for one in pairs(found, CENT)] == [("a", "c", 30), ("b", "c", 10)]
    assert found.difference == 0


def test_several_credits_settle_one_debit() -> None:
    many = [
        Open("a", Decimal(50), Decimal(50)),
        Open("b", Decimal(-20), Decimal(-20)),
        Open("c", Decimal(-30), Decimal(-30)),
    ]
    found: Any = match(many, CENT, write_off=False)
    assert [(one.against, int(one.amount)) for one in pairs(found, CENT)] == [("b", 20), ("c", 30)]


def test_a_company_amount_alone_is_cleared() -> None:
    found: Any = match([Open("x", Decimal(0), Decimal(3))], CENT, write_off=False)
    assert (found.difference, found.adjusted) == (3, "x")
    assert pairs(found, CENT) == []


def test_the_automatic_run_matches_only_what_adds_up(ledger: Books) -> None:
    invoice = ledger.invoice("42")
    payment = ledger.payment("40")
    assert reconcile_automatically(ledger.work, ledger.company) == []
    made = reconcile(
        ledger.work, ledger.company, [("sales_invoice", invoice.id), ("payment", payment.id)], write_off=True
    )
    assert ledger.entries(made) == [("1200", -2), ("5910", 2)]
    assert (invoice.status, invoice.outstanding, payment.unallocated) == ("paid", 0, 0)
    cancel(ledger.work, made, reason="wrong")
    assert (invoice.outstanding, payment.unallocated) == (42, 40)


def test_pairs_and_whole_sets_are_matched_by_themselves(ledger: Books) -> None:
    first, second = ledger.invoice("10"), ledger.invoice("20")
    ledger.payment("10")
    made = reconcile_automatically(ledger.work, ledger.company)
    assert len(made) == 1
    assert (first.outstanding, second.outstanding) == (0, 20)
    ledger.payment("15")
    ledger.payment("5")
    assert len(reconcile_automatically(ledger.work, ledger.company)) == 1
    assert second.outstanding == 0


def test_items_of_different_parties_do_not_match(ledger: Books) -> None:
    invoice = ledger.invoice("10")
    bill = ledger.journal(
        {"account": "5200", "debit": "10"}, {"account": "2100", "credit": "10", "supplier": ledger.supplier}
    )
    with pytest.raises(Problems) as refused:
        reconcile(ledger.work, ledger.company, [("sales_invoice", invoice.id), ("journal_entry", bill.id)])
    assert [problem.code for problem in refused.value.problems] == ["items_differ"]
    with pytest.raises(Problems) as refused:
        reconcile(ledger.work, ledger.company, [("sales_invoice", 0), ("moon", 1)])
    assert {problem.code for problem in refused.value.problems} == {"not_found"}
    assert named(invoice)["number"]


def test_a_reconciliation_of_nothing_open_would_book_nothing(ledger: Books) -> None:
    from erp.accounts.account.queries import chart_of
    from erp.accounts.company import books_of
    from erp.accounts.currency import Rate
    from erp.accounts.reconciliation.model import Reconciliation
    from erp.accounts.reconciliation.posting import MatchFacts, reconciliation_entries

    facts = MatchFacts(books_of(ledger.work, ledger.company), chart_of(ledger.work, ledger.company), [], Rate())
    assert reconciliation_entries(Reconciliation(write_off=False), facts) == []
