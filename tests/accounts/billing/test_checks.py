"""What refuses a document that bills, and what is filled into it: whatever side it is of."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from erp.accounts.billing.crediting import (
    draft_problems,
    due_problems,
    party_problems,
    quantity_problems,
    size_problems,
)
from erp.accounts.billing.paying import payment_draft, payment_steps
from erp.accounts.payment_terms.model import PaymentTerms
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.company.exchange_rate import ExchangeRate
from erp.kernel.change import cancel, find, save, submit
from erp.kernel.errors import Conflict, Problems
from erp.kernel.format import Format
from erp.parties.customer import Customer
from erp.selling.sales_invoice.model import SalesInvoice
from tests.accounts.makers import Books, books, named

D = Decimal
DAY = date(2026, 6, 18)


def codes(found: Any) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in found]


def refused(act: Any) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as found:
        act()
    return codes(found.value.problems)


def a_line(**more: Any) -> Any:
    values = {"quantity": D(1), "price": D(10), "amount": D(10), "amount_given": None, "discount_percent": D(0),
              "item_id": None, "description": "Tea"}  # fmt: skip
    return SimpleNamespace(**(values | more))


def a_document(*lines: Any, **more: Any) -> Any:
    values = {"company_id": 1, "lines": lines, "total": sum((line.amount for line in lines), D(0)), "due_date": None,
              "posting_date": DAY, "__party__": "customer", "__side__": "sale"}  # fmt: skip
    return SimpleNamespace(**(values | more))


@pytest.mark.parametrize(("side", "party"), [("sale", "customer"), ("purchase", "supplier")])
def test_a_party_is_active_and_of_this_company(side: str, party: str) -> None:
    document = a_document(__side__=side, __party__=party)
    known = SimpleNamespace(name="Kalo", state="active", company_id=1)
    assert party_problems(document, None) == party_problems(document, known) == []
    known.company_id = None
    assert party_problems(document, known) == []
    known.company_id = 2
    assert codes(party_problems(document, known)) == [(party, "other_company")]
    assert party in party_problems(document, known)[0].message
    known.state = "archived"
    assert codes(party_problems(document, known)) == [(party, "archived")]


def test_a_document_is_not_due_before_it_is_written() -> None:
    assert due_problems(a_document()) == due_problems(a_document(due_date=DAY)) == []
    assert codes(due_problems(a_document(due_date=date(2026, 6, 17)))) == [("due_date", "before_posting")]


def test_lines_of_nothing_and_totals_below_zero_are_refused() -> None:
    assert codes(quantity_problems(a_document(a_line(quantity=D(0))))) == [("lines.1.quantity", "zero")]
    assert quantity_problems(a_document(a_line(quantity=D(0), amount_given=D(10)))) == []
    assert codes(quantity_problems(a_document(a_line(), total=D(-5)))) == [("total", "negative")]


def test_amounts_that_no_book_could_hold_are_refused() -> None:
    half = a_line(amount=D("6e14"))
    assert codes(size_problems(a_document(a_line(amount=D("1e15"))))) == [("lines.1.amount", "too_large")]
    assert codes(size_problems(a_document(half, half))) == [("total", "too_large")]


def test_a_discount_is_at_most_all_of_it_and_a_deduction_says_what_for() -> None:
    odd = a_document(a_line(discount_percent=D(101)), a_line(price=D(-1), description=None))
    assert codes(draft_problems(odd)) == [
        ("lines.1.discount_percent", "out_of_range"), ("lines.2.description", "required"),
    ]  # fmt: skip


def test_a_document_has_lines_and_taxes_that_exist(ledger: Books) -> None:
    assert refused(lambda: ledger.invoice(lines=[])) == [("lines", "no_lines")]
    row = {"description": "Tea", "quantity": "1", "price": "10", "tax_codes": ["NONE"]}
    allowance = {"charge": False, "amount": "1", "tax_codes": ["NONE"]}
    charge = {"charge": "Freight", "amount": "1", "account": "NONE"}
    manual = {"tax": "NONE", "amount": "1"}
    found = refused(
        lambda: ledger.invoice(lines=[row], allowances=[allowance], charges=[charge], manual_taxes=[manual])
    )
    assert found == [
        ("lines.1.tax_codes", "unknown_tax"), ("allowances", "unknown_tax"), ("manual_taxes", "unknown_tax"),
        ("charges", "not_found"),
    ]  # fmt: skip


def test_what_cannot_be_added_up_is_not_even_a_draft(ledger: Books) -> None:
    row = {"description": "Tea", "quantity": "1", "price": "10"}
    payload = {"company": ledger.company, "customer": ledger.customer, "lines": [row], "discount": {"on": "moon"}}
    assert refused(lambda: save(ledger.work, SalesInvoice, payload)) == [("discount", "wrong_shape")]


def test_a_draft_waits_for_a_rate_that_posting_insists_on(ledger: Books) -> None:
    row = {"description": "Tea", "quantity": "1", "price": "10"}
    payload = {"company": ledger.company, "customer": ledger.customer, "currency": "USD", "lines": [row]}
    draft = save(ledger.work, SalesInvoice, {**payload, "posting_date": "2026-03-01"})
    assert (draft.total, draft.breakdown.get("company_total")) == (10, None)
    assert refused(lambda: submit(ledger.work, draft)) == [("rate", "no_exchange_rate")]
    rate = {"company": ledger.company, "currency": "USD", "valid_from": "2026-01-01", "rate": "0.9"}
    save(ledger.work, ExchangeRate, rate)
    ledger.work.facts.clear()
    submit(ledger.work, draft)
    assert sum(amount for code, amount in ledger.entries(draft) if code == "1200") == 9


def test_terms_are_those_of_the_customer(ledger: Books) -> None:
    line = {"part": "remainder", "days": 7}
    terms = save(ledger.work, PaymentTerms, {"code": "T7", "name": "7 days", "lines": [line]})
    save(ledger.work, Customer, {"terms": terms.id}, find(ledger.work, Customer, ledger.customer))
    ledger.work.facts.clear()
    assert str(ledger.invoice("10", day="2026-03-01").due_date) == "2026-03-08"


def test_rounding_for_cash_is_booked_and_credited(work: Any) -> None:
    ledger = books(work, "CHF", cash_rounding_unit="0.05")
    invoice = ledger.invoice("10.02")
    assert (invoice.total, invoice.rounding, invoice.payable) == (D("10.02"), D("-0.02"), 10)
    assert sum(amount for code, amount in ledger.entries(invoice) if code == "1200") == 10
    assert len(ledger.entries(invoice)) == 3


def test_an_instalment_rounded_away_is_no_open_item(work: Any) -> None:
    ledger = books(work, "CHF", cash_rounding_unit="0.05", cash_rounding_scope="instalment")
    lines = [{"part": "fixed", "amount": "0.01", "days": 1}, {"part": "remainder", "days": 30}]
    terms = save(work, PaymentTerms, {"code": f"I{ledger.company}", "name": "two", "lines": lines})
    invoice = ledger.invoice("10.01", terms=terms.id)
    ledger.payment("10", {"voucher": named(invoice)})
    found = find(work, SalesInvoice, invoice.id)
    assert (found.status, [row.get("paid") for row in found.instalments]) == ("paid", [None, "10"])


def test_a_credit_note_at_the_rate_of_its_invoice_makes_no_difference(ledger: Books) -> None:
    invoice = ledger.invoice("100", currency="USD", rate="0.9")
    line = {"description": "Tea", "quantity": "-1", "price": "100"}
    note = ledger.invoice(credits=invoice.id, currency="USD", rate="0.9", lines=[line])
    assert [code for code, _amount in ledger.entries(note)] == ["1200", "4100"]
    assert ledger.item(invoice).outstanding_company == 0


def test_the_draft_of_a_payment_needs_something_open(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    assert payment_steps(ledger.work, invoice, str)[0][3] == "open: 100.00"
    payment = payment_draft(ledger.work, invoice)
    submit(ledger.work, payment)
    paid = find(ledger.work, SalesInvoice, invoice.id)
    assert [(step[1], step[4]) for step in payment_steps(ledger.work, paid, str)] == [(payment.number, "done")]
    with pytest.raises(Conflict):
        payment_draft(ledger.work, paid)
    bill = ledger.submitted(PurchaseInvoice, {"company": ledger.company, "supplier": ledger.supplier, "lines": [
        {"description": "Paper", "quantity": "1", "price": "10"}]})  # fmt: skip
    assert payment_draft(ledger.work, bill).direction == "pay"


def test_what_is_reported_when_paid_stays_while_it_is_paid(ledger: Books) -> None:
    tax = ledger.tax("CB", "10", cash_basis=True)
    invoice, unpaid = ledger.invoice("100", taxes=[tax]), ledger.invoice("50", taxes=[tax])
    payment = ledger.payment("110", {"voucher": named(invoice)})
    held = refused(lambda: cancel(ledger.work, find(ledger.work, SalesInvoice, invoice.id), reason="wrong"))
    assert held == [("allocations", "tax_reported")]
    cancel(ledger.work, payment, reason="bounced")
    for one in (invoice, unpaid):
        cancel(ledger.work, find(ledger.work, SalesInvoice, one.id), reason="wrong")


def test_totals_are_shown_in_words_and_figures(ledger: Books) -> None:
    tax = ledger.tax("V19", "19")
    fmt = Format("en", "UTC", "EUR")
    invoice = ledger.invoice("100", taxes=[tax], charges=[{"charge": "Freight", "amount": "5"}, {"charge": "", "amount": "1"}],
                             rounding_given="0.02", prepaid="10")  # fmt: skip
    shown = [(label.replace("\xa0", " "), *rest) for label, *rest in invoice.shown_totals(fmt)]
    assert shown == [
        ("Net", "100.00", ""), ("V19 19 % on 100.00", "19.00", ""), ("Freight", "5.00", ""), ("Charge", "1.00", ""),
        ("Rounding", "0.02", ""), ("Prepaid", "-10.00", ""), ("Total, EUR", "115.02", "g"),
    ]  # fmt: skip
    assert ledger.invoice("9").shown_totals(fmt) == [("Net", "9.00", ""), ("Total, EUR", "9.00", "g")]


def test_instalments_may_be_converted_each_by_itself(work: Any) -> None:
    lines = [{"part": "equal", "parts": 3, "days": n} for n in (1, 2)] + [{"part": "remainder", "days": 3}]
    for way, worth in (("per_entry", ["0.3", "0.3", "0.31"]), ("per_instalment", ["0.3", "0.3", "0.31"])):
        ledger = books(work, fx_conversion=way)
        terms = save(work, PaymentTerms, {"code": f"F{ledger.company}", "name": "three", "lines": lines})
        invoice = ledger.invoice("1", currency="USD", rate="0.905", terms=terms.id)
        assert [str(ledger.item(invoice, n).amount_company.normalize()) for n in (1, 2, 3)] == worth, way


def test_what_a_foreign_invoice_is_worth_by_hand_is_credited_as_such(ledger: Books) -> None:
    from erp.selling.sales_invoice.commands import credit_note

    invoice = ledger.invoice("100", currency="USD", company_amount="90", rounding_given="0.50")
    note = credit_note(ledger.work, find(ledger.work, SalesInvoice, invoice.id))
    assert (note.company_amount, note.rounding, note.total) == (-90, D("-0.50"), -100)
    submit(ledger.work, note)
    assert (ledger.item(invoice).outstanding, ledger.item(invoice).outstanding_company) == (0, 0)


def test_the_due_date_of_a_draft_follows_its_date_unless_it_was_typed(ledger: Books) -> None:
    line = {"description": "Tea", "quantity": "1", "price": "10", "tax_codes": []}
    payload = {"company": ledger.company, "customer": ledger.customer, "posting_date": "2026-03-01", "lines": [line]}
    draft = save(ledger.work, SalesInvoice, payload)
    before = draft.due_date

    moved = save(ledger.work, SalesInvoice, {"posting_date": "2026-04-01", "due_date": str(before)}, draft)
    assert moved.due_date == before + timedelta(days=31)
    typed = save(ledger.work, SalesInvoice, {"due_date": "2026-12-24"}, draft)
    assert str(typed.due_date) == "2026-12-24"
    again = save(ledger.work, SalesInvoice, {"posting_date": "2026-05-01"}, draft)
    assert str(again.due_date) == "2026-12-24"
    emptied = save(ledger.work, SalesInvoice, {"due_date": None}, draft)
    assert emptied.due_date == before + timedelta(days=61)
