"""What refuses an invoice, and where it stands on a day."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from erp.selling.sales_invoice.model import SalesInvoiceLine
from erp.selling.sales_invoice.rules import InvoiceFacts, invoice_problems
from tests.selling.makers import DAY, D, a_customer, a_line, an_invoice


def line(quantity: str, **more: Any) -> Any:
    return a_line(quantity, cls=SalesInvoiceLine, **more)


def facts(**more: Any) -> InvoiceFacts:
    values: dict[str, Any] = {"customer": a_customer(), "orders": {}, "order_lines": {}} | more
    return InvoiceFacts(**values)


def codes(invoice: Any, given: InvoiceFacts) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in invoice_problems(invoice, given)]


def ordered(quantity: str, billed: str = "0", state: str = "submitted", customer: int = 7) -> InvoiceFacts:
    order = SimpleNamespace(id=3, state=state, status="to_bill", customer_id=customer, company_id=1)
    row = SimpleNamespace(id=5, sales_order_id=3, item_id=1, quantity=D(quantity), billed_quantity=D(billed))
    return facts(orders={3: order}, order_lines={5: row})


def test_an_invoice_in_order_is_accepted() -> None:
    assert codes(an_invoice(), facts()) == []


def test_a_negative_quantity_alone_is_refused() -> None:
    assert codes(an_invoice(line("-1")), facts()) == [("lines.1.quantity", "negative")]


def test_a_deduction_is_accepted_while_the_total_stays_positive() -> None:
    assert codes(an_invoice(line("7"), line("-3")), facts()) == []


def test_no_more_than_ordered_is_invoiced() -> None:
    assert codes(an_invoice(line("3", order_line_id=5)), ordered("5", "2")) == []
    assert codes(an_invoice(line("4", order_line_id=5)), ordered("5", "2")) == [
        ("lines.1.quantity", "more_than_ordered")
    ]


def test_two_lines_of_one_order_line_count_together() -> None:
    invoice = an_invoice(line("3", order_line_id=5), line("3", order_line_id=5))
    assert codes(invoice, ordered("5")) == [("lines.2.quantity", "more_than_ordered")]


def test_orders_of_others_and_drafts_are_refused() -> None:
    invoice = an_invoice(line("1", order_line_id=5))
    assert codes(invoice, ordered("5", customer=8)) == [("lines.1.order_line", "not_found")]
    assert codes(invoice, ordered("5", state="draft")) == [("lines.1.order_line", "order_not_submitted")]


def test_a_credit_note_has_negative_quantities_and_numbers_of_its_own() -> None:
    note = an_invoice(line("5"), credit_note=True)
    assert codes(note, facts()) == [("lines.1.quantity", "not_negative")]
    assert (note.__series__, note.series_key) == ("CN", "sales_credit_note")
    assert (an_invoice().__series__, an_invoice().series_key) == ("SI", "sales_invoice")


def test_overdue_is_derived_from_the_day() -> None:
    invoice = an_invoice(state="submitted", status="unpaid", outstanding=D(10), open_due=date(2026, 7, 18))
    assert invoice.status_on(date(2026, 7, 18)) == "unpaid"
    assert invoice.status_on(date(2026, 7, 19)) == "overdue"
    invoice.outstanding = D(4)
    assert invoice.status_on(date(2026, 7, 18)) == "partly_paid"
    invoice.outstanding, invoice.status = D(0), "paid"
    assert invoice.status_on(date(2027, 1, 1)) == "paid"


def test_an_open_credit_note_is_never_overdue() -> None:
    note = an_invoice(
        line("-1"), credit_note=True, state="submitted", status="unpaid", outstanding=D(-10), open_due=DAY
    )
    assert note.status_on(date(2027, 1, 1)) == "unpaid"
