"""What a credit note may take back: line by line, less what earlier ones took, and the last cent."""

from decimal import Decimal
from typing import Any

import pytest

from erp.buying.purchase_invoice.commands import credit_note as credit_bill
from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.company.exchange_rate import ExchangeRate
from erp.kernel.change import cancel, find, save, submit
from erp.kernel.errors import Conflict, Problems
from erp.selling.sales_invoice.commands import credit_note
from erp.selling.sales_invoice.model import SalesInvoice
from tests.accounts.makers import Books

D = Decimal


def row(quantity: str, price: str, **more: Any) -> dict[str, Any]:
    return {"description": "Tea", "quantity": quantity, "price": price, "tax_codes": [], **more}


def credit(ledger: Books, invoice: Any, *parts: tuple[int, str], **more: Any) -> Any:
    """Credit (line, quantity) of an invoice, or what is left of it, and submit."""
    source = find(ledger.work, SalesInvoice, invoice.id)
    lines = [{"line": source.lines[line].id, "quantity": quantity} for line, quantity in parts] or None
    note = credit_note(ledger.work, source, lines=lines, **more)
    submit(ledger.work, note)
    return note


def refused(act: Any) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as found:
        act()
    return [(problem.field, problem.code) for problem in found.value.problems]


def test_each_line_is_credited_once_even_where_the_total_would_allow_more(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("2", "10"), row("2", "10")])
    credit(ledger, invoice, (0, "2"))
    with pytest.raises(Problems) as found:
        credit(ledger, invoice, (0, "1"))
    assert [problem.code for problem in found.value.problems] == ["more_than_left"]
    line = row("-1", "10", credits_line=invoice.lines[0].id)
    again = refused(lambda: ledger.invoice(credits=invoice.id, lines=[line]))
    assert again == [("lines.1.quantity", "more_than_invoiced"), ("lines.1.price", "more_than_invoiced")]
    other = row("-2", "10", credits_line=invoice.lines[1].id)
    assert ledger.invoice(credits=invoice.id, lines=[other]).total == -20
    assert find(ledger.work, SalesInvoice, invoice.id).status == "credited"


def test_no_line_is_credited_at_more_than_its_price(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("2", "10"), row("2", "10")])
    line = row("-2", "15", credits_line=invoice.lines[0].id)
    assert refused(lambda: ledger.invoice(credits=invoice.id, lines=[line])) == [
        ("lines.1.price", "more_than_invoiced")
    ]


def test_two_lines_of_one_credit_note_count_together(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("3", "10"), row("5", "10")])
    lines = [row("-2", "10", credits_line=invoice.lines[0].id) for _ in range(2)]
    assert refused(lambda: ledger.invoice(credits=invoice.id, lines=lines)) == [
        ("lines.2.quantity", "more_than_invoiced"), ("lines.2.price", "more_than_invoiced"),
    ]  # fmt: skip


def test_a_reduction_of_the_price_takes_back_money_and_no_goods(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("10", "20")])
    reduced = row("-10", "3", credits_line=invoice.lines[0].id)
    ledger.invoice(credits=invoice.id, lines=[reduced])
    whole = credit(ledger, invoice)
    assert (whole.lines[0].quantity, whole.total) == (-10, -170)
    assert find(ledger.work, SalesInvoice, invoice.id).outstanding == 0


def test_a_line_of_another_invoice_is_refused(ledger: Books) -> None:
    invoice, other = ledger.invoice("10"), ledger.invoice("10")
    line = row("-1", "10", credits_line=other.lines[0].id)
    assert refused(lambda: ledger.invoice(credits=invoice.id, lines=[line])) == [("lines.1.credits_line", "not_found")]


def test_what_is_added_to_an_invoice_is_no_credit(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("10", "20"), row("-1", "50")])
    more = row("-1", "10", credits_line=invoice.lines[1].id)
    assert refused(lambda: ledger.invoice(credits=invoice.id, lines=[more])) == [
        ("lines.1.price", "more_than_invoiced")
    ]


def test_a_deduction_is_credited_with_the_line_it_came_from(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("10", "20"), row("-1", "50")])
    note = credit(ledger, invoice)
    assert ([line.quantity for line in note.lines], note.total) == ([-10, 1], -150)


