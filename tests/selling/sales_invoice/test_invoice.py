"""Invoices on a database: what they book, credit notes, mailing, statements a fixed number."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from erp.kernel.change import cancel, save, submit
from erp.kernel.errors import Problems
from erp.kernel.paper.mail import Mail
from erp.kernel.records import db
from erp.selling.overdue import overdue
from erp.selling.sales_invoice.commands import credit_note, mail, pay
from tests.selling.shop import SalesInvoice, Shop

D = Decimal


def test_an_invoice_books_receivable_income_and_tax(shop: Shop) -> None:
    invoice = shop.draft(SalesInvoice, "3")
    submit(shop.work, invoice)
    assert invoice.number.startswith("SI-")
    assert (invoice.status, invoice.outstanding) == ("unpaid", D("35.70"))
    booked = dict(shop.ledger.entries(invoice))
    assert sorted(booked.values()) == [D("-30"), D("-5.7"), D("35.7")]
    assert booked["1200"] == D("35.7")


def test_a_credit_note_takes_the_whole_invoice_back(shop: Shop) -> None:
    invoice = shop.invoice(shop.order("3"))
    note = credit_note(shop.work, invoice)
    assert (note.state, note.credits_id, [line.quantity for line in note.lines]) == ("draft", invoice.id, [D(-3)])
    submit(shop.work, note)
    assert note.number.startswith("CN-")
    assert (note.status, note.outstanding) == ("paid", D(0))
    invoice = shop.again(invoice)
    assert (invoice.status, invoice.outstanding) == ("credited", D(0))
    with pytest.raises(Problems) as refused:
        cancel(shop.work, invoice, reason="wrong")
    assert [problem.code for problem in refused.value.problems] == ["credited"]


def test_a_part_can_be_credited_and_no_more_than_is_left(shop: Shop) -> None:
    invoice = shop.draft(SalesInvoice, "3")
    submit(shop.work, invoice)
    submit(shop.work, credit_note(shop.work, invoice, lines=[{"line": invoice.lines[0].id, "quantity": "2"}]))
    assert shop.again(invoice).outstanding == D("11.90")
    wanted = [{"line": invoice.lines[0].id, "quantity": "2"}]
    with pytest.raises(Problems) as refused:
        credit_note(shop.work, shop.again(invoice), lines=wanted)
    assert [problem.code for problem in refused.value.problems] == ["more_than_left"]
    submit(shop.work, credit_note(shop.work, shop.again(invoice)))
    assert shop.again(invoice).status == "credited"


def test_a_credit_note_needs_no_invoice_when_it_says_so(shop: Shop) -> None:
    note = shop.draft(SalesInvoice, "-1", credit_note=True)
    submit(shop.work, note)
    assert (note.number[:3], note.outstanding, note.status) == ("CN-", D("-11.90"), "unpaid")


def test_credit_notes_and_invoices_count_their_numbers_apart(shop: Shop) -> None:
    numbers = []
    for quantity, gives_back in (("1", False), ("-1", True), ("1", False)):
        document = shop.draft(SalesInvoice, quantity, credit_note=gives_back)
        submit(shop.work, document)
        numbers.append(document.number.rsplit("-", 1)[1])
    assert numbers == ["00001", "00001", "00002"]


def test_the_payment_made_from_an_invoice_pays_it(shop: Shop) -> None:
    invoice = shop.draft(SalesInvoice, "3")
    submit(shop.work, invoice)
    payment = pay(shop.work, invoice)
    assert (payment.direction, payment.amount, payment.customer_id) == ("receive", D("35.70"), invoice.customer_id)
    submit(shop.work, payment)
    assert shop.again(invoice).status == "paid"


def test_an_invoice_is_mailed_once_however_often_one_asks(shop: Shop) -> None:
    invoice = shop.draft(SalesInvoice, "3")
    submit(shop.work, invoice)
    mail(shop.work, invoice)
    mail(shop.work, invoice)
    found = list(shop.work.session.scalars(select(Mail).where(Mail.about_id == invoice.id)))
    assert [one.to for one in found] == ["customer@example.com"]
    assert invoice.number in found[0].subject
    assert "€35.70" in found[0].text


def test_overdue_invoices_are_announced_and_each_customer_is_reminded_once(shop: Shop) -> None:
    long_ago = (date.today() - timedelta(days=60)).isoformat()
    for _ in range(2):
        invoice = shop.draft(SalesInvoice, "3", posting_date=long_ago)
        submit(shop.work, invoice)
        invoice.status = "unpaid"
    first = overdue(shop.work)
    assert (first["overdue"], first["reminders"]) == (2, 1)
    again = overdue(shop.work)
    assert (again["overdue"], again["reminders"]) == (0, 0)
    letter = shop.work.session.scalars(select(Mail).where(Mail.key.startswith("reminder:"))).one()
    assert "€71.40" in letter.text


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that reach the database."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_number_of_statements_does_not_grow_with_the_lines(shop: Shop) -> None:
    counts = []
    submit(shop.work, shop.draft(SalesInvoice, "1"))
    for lines in (1, 40):
        shop.work.facts.clear()
        with counted() as statements:
            submit(shop.work, shop.draft(SalesInvoice, *["1"] * lines))
        counts.append(len([one for one in statements if "SAVEPOINT" not in one]))
    assert counts[0] == counts[1]
    assert counts[1] <= 25


def test_a_shop_invoice_with_prices_including_tax_keeps_its_total(shop: Shop) -> None:
    lines = [{"item": {"code": "A"}, "quantity": "1", "price": "11.90"}]
    invoice = save(
        shop.work, SalesInvoice,
        {"company": shop.ledger.company, "customer": shop.ledger.customer, "prices_include_tax": True, "lines": lines},
    )  # fmt: skip
    assert (invoice.net, invoice.tax, invoice.total) == (D("10.00"), D("1.90"), D("11.90"))
