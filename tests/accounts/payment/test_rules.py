"""Payments that are not in order, and the rarer ways to pay."""

from decimal import Decimal
from typing import Any

import pytest

from erp.accounts.ledger.entry import Entry
from erp.accounts.payment.commands import allocate_payment, has_left, is_allocated
from erp.accounts.payment.model import Payment
from erp.accounts.payment.plan import Wanted, spread
from erp.accounts.payment.taxes import released
from erp.accounts.payment_terms.model import PaymentTerms
from erp.accounts.settlement.allocation import Allocation
from erp.accounts.settlement.arithmetic import Open, Settled
from erp.accounts.settlement.rebuild import rebuild_party_balances
from erp.kernel.change import find, save
from erp.kernel.change.effects import planned
from erp.kernel.errors import NotFound, Problems
from erp.selling.sales_invoice.model import SalesInvoice
from tests.accounts.makers import Books, books, named

D = Decimal
CENT = D("0.01")


def refused(act: Any) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as found:
        act()
    return [(problem.field, problem.code) for problem in found.value.problems]


def test_a_payment_has_one_party_and_amounts_that_are_not_negative(ledger: Books) -> None:
    both = refused(lambda: ledger.payment("1", supplier=ledger.supplier, company_amount="-1"))
    assert both == [("company_amount", "negative"), ("supplier", "two_parties")]
    row = {"voucher": named(ledger.invoice("10")), "discount": "-1", "write_off": "-1"}
    assert refused(lambda: ledger.payment("10", row)) == [
        ("allocations.1.discount", "negative"), ("allocations.1.write_off", "negative"),
    ]  # fmt: skip
    assert refused(lambda: ledger.payment("0")) == [("amount", "required")]


def test_a_payment_is_made_as_documented(ledger: Books) -> None:
    assert refused(lambda: ledger.payment("10", manual_taxes=[{"tax": 7}])) == [("manual_taxes", "wrong_shape")]
    assert refused(lambda: ledger.payment("10", currency="QQQ")) == [("currency", "unknown_currency")]
    unknown = [{"tax": "NONE", "amount": "1.001"}]
    assert refused(lambda: ledger.payment("10.001", manual_taxes=unknown)) == [
        ("amount", "too_precise"), ("manual_taxes", "too_precise"), ("manual_taxes", "unknown_tax"),
    ]  # fmt: skip


def test_discount_and_write_off_are_no_more_than_what_is_settled(ledger: Books) -> None:
    row = {"voucher": named(ledger.invoice("10")), "amount": "5", "discount": "4", "write_off": "2"}
    assert ("allocations.1.write_off", "more_than_settled") in refused(lambda: ledger.payment("0", row))


def test_nobody_pays_for_somebody_else(ledger: Books) -> None:
    from erp.parties.customer import Customer

    other = save(ledger.work, Customer, {"company": ledger.company, "code": "D", "name": "Other"})
    row = {"voucher": named(ledger.invoice("10"))}
    assert refused(lambda: ledger.payment("10", row, customer=other.id)) == [("allocations.1.voucher", "party_differs")]


def test_taxes_by_hand_take_their_part_of_the_money(ledger: Books) -> None:
    tax = ledger.tax("V10", "10")
    advance = ledger.payment("110", manual_taxes=[{"tax": tax, "amount": "10", "base": "100"}])
    assert ledger.entries(advance) == [("1110", 110), ("2200", -10), ("1200", -100)]
    assert advance.unallocated == 100
    paid = ledger.payment("110", customer=None, supplier=ledger.supplier, direction="pay",
                          manual_taxes=[{"tax": tax, "amount": "10"}])  # fmt: skip
    assert sorted(amount for _code, amount in ledger.entries(paid)) == [-110, 10, 100]
    assert ledger.payment("5", excess="write_off").unallocated == 0


def test_what_arrives_in_company_currency_says_the_rate(ledger: Books) -> None:
    invoice = ledger.invoice("100", currency="USD", rate="0.90")
    payment = ledger.payment("100", {"voucher": named(invoice)}, currency="USD", company_amount="88")
    assert ledger.entries(payment) == [("1110", 88), ("1200", -90), ("4900", 2)]


def test_where_discounts_leave_the_tax_alone_all_of_them_is_cash_discount(work: Any) -> None:
    ledger = books(work, discount_tax="none")
    tax = ledger.tax("V20", "20")
    invoice = ledger.invoice("100", taxes=[tax])
    payment = ledger.payment("108", {"voucher": named(invoice), "discount": "12"})
    assert ledger.entries(payment) == [("1110", 108), ("1200", -120), ("5900", 12)]


