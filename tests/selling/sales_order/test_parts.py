"""An order invoiced in parts: however it is cut, the invoices add up to the order to the cent."""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erp.kernel.change import cancel, find, run_work, submit
from erp.kernel.rights import system_actor
from erp.selling.sales_invoice.commands import credit_note
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder
from tests.selling.shop import Shop, open_shop

D = Decimal
LINE = {"description": "Tea", "tax_codes": ["V19"]}


def row(quantity: str, price: str, **more: Any) -> dict[str, Any]:
    return {**LINE, "quantity": quantity, "price": price, **more}


def order(shop: Shop, *lines: dict[str, Any], **more: Any) -> Any:
    made = shop.draft(SalesOrder, lines=list(lines), **more)
    submit(shop.work, made)
    return made


def test_the_last_invoice_takes_what_is_left_of_a_fixed_discount(shop: Shop) -> None:
    made = order(shop, row("3", "10"), discount={"on": "net", "amount": "10"})
    invoices = [shop.invoice(made, (0, "1")) for _ in range(3)]
    assert [one.discount["amount"] for one in invoices] == ["3.33", "3.34", "3.33"]
    assert [one.net for one in invoices] == [D("6.67"), D("6.66"), D("6.67")]
    assert made.net == 20


def test_the_last_invoice_takes_the_cent_that_rounding_lines_left(shop: Shop) -> None:
    made = order(shop, row("3", "3.335"))
    assert (made.net, [shop.invoice(made, (0, "1")).net for _ in range(3)]) == (
        D("10.01"), [D("3.34"), D("3.34"), D("3.33")],
    )  # fmt: skip


def test_a_price_changed_on_one_invoice_is_not_made_good_by_the_next(shop: Shop) -> None:
    made = order(shop, row("2", "10"))
    line = {"order_line": made.lines[0].id, **row("1", "8")}
    first = shop.draft(SalesInvoice, lines=[line], order=made.id)
    submit(shop.work, first)
    assert (first.net, shop.invoice(made).net) == (8, 10)


def test_a_cancelled_invoice_gives_its_share_of_the_discount_back(shop: Shop) -> None:
    made = order(shop, row("3", "10"), discount={"on": "net", "amount": "10"})
    first = shop.invoice(made, (0, "1"))
    cancel(shop.work, shop.again(first), reason="wrong")
    assert shop.invoice(made).net == 20


def test_a_discount_given_away_whole_at_once_is_not_given_again(shop: Shop) -> None:
    made = order(shop, row("2", "10"), discount={"on": "net", "amount": "4"})
    line = {"order_line": made.lines[0].id, **row("1", "10")}
    submit(shop.work, shop.draft(SalesInvoice, lines=[line], order=made.id, discount={"on": "net", "amount": "6"}))
    last = shop.invoice(made)
    assert (last.discount["amount"], last.net) == ("0", 10)


cents = st.integers(1, 99_999).map(lambda n: str(D(n) / 100))
quantities = st.integers(1, 9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(quantities, st.integers(1, 99_999), st.sampled_from(["0", "2.5", "33.3"])), min_size=1, max_size=3),
    fixed=st.tuples(cents, cents), taken=st.integers(0, 60), gross=st.booleans(), cuts=st.lists(quantities, min_size=1, max_size=4),
)  # fmt: skip
def test_the_invoices_add_up_to_the_order_and_their_credit_notes_to_nothing(
    savepoint: None, lines: list[tuple[int, int, str]], fixed: tuple[str, str], taken: int, gross: bool, cuts: list[int]
) -> None:
    def act(work: Any) -> None:
        shop = open_shop(work)
        work.facts["approval not required"] = "test"
        freight, allowance = fixed
        whole = sum(D(q * p) / 1000 * (100 - D(percent)) / 100 for q, p, percent in lines)
        discount = str((whole * taken / 100).quantize(D("0.01")))
        rows = [row(str(q), str(D(p) / 1000), discount_percent=percent) for q, p, percent in lines]
        made = order(
            shop, *rows, prices_include_tax=gross, discount={"on": "gross" if gross else "net", "amount": discount},
            charges=[{"charge": "Freight", "amount": freight}],
            allowances=[{"charge": True, "amount": allowance, "tax_codes": ["V19"]}],
        )  # fmt: skip
        invoices = []
        for cut in cuts:
            made = shop.again(made)
            parts = [(n, str(min(cut, line.unbilled_quantity))) for n, line in enumerate(made.lines)]
            parts = [part for part in parts if D(part[1])]
            if made.is_to_bill and parts:
                invoices.append(shop.invoice(made, *parts).id)
        if shop.again(made).is_to_bill:
            invoices.append(shop.invoice(made).id)
        kept = [find(work, SalesInvoice, one) for one in invoices]
        figure = "total" if gross else "net"
        charged = [D(row["amount"]) for one in kept for row in one.charges]
        assert sum(charged) == D(freight)
        assert sum(D(one.discount["amount"]) for one in kept) == D(discount)
        assert sum(getattr(one, figure) for one in kept) == getattr(made, figure)
        for one in kept:
            submit(work, credit_note(work, one))
            assert find(work, SalesInvoice, one.id).outstanding == 0

    run_work(system_actor("test"), act)
