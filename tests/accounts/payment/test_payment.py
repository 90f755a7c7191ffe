"""Payments on a database: what they settle, what they leave, and taking them back."""

from decimal import Decimal
from typing import Any

import pytest

from erp.accounts.payment.commands import allocate_payment, deallocate_payment
from erp.accounts.payment.queries import advances_for
from erp.company.exchange_rate import ExchangeRate
from erp.kernel.change import cancel, find, save
from erp.kernel.errors import Conflict, Problems
from erp.selling.sales_invoice.model import SalesInvoice
from tests.accounts.makers import Books, books, named


def problems(refused: pytest.ExceptionInfo[Problems]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def again(ledger: Books, invoice: Any) -> Any:
    return find(ledger.work, SalesInvoice, invoice.id)


def test_a_payment_settles_an_invoice_and_its_cancellation_opens_it_again(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    payment = ledger.payment("100", {"voucher": named(invoice)})
    assert (again(ledger, invoice).status, again(ledger, invoice).outstanding) == ("paid", 0)
    assert ledger.entries(payment) == [("1110", 100), ("1200", -100)]
    cancel(ledger.work, payment, reason="bounced")
    assert again(ledger, invoice).outstanding == 100
    assert payment.unallocated == 0


def test_what_is_above_the_documents_is_kept_or_written_off(ledger: Books) -> None:
    first, second = ledger.invoice("100"), ledger.invoice("100")
    kept = ledger.payment("110", {"voucher": named(first), "amount": "100"})
    assert kept.unallocated == 10
    gone = ledger.payment("110", {"voucher": named(second)}, excess="write_off")
    assert ledger.entries(gone) == [("1110", 110), ("1200", -100), ("5910", -10)]
    assert gone.unallocated == 0


def test_more_than_is_open_is_refused(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    with pytest.raises(Problems) as refused:
        ledger.payment("300", {"voucher": named(invoice), "amount": "300"})
    assert problems(refused) == {"more_than_open"}


def test_rows_that_take_more_than_the_payment_are_refused(ledger: Books) -> None:
    first, second = ledger.invoice("100"), ledger.invoice("100")
    rows = [{"voucher": named(one), "amount": "100"} for one in (first, second)]
    with pytest.raises(Problems) as refused:
        ledger.payment("150", *rows)
    assert problems(refused) == {"more_than_payment"}


def test_unknown_documents_and_negative_amounts_are_refused(ledger: Books) -> None:
    with pytest.raises(Problems) as refused:
        ledger.payment("-1", {"voucher": {"kind": "sales-invoices", "number": "NONE"}, "amount": "1"})
    assert problems(refused) == {"negative", "not_found"}
    with pytest.raises(Problems) as refused:
        ledger.payment("1", {"voucher": {"kind": "moon", "number": "1"}}, customer=None)
    assert problems(refused) == {"required", "not_found"}


def test_the_amount_follows_from_the_documents(ledger: Books) -> None:
    invoice = ledger.invoice("80")
    payment = ledger.payment(None, {"voucher": named(invoice)}, customer=None)
    assert (payment.amount, payment.customer_id) == (80, ledger.customer)


def test_a_write_off_and_a_discount_are_part_of_what_is_settled(ledger: Books) -> None:
    tax = ledger.tax("V20", "20")
    invoice = ledger.invoice("100", taxes=[tax])
    payment = ledger.payment("107", {"voucher": named(invoice), "amount": "120", "discount": "12", "write_off": "1"})
    assert ledger.entries(payment) == [("1110", 107), ("1200", -120), ("2200", 2), ("5900", 10), ("5910", 1)]
    assert again(ledger, invoice).status == "paid"


def test_a_payment_in_another_currency_books_the_difference(ledger: Books) -> None:
    for on, rate in (("2026-03-01", "0.90"), ("2026-03-10", "0.80")):
        rate_of_day = {"company": ledger.company, "currency": "USD", "valid_from": on, "rate": rate}
        save(ledger.work, ExchangeRate, rate_of_day)
    invoice = ledger.invoice("100", currency="USD")
    ledger.work.facts.clear()
    payment = ledger.payment("100", {"voucher": named(invoice)}, currency="USD")
    assert ledger.entries(payment) == [("1110", 80), ("1200", -90), ("4900", 10)]
    with pytest.raises(Problems) as refused:
        ledger.payment("10", {"voucher": named(ledger.invoice("100"))}, currency="USD")
    assert "currency_differs" in problems(refused)


def test_money_on_account_is_allocated_later_and_taken_back(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    payment = ledger.payment("60")
    allocate_payment(ledger.work, payment, voucher=named(invoice), amount="40")
    assert (payment.unallocated, again(ledger, invoice).outstanding) == (20, 60)
    allocate_payment(ledger.work, payment, allocations=[{"voucher": named(invoice)}])
    assert (payment.unallocated, again(ledger, invoice).outstanding) == (0, 40)
    with pytest.raises(Problems):
        allocate_payment(ledger.work, payment, voucher=named(invoice), amount="1")
    deallocate_payment(ledger.work, payment, voucher=named(invoice))
    assert (payment.unallocated, again(ledger, invoice).outstanding) == (60, 100)
    assert ledger.entries(payment) == [("1110", 60), ("1200", -60)]


def test_a_late_allocation_at_another_rate_books_the_difference_then(work: Any) -> None:
    ledger = books(work, fx_settlement="booked_amount")
    for on, rate in (("2026-03-01", "0.90"), ("2026-03-10", "0.80")):
        save(work, ExchangeRate, {"company": ledger.company, "currency": "USD", "valid_from": on, "rate": rate})
    invoice = ledger.invoice("100", currency="USD")
    payment = ledger.payment("100", currency="USD")
    assert ledger.entries(payment) == [("1110", 80), ("1200", -80)]
    allocate_payment(work, payment, voucher=named(invoice), date="2026-03-11")
    assert ledger.entries(payment)[2:] == [("1200", -10), ("4900", 10)]
    assert ledger.item(invoice).outstanding_company == 0


def test_a_draft_allocates_nothing(ledger: Books) -> None:
    from erp.accounts.payment.model import Payment

    draft = save(ledger.work, Payment, {"company": ledger.company, "date": "2026-03-01", "amount": "5",
                                        "party": {"customer": ledger.customer}})  # fmt: skip
    assert draft.account_id is not None
    for command in (allocate_payment, deallocate_payment):
        with pytest.raises(Conflict):
            command(ledger.work, draft)


def test_a_refund_pays_a_credit_note(ledger: Books) -> None:
    note = ledger.invoice("0", credit_note=True, lines=[{"description": "Tea", "quantity": "-1", "price": "50"}])
    assert note.outstanding == -50
    refund = ledger.payment("50", {"voucher": named(note)}, direction="pay")
    assert ledger.entries(refund) == [("1110", -50), ("1200", 50)]
    assert again(ledger, note).status == "paid"


def test_a_credit_note_settles_the_invoice_it_names(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    line = {"description": "Tea", "quantity": "-1", "price": "100"}
    note = ledger.invoice(credits=invoice.id, lines=[line])
    assert (again(ledger, invoice).status, again(ledger, note).status) == ("credited", "paid")
    cancel(ledger.work, note, reason="sold after all")
    assert again(ledger, invoice).outstanding == Decimal(100)


def test_orders_take_advances(ledger: Books) -> None:
    assert advances_for(ledger.work, "sales_order", 1) == 0


def test_a_document_may_be_named_by_its_number_alone(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    payment = ledger.payment("30", {"voucher": {"number": invoice.number}})
    assert (again(ledger, invoice).outstanding, payment.allocations[0].voucher_id) == (70, invoice.id)
    with pytest.raises(Problems) as refused:
        ledger.payment("30", {"voucher": {"number": "NONE"}})
    assert problems(refused) == {"not_found"}


def test_without_a_wish_a_payment_settles_what_is_oldest(ledger: Books) -> None:
    late = ledger.invoice("100", day="2026-02-01", due_date="2026-12-31")
    early = ledger.invoice("50", day="2026-02-10", due_date="2026-12-01")
    payment = ledger.payment("70")
    allocate_payment(ledger.work, payment)
    assert (again(ledger, early).outstanding, again(ledger, late).outstanding) == (0, 80)
    with pytest.raises(Conflict):
        allocate_payment(ledger.work, payment)
    deallocate_payment(ledger.work, payment)
    assert (payment.unallocated, again(ledger, early).outstanding) == (70, 50)


def test_tax_on_cash_basis_follows_what_is_paid_and_taken_back(ledger: Books) -> None:
    from erp.kernel.paper.reports import run as run_report

    def reported() -> tuple[Any, Any]:
        rows = run_report(ledger.work, "tax-report", {"company": str(ledger.company)}).rows
        return sum((row["base"] for row in rows), Decimal(0)), sum((row["amount"] for row in rows), Decimal(0))

    invoice = ledger.invoice("100", taxes=[ledger.tax("CB", "10", cash_basis=True)])
    assert reported() == (0, 0)
    payment = ledger.payment("66")
    allocate_payment(ledger.work, payment, voucher=named(invoice), amount="55")
    assert reported() == (50, 5)
    deallocate_payment(ledger.work, payment)
    assert reported() == (0, 0)
    cancel(ledger.work, ledger.payment("11", {"voucher": named(invoice)}), reason="bounced")
    assert reported() == (0, 0)


def test_a_credit_note_is_taken_off_a_payment_of_invoices(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    note = ledger.invoice(credit_note=True, lines=[{"description": "Tea", "quantity": "-1", "price": "40"}])
    payment = ledger.payment("60", {"voucher": named(invoice)}, {"voucher": named(note)})
    assert (again(ledger, invoice).status, again(ledger, note).status, payment.unallocated) == ("paid", "paid", 0)
    assert ledger.entries(payment) == [("1110", 60), ("1200", -60)]
    other, back = ledger.invoice("100"), ledger.invoice(
        credit_note=True, lines=[{"description": "Tea", "quantity": "-1", "price": "40"}]
    )  # fmt: skip
    rows = [{"voucher": named(other), "amount": "90"}, {"voucher": named(back), "amount": "-30"}]
    assert ledger.payment("60", *rows).unallocated == 0
    assert (again(ledger, other).outstanding, again(ledger, back).outstanding) == (10, -10)
    with pytest.raises(Problems):
        ledger.payment("60", {"voucher": named(back), "amount": "-30"})


def test_what_was_paid_with_a_discount_stays_until_the_payment_is_cancelled(ledger: Books) -> None:
    tax = ledger.tax("V20", "20")
    invoice, other = ledger.invoice("100", taxes=[tax]), ledger.invoice("50")
    rows = [{"voucher": named(invoice), "discount": "12", "write_off": "1"}, {"voucher": named(other)}]
    payment = ledger.payment("157", *rows)
    with pytest.raises(Problems) as refused:
        cancel(ledger.work, again(ledger, invoice), reason="wrong price")
    assert problems(refused) == {"settled_with_discount"}
    assert payment.number in str(refused.value)
    with pytest.raises(Problems) as refused:
        deallocate_payment(ledger.work, payment)
    assert problems(refused) == {"settled_with_discount"}
    deallocate_payment(ledger.work, payment, voucher=named(other))
    assert (payment.unallocated, again(ledger, other).outstanding) == (50, 50)
    cancel(ledger.work, payment, reason="entered again")
    cancel(ledger.work, again(ledger, invoice), reason="wrong price")
    assert sum(amount for _code, amount in ledger.entries(invoice)) == 0
    assert sum(amount for code, amount in ledger.entries(payment) if code == "5900") == 0
    assert ledger.item(invoice).outstanding == 0


def test_a_discount_taken_from_the_terms_holds_the_invoice_as_well(ledger: Books) -> None:
    from erp.accounts.payment_terms.model import PaymentTerms

    line = {"part": "remainder", "days": 30, "discount_percent": "3", "discount_days": 14}
    terms = save(ledger.work, PaymentTerms, {"code": "D3", "name": "3 %", "lines": [line]})
    invoice, full = ledger.invoice("100", terms=terms.id), ledger.invoice("100")
    payment = ledger.payment("97", {"voucher": named(invoice)}, take_discount=True)
    assert (again(ledger, invoice).status, payment.unallocated) == ("paid", 0)
    with pytest.raises(Problems) as refused:
        cancel(ledger.work, again(ledger, invoice), reason="wrong price")
    assert problems(refused) == {"settled_with_discount"}
    late = ledger.payment("100", {"voucher": named(full)}, take_discount=True)
    cancel(ledger.work, again(ledger, full), reason="nothing was taken, nothing is held")
    assert late.unallocated == 100


def test_a_reconciliation_that_wrote_off_holds_what_it_settled(ledger: Books) -> None:
    from erp.accounts.reconciliation.commands import reconcile

    invoice, payment = ledger.invoice("100"), ledger.payment("99")
    pairs = [(one.__kind__, one.id) for one in (invoice, payment)]
    matched = reconcile(ledger.work, ledger.company, pairs, write_off=True, on=invoice.posting_date)
    with pytest.raises(Problems) as refused:
        cancel(ledger.work, again(ledger, invoice), reason="wrong")
    assert problems(refused) == {"settled_with_discount"}
    assert matched.number in str(refused.value)
    cancel(ledger.work, matched, reason="wrong")
    cancel(ledger.work, again(ledger, invoice), reason="wrong")
    assert (ledger.item(invoice).outstanding, ledger.item(payment).outstanding) == (0, -99)
