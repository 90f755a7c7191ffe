"""Two people at the same moment, on two connections: one gets what there is, the other is told why not."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from erp.accounts.ledger.model import LedgerEntry
from erp.accounts.payment.commands import allocate_payment
from erp.accounts.payment.model import Payment
from erp.accounts.settlement.model import OpenItem, OpenItemAllocation
from erp.kernel.change import Work, find, run_work, save, submit
from erp.kernel.change.audit_checks import run_audit
from erp.kernel.errors import Problems
from erp.kernel.rights import system_actor
from erp.selling.sales_invoice.commands import credit_note
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.commands import invoice as invoice_order
from erp.selling.sales_order.model import SalesOrder
from tests.kernel.house import Apart
from tests.selling.shop import Shop, open_shop

SYSTEM = system_actor("test")


class Pair:
    """A shop in the database, and two people who press the button together."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.shop: Shop = run_work(SYSTEM, open_shop)

    def does(self, act: Callable[[Shop], Any]) -> Any:
        """Do something alone."""
        return run_work(SYSTEM, lambda work: act(Shop(work, self._books(work))))

    def _books(self, work: Work) -> Any:
        books = self.shop.ledger
        return type(books)(work, books.company, books.customer, books.supplier)

    def both(self, acts: Iterable[Callable[[Work, Callable[[], None]], Any]]) -> list[str]:
        """Do two things at once; return what each was told: nothing, or the codes of what refused it.

        Each calls ``ready`` when it has read what it needs: then it waits for the other, at its first try.
        """
        meet = Barrier(2)

        def one(act: Callable[[Work, Callable[[], None]], Any]) -> str:
            waits = [lambda: meet.wait(20)]
            try:
                run_work(SYSTEM, lambda work: act(work, lambda: waits.pop()() if waits else None))
            except Problems as refused:
                return " ".join(sorted({problem.code for problem in refused.problems}))
            return ""

        return sorted(apart.result() for apart in [Apart(self.app, lambda act=act: one(act)) for act in acts])

    def submits(self, kind: Any, *drafts: int) -> list[str]:
        """Submit both drafts at once."""

        def act(work: Work, ready: Callable[[], None], draft: int) -> None:
            document = find(work, kind, draft)
            ready()
            submit(work, document)

        return self.both([partial(act, draft=draft) for draft in drafts])

    def audit_is_clean(self) -> None:
        found = self.does(lambda shop: [(one.name, one.documents) for one in run_audit(shop.work) if not one.ok])
        assert found == []


@pytest.fixture
def pair(app: Flask, committed: None) -> Iterator[Pair]:
    return Pair(app)


def invoiced(shop: Shop, quantity: str = "10") -> int:
    made = shop.draft(SalesInvoice, quantity)
    submit(shop.work, made)
    return int(made.id)


def payment_of(shop: Shop, invoice: int, amount: str) -> int:
    payload = {
        "company": shop.ledger.company, "customer": shop.ledger.customer, "date": "2026-11-01", "amount": amount,
        "account": {"code": "1110"},
        "allocations": [{"voucher": {"kind": "sales_invoice", "id": invoice}, "amount": amount}],
    }  # fmt: skip
    return int(save(shop.work, Payment, payload).id)


def test_two_payments_of_one_invoice_do_not_pay_it_twice(pair: Pair) -> None:
    invoice = pair.does(invoiced)
    drafts = tuple(pair.does(lambda shop: payment_of(shop, invoice, "119")) for _ in range(2))
    assert pair.submits(Payment, *drafts) == ["", "more_than_open"]
    table = OpenItemAllocation.__table__.c
    settled = select(func.sum(table.amount)).where(table.item == f"sales_invoice:{invoice}:1")
    assert pair.does(lambda shop: shop.work.session.scalar(settled)) == 119
    found = pair.does(lambda shop: find(shop.work, SalesInvoice, invoice))
    assert (found.status, found.outstanding) == ("paid", 0)
    pair.audit_is_clean()


def test_two_payments_that_fit_are_both_taken(pair: Pair) -> None:
    invoice = pair.does(invoiced)
    drafts = tuple(pair.does(lambda shop: payment_of(shop, invoice, "59.50")) for _ in range(2))
    assert pair.submits(Payment, *drafts) == ["", ""]
    assert pair.does(lambda shop: find(shop.work, SalesInvoice, invoice).outstanding) == 0
    pair.audit_is_clean()


def test_two_allocations_of_money_on_account_settle_an_invoice_once(pair: Pair) -> None:
    invoice = pair.does(invoiced)
    paid = [pair.does(lambda shop: shop.ledger.payment("119").id) for _ in range(2)]

    def allocate(work: Work, ready: Callable[[], None], payment: int) -> None:
        found = find(work, Payment, payment)
        ready()
        allocate_payment(work, found, voucher={"kind": "sales_invoice", "id": invoice}, amount="119")

    assert pair.both([partial(allocate, payment=one) for one in paid]) == ["", "more_than_open"]
    items = select(OpenItem.outstanding).where(OpenItem.voucher_kind == "payment").order_by(OpenItem.outstanding)
    assert pair.does(lambda shop: list(shop.work.session.scalars(items))) == [-119, 0]
    pair.audit_is_clean()


def test_two_credit_notes_of_one_invoice_do_not_take_it_back_twice(pair: Pair) -> None:
    invoice = pair.does(invoiced)

    def draft(shop: Shop) -> int:
        return int(credit_note(shop.work, find(shop.work, SalesInvoice, invoice)).id)

    drafts = (pair.does(draft), pair.does(draft))
    assert pair.submits(SalesInvoice, *drafts) == ["", "more_than_invoiced"]
    entry = LedgerEntry.__table__.c
    booked = select(func.sum(entry.amount)).where(entry.party_kind == "customer")
    assert pair.does(lambda shop: shop.work.session.scalar(booked)) == 0
    pair.audit_is_clean()


def test_two_invoices_of_one_order_line_do_not_bill_it_twice(pair: Pair) -> None:
    order = pair.does(lambda shop: int(shop.order("10").id))

    def draft(shop: Shop) -> int:
        return int(invoice_order(shop.work, find(shop.work, SalesOrder, order)).id)

    drafts = (pair.does(draft), pair.does(draft))
    assert pair.submits(SalesInvoice, *drafts) == ["", "more_than_ordered"]
    found = pair.does(lambda shop: find(shop.work, SalesOrder, order))
    assert (found.lines[0].billed_quantity, found.billed, found.status) == (10, 119, "completed")
    pair.audit_is_clean()