def test_crediting_without_a_wish_takes_what_is_left_and_then_nothing(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("3", "10")])
    credit(ledger, invoice, (0, "1"))
    assert credit(ledger, invoice).total == -20
    with pytest.raises(Conflict):
        credit(ledger, invoice)


def test_a_cancelled_credit_note_gives_its_lines_free_again(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("3", "10")])
    note = credit(ledger, invoice, (0, "3"))
    cancel(ledger.work, note, reason="sold after all")
    assert credit(ledger, invoice, (0, "3")).total == -30


def test_the_cent_that_taxes_of_parts_differ_goes_with_the_last_part(ledger: Books) -> None:
    tax = ledger.tax("V19", "19")
    invoice = ledger.invoice(lines=[row("1", "0.08", tax_codes=[tax]), row("1", "0.08", tax_codes=[tax])])
    assert invoice.total == D("0.19")
    assert credit(ledger, invoice, (0, "1")).total == D("-0.10")
    last = credit(ledger, invoice)
    assert (last.total, last.rounding, last.payable) == (D("-0.10"), D("0.01"), D("-0.09"))
    assert find(ledger.work, SalesInvoice, invoice.id).status == "credited"


def test_parts_of_a_line_add_up_to_it(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("3", "3.335")])
    amounts = [credit(ledger, invoice, (0, "1")).total for _ in range(3)]
    assert (invoice.total, amounts) == (D("10.01"), [D("-3.34"), D("-3.34"), D("-3.33")])


def test_a_discount_freight_and_amounts_by_hand_come_back_in_parts(ledger: Books) -> None:
    invoice = ledger.invoice(
        lines=[row("3", "0", amount_given="10"), row("3", "10", allowances=[{"charge": False, "amount": "2"}])],
        discount={"on": "net", "amount": "5"}, charges=[{"charge": "Freight", "amount": "1"}],
    )  # fmt: skip
    assert invoice.total == 34
    totals = [credit(ledger, invoice, (0, "1"), (1, "1")).total for _ in range(3)]
    assert sum(totals) == -34
    assert all(D("-11.4") < total < D("-11.2") for total in totals)


def test_a_credit_note_about_an_item_finds_its_line(ledger: Books) -> None:
    from erp.catalog.item import Item
    from erp.catalog.unit import seed_units

    seed_units(ledger.work)
    item = save(ledger.work, Item, {"company": ledger.company, "code": "A", "name": "Apple", "unit": {"code": "pc"}})
    one, two = row("1", "10", item=item.id), row("2", "10", item=item.id)
    invoice = ledger.invoice(lines=[one, two])
    note = ledger.invoice(credits=invoice.id, lines=[row("-2", "10", item=item.id), row("-1", "10", item=item.id)])
    assert [line.credits_line_id for line in note.lines] == [invoice.lines[1].id, invoice.lines[0].id]
    assert refused(lambda: ledger.invoice(credits=invoice.id, lines=[row("-1", "10", item=item.id)]))[0] == (
        "total", "more_than_invoiced",
    )  # fmt: skip


def test_only_a_submitted_invoice_of_the_same_party_and_currency_is_credited(ledger: Books) -> None:
    draft = save(
        ledger.work, SalesInvoice, {"company": ledger.company, "customer": ledger.customer, "lines": [row("1", "9")]}
    )
    assert refused(lambda: ledger.invoice(credits=draft.id, lines=[row("-1", "9")])) == [("credits", "not_creditable")]
    invoice = ledger.invoice("10")
    note = credit(ledger, invoice)
    assert refused(lambda: ledger.invoice(credits=note.id, lines=[row("-1", "9")])) == [("credits", "not_creditable")]
    from erp.parties.customer import Customer

    other = save(ledger.work, Customer, {"company": ledger.company, "code": "D", "name": "Other"})
    found = refused(lambda: ledger.invoice(credits=invoice.id, customer=other.id, lines=[row("-1", "9")]))
    assert found == [("credits", "not_found")]
    with pytest.raises(Problems) as itself:
        save(ledger.work, SalesInvoice, {"credits": draft.id}, draft)
    assert [problem.code for problem in itself.value.problems] == ["itself"]