def test_a_tax_that_takes_the_whole_discount_leaves_none(ledger: Books) -> None:
    line = {"description": "Customs", "quantity": "0", "amount_given": "0"}
    tax = ledger.tax("V20", "20")
    invoice = ledger.invoice(lines=[line], manual_taxes=[{"tax": tax, "amount": "20", "base": "100"}])
    payment = ledger.payment("19", {"voucher": named(invoice), "discount": "1"})
    assert ledger.entries(payment) == [("1110", 19), ("1200", -20), ("2200", 1)]


def test_two_rows_of_one_document_share_what_is_open() -> None:
    item = Open("a", D(100), D(90))
    rows = [Wanted((item,), D(40)), Wanted((item,))]
    first, second = spread(rows, D(100), 1, day(), take_discount=False, units=(CENT, CENT))
    assert first.settled == (Settled("a", D(40), D(36)),)
    assert second.settled == (Settled("a", D(60), D(54)),)


def day() -> Any:
    from datetime import date

    return date(2026, 3, 1)


def test_a_wish_to_allocate_is_read_before_anything_is_done(ledger: Books) -> None:
    invoice, payment = ledger.invoice("10"), ledger.payment("10")

    def ask(**wish: Any) -> list[tuple[str, str]]:
        return refused(lambda: allocate_payment(ledger.work, payment, **wish))

    voucher = named(invoice)
    assert ask(voucher={"kind": "sales_invoice", "number": "NONE"}) == [("voucher", "not_found")]
    assert ask(voucher=voucher, amount="-1") == ask(voucher=voucher, amount="1e3") == [("amount", "not_positive")]
    assert ask(allocations="all") == ask(allocations=[7]) == [("allocations", "not_a_list")]
    assert ask(date="soon") == ask(date=7) == [("date", "not_a_date")]
    assert ask(voucher=voucher, instalment="2") == [("amount", "more_than_open")]
    allocate_payment(ledger.work, payment, voucher=voucher, instalment="1", date=day())
    assert payment.unallocated == 0
    assert allocate_payment(ledger.work, payment, allocations=[]) is payment
    assert (has_left(payment), is_allocated(payment)) == (False, True)
    fresh = ledger.payment("10")
    assert (has_left(fresh), is_allocated(fresh)) == (True, False)


def test_instalments_are_allocated_one_by_one(ledger: Books) -> None:
    lines = [{"part": "percent_of_total", "percent": "40", "days": 10}, {"part": "remainder", "days": 40}]
    terms = save(ledger.work, PaymentTerms, {"code": "P2", "name": "two", "lines": lines})
    invoice = ledger.invoice("100", terms=terms.id)
    payment = ledger.payment("60", {"voucher": named(invoice), "instalment": 2})
    assert payment.unallocated == 0
    found = find(ledger.work, SalesInvoice, invoice.id)
    assert [row["outstanding"] for row in found.instalments] == ["40", "0"]


def test_an_allocation_beyond_what_is_open_is_refused_whoever_plans_it(ledger: Books) -> None:
    invoice, payment = ledger.invoice("10"), ledger.payment("30")
    own, theirs = ledger.item(payment).key, ledger.item(invoice).key
    found = planned(ledger.work, payment, [Allocation(theirs, own, D(11), D(11))]).check()
    assert [(one.code, one.message) for one in found] == [("more_than_open", f"{invoice.number} has only 10 open.")]
    dollars = ledger.item(ledger.invoice("10", currency="USD", rate="1")).key
    found = planned(ledger.work, payment, [Allocation(dollars, own, D(1), D(1))]).check()
    assert [one.code for one in found] == ["currency_differs"]


def test_nothing_is_booked_on_the_chart_of_another_company(ledger: Books) -> None:
    foreign = {code: one for one, code in books(ledger.work).codes()}["1100"]
    payment = ledger.payment("30")
    own = {code: one for one, code in ledger.codes()}["1100"]
    found = planned(ledger.work, payment, [Entry(foreign, D(1)), Entry(own, D(-1))]).check()
    assert [one.code for one in found] == ["wrong_account"]


def test_of_nothing_no_tax_is_released() -> None:
    assert released([], [], D(1), CENT, "payment") == []


def test_the_api_names_the_party_of_a_payment(ledger: Books) -> None:
    payment = ledger.payment("30")
    shown = {"customer": {"id": ledger.customer}, "supplier": None}
    assert payment.api_extra(shown) == {"party": {"customer": {"id": ledger.customer}}}


def test_balances_of_a_company_without_entries_are_none(ledger: Books) -> None:
    rebuild_party_balances(ledger.work, ledger.company)


def test_a_kind_that_does_not_exist_pays_nothing(ledger: Books) -> None:
    from erp.accounts.payment.rules import kind_named, voucher_behind

    with pytest.raises(NotFound):
        kind_named("customers")
    assert voucher_behind(ledger.work, ledger.company, {"kind": "moon", "number": "1"}) is None
    assert issubclass(kind_named("payments"), Payment)
