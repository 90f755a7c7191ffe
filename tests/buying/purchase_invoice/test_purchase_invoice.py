"""Suppliers' invoices on a database: what they book, duplicates, credit notes, payment."""

from decimal import Decimal
from typing import Any

import pytest

from erp.buying.purchase_invoice.commands import credit_note, pay
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.kernel.change import find, save, submit
from erp.kernel.errors import Problems
from tests.accounts.makers import Books, books

D = Decimal


@pytest.fixture
def ledger(work: Any) -> Books:
    found = books(work)
    found.tax("V19", "19")
    return found


def bill(ledger: Books, reference: str | None = None, **more: Any) -> Any:
    line = {"description": "Paper", "quantity": "2", "price": "5", "tax_codes": ["V19"]}
    payload = {"company": ledger.company, "supplier": ledger.supplier, "lines": [line], "supplier_reference": reference}
    return save(ledger.work, PurchaseInvoice, {**payload, **more})


def posted(ledger: Books, *given: Any, **more: Any) -> Any:
    invoice = bill(ledger, *given, **more)
    submit(ledger.work, invoice)
    return invoice


def test_a_suppliers_invoice_books_cost_input_tax_and_payable(ledger: Books) -> None:
    invoice = posted(ledger)
    assert (invoice.number[:3], invoice.status, invoice.outstanding) == ("PI-", "unpaid", D("11.90"))
    assert sorted(amount for _code, amount in ledger.entries(invoice)) == [D("-11.9"), D("1.9"), D(10)]


def test_the_same_paper_is_not_entered_twice(ledger: Books) -> None:
    posted(ledger, "R-17")
    with pytest.raises(Problems) as refused:
        posted(ledger, "R-17")
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("supplier_reference", "duplicate")
    ]


def test_a_credit_note_of_the_supplier_lowers_what_is_owed(ledger: Books) -> None:
    invoice = posted(ledger)
    note = credit_note(ledger.work, invoice, lines=[{"line": invoice.lines[0].id, "quantity": "1"}])
    submit(ledger.work, note)
    assert (note.number[:3], note.total, note.status) == ("PC-", D("-5.95"), "paid")
    assert find(ledger.work, PurchaseInvoice, invoice.id).outstanding == D("5.95")


def test_the_payment_made_from_it_pays_the_supplier(ledger: Books) -> None:
    invoice = posted(ledger)
    payment = pay(ledger.work, invoice)
    assert (payment.direction, payment.supplier_id, payment.amount) == ("pay", ledger.supplier, D("11.90"))
    submit(ledger.work, payment)
    assert find(ledger.work, PurchaseInvoice, invoice.id).status == "paid"


def test_a_negative_quantity_is_refused(ledger: Books) -> None:
    line = {"description": "Paper", "quantity": "-2", "price": "5"}
    with pytest.raises(Problems) as refused:
        posted(ledger, lines=[line])
    assert [problem.field for problem in refused.value.problems] == ["lines.1.quantity"]