def test_a_foreign_invoice_is_credited_in_its_own_currency_and_leaves_nothing(ledger: Books) -> None:
    for on, rate in (("2026-03-01", "0.90"), ("2026-03-10", "0.80")):
        payload = {"company": ledger.company, "currency": "USD", "valid_from": on, "rate": rate}
        save(ledger.work, ExchangeRate, payload)
    invoice = ledger.invoice(lines=[row("3", "33.33")], currency="USD")
    assert refused(lambda: ledger.invoice(credits=invoice.id, lines=[row("-1", "1")])) == [
        ("currency", "currency_differs")
    ]
    ledger.work.facts.clear()
    first = credit(ledger, invoice, (0, "1"), date="2026-03-10")
    assert (first.currency, first.total, first.outstanding) == ("USD", D("-33.33"), 0)
    credit(ledger, invoice, date="2026-03-10")
    item = ledger.item(invoice)
    assert (item.outstanding, item.outstanding_company) == (0, 0)
    receivable = [amount for code, amount in ledger.entries(first) if code == "1200"]
    assert sum(receivable) == D("-30")
    line = row("-1", "33.33", credits_line=invoice.lines[0].id)
    found = refused(lambda: ledger.invoice(credits=invoice.id, currency="USD", lines=[line]))
    assert {code for _field, code in found} == {"more_than_invoiced"}


def test_suppliers_credit_notes_are_held_to_the_lines_as_well(ledger: Books) -> None:
    payload = {"company": ledger.company, "supplier": ledger.supplier, "lines": [row("2", "10"), row("2", "10")]}
    bill = ledger.submitted(PurchaseInvoice, payload)
    submit(ledger.work, credit_bill(ledger.work, bill, lines=[{"line": bill.lines[0].id, "quantity": "2"}]))
    line = row("-1", "10", credits_line=bill.lines[0].id)
    note = {**payload, "credits": bill.id, "lines": [line]}
    assert refused(lambda: ledger.submitted(PurchaseInvoice, note))[0] == ("lines.1.quantity", "more_than_invoiced")
    from erp.parties.supplier import Supplier

    other = save(ledger.work, Supplier, {"company": ledger.company, "code": "O", "name": "Other"})
    found = refused(lambda: ledger.submitted(PurchaseInvoice, {**note, "supplier": other.id}))
    assert found == [("credits", "not_found")]
    with pytest.raises(Problems) as kept:
        cancel(ledger.work, find(ledger.work, PurchaseInvoice, bill.id), reason="wrong")
    assert [problem.code for problem in kept.value.problems] == ["credited"]


def test_of_many_lines_of_an_item_the_one_with_its_price_is_meant(ledger: Books) -> None:
    from erp.catalog.item import Item
    from erp.catalog.unit import seed_units

    seed_units(ledger.work)
    item = save(ledger.work, Item, {"company": ledger.company, "code": "A", "name": "Apple", "unit": {"code": "pc"}})
    lines = [row("2", "20", item=item.id), row("2", "50", item=item.id), row("2", "30", item=item.id)]
    invoice = ledger.invoice(lines=lines)
    back = [row("-1", "50", item=item.id), row("-1", "30", item=item.id), row("-2", "5", item=item.id)]
    note = ledger.invoice(credits=invoice.id, lines=back)
    first, dear, cheap = (line.id for line in invoice.lines)
    assert [line.credits_line_id for line in note.lines] == [dear, cheap, first]
    rest = ledger.invoice(credits=invoice.id, lines=[row("-5", "5", item=item.id)])
    assert (rest.lines[0].credits_line_id, rest.total) == (first, -25)
    only = ledger.invoice(lines=[row("2", "20", item=item.id)])
    found = refused(lambda: ledger.invoice(credits=only.id, lines=[row("-3", "20", item=item.id)]))
    assert ("lines.1.quantity", "more_than_invoiced") in found


def test_what_was_credited_without_a_line_leaves_less_of_the_total(ledger: Books) -> None:
    invoice = ledger.invoice(lines=[row("1", "100")])
    ledger.invoice(credits=invoice.id, lines=[row("-1", "30")])
    found = refused(lambda: credit(ledger, invoice))
    assert found == [("total", "more_than_invoiced")]
