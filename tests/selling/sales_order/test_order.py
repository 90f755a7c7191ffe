"""Orders on a database: approval, partial invoices, closing."""

from decimal import Decimal
from typing import Any

import pytest

from erp.kernel.change import approve, cancel, deciding, submit
from erp.kernel.errors import Conflict, NotAllowed, Problems
from erp.kernel.rights import Actor
from erp.selling.sales_invoice.commands import mail, rebuild_billed
from erp.selling.sales_order.commands import close, reopen
from erp.selling.sales_order.commands import invoice as invoice_order
from tests.selling.shop import SalesInvoice, SalesOrder, Shop

D = Decimal


def test_an_order_is_priced_taxed_and_numbered(shop: Shop) -> None:
    order = shop.order("3")
    assert (order.number[:3], order.status, order.order_date) == ("SO-", "to_bill", order.posting_date)
    assert (order.net, order.tax, order.total) == (D(30), D("5.70"), D("35.70"))
    line = order.lines[0]
    assert (line.description, line.price, line.tax_codes) == ("Apple", D(10), ["V19"])


def test_an_order_above_the_limit_waits_for_somebody_else(shop: Shop) -> None:
    order = shop.draft(SalesOrder, "100")
    shop.work.actor = _person(7, "sales")
    approval: Any = submit(shop.work, order)
    assert (order.state, order.status, order.number) == ("draft", "awaiting_approval", None)
    assert approval.facts["Order total"] == "EUR 1,190.00"
    with pytest.raises(NotAllowed):
        approve(shop.work, order)
    shop.work.actor = _person(8, "approver")
    approve(shop.work, order, comment="fine")
    assert (order.state, order.status, order.submitted_by_id) == ("submitted", "to_bill", 7)


def test_a_rejected_order_goes_back_with_the_reason(shop: Shop) -> None:
    order = shop.draft(SalesOrder, "100")
    shop.work.actor = _person(7, "sales")
    submit(shop.work, order)
    shop.work.actor = _person(8, "approver")
    with pytest.raises(Problems):
        deciding.turn_down(shop.work, order)
    deciding.turn_down(shop.work, order, comment="too much")
    assert (order.state, order.status, order.is_draft) == ("draft", "returned", True)


def _person(user: int, role: str) -> Actor:
    return Actor(user_id=user, login=role, name=role, roles=frozenset({role}), companies=None, keys=frozenset())


def test_an_order_is_invoiced_in_parts_until_nothing_is_left(shop: Shop) -> None:
    order = shop.order("3", "2")
    first = shop.invoice(order, (0, "1"))
    assert (first.total, first.order_id, first.lines[0].order_line_id) == (D("11.90"), order.id, order.lines[0].id)
    order = shop.again(order)
    assert [line.billed_quantity for line in order.lines] == [D(1), D(0)]
    assert (order.status, order.billed) == ("to_bill", D("11.90"))
    second = shop.invoice(order)
    assert [line.quantity for line in second.lines] == [D(2), D(2)]
    order = shop.again(order)
    assert (order.status, order.billed) == ("completed", order.total)
    assert rebuild_billed(shop.work, order.id) == {line.id: line.billed_quantity for line in order.lines}
    with pytest.raises(Conflict):
        invoice_order(shop.work, order)


def test_two_drafts_cannot_both_invoice_the_same_goods(shop: Shop) -> None:
    order = shop.order("3")
    one, other = invoice_order(shop.work, order), invoice_order(shop.work, order)
    submit(shop.work, one)
    with pytest.raises(Problems) as refused:
        submit(shop.work, other)
    assert [problem.code for problem in refused.value.problems] == ["more_than_ordered"]


def test_a_cancelled_invoice_gives_the_goods_back_to_the_order(shop: Shop) -> None:
    order = shop.order("3")
    invoice = shop.invoice(order)
    assert shop.again(order).status == "completed"
    with pytest.raises(Problems):
        cancel(shop.work, shop.again(order), reason="wrong")
    cancel(shop.work, shop.again(invoice), reason="wrong")
    order = shop.again(order)
    assert (order.status, order.billed, order.lines[0].billed_quantity) == ("to_bill", D(0), D(0))
    cancel(shop.work, order, reason="wrong")
    assert order.status == "cancelled"


def test_a_closed_order_is_not_invoiced_until_it_is_opened_again(shop: Shop) -> None:
    order = shop.order("3")
    close(shop.work, order)
    assert order.status == "closed"
    with pytest.raises(Conflict):
        invoice_order(shop.work, order)
    reopen(shop.work, order)
    assert order.status == "to_bill"


def test_a_discount_in_percent_goes_along_and_an_amount_in_proportion(shop: Shop) -> None:
    order = shop.order("3", "1", discount={"on": "net", "amount": "4"})
    part = shop.invoice(order, (0, "1"))
    assert part.net == D(9)
    whole = shop.invoice(shop.order("4", discount={"on": "net", "percent": "10"}))
    assert whole.net == D(36)


def test_only_an_open_order_is_invoiced_closed_or_opened_again(shop: Shop) -> None:
    order = shop.draft(SalesOrder, "1")
    for act in (invoice_order, close, reopen):
        with pytest.raises(Conflict):
            act(shop.work, order)
    submit(shop.work, order)
    assert order.status_on(order.order_date) == "to_bill"
    assert SalesOrder.status_sql(order.order_date) is SalesOrder.status
    with pytest.raises(Conflict):
        invoice_order(shop.work, order, lines=[])


def test_an_order_line_of_nobody_is_not_even_a_draft(shop: Shop) -> None:
    line = {"item": {"code": "A"}, "quantity": "1", "order_line": 10**9}
    with pytest.raises(Problems) as refused:
        shop.draft(SalesInvoice, lines=[line])
    assert [problem.code for problem in refused.value.problems] == ["not_found"]


def test_only_what_is_posted_is_mailed(shop: Shop) -> None:
    with pytest.raises(Conflict):
        mail(shop.work, shop.draft(SalesInvoice, "1"))
