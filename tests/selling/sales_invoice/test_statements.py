"""How many statements a posting and a list take: few, and as many for fifty lines as for one."""

import pytest

from erp.kernel.change.derived import forget_derived
from tests.selling.asking import Ask, counted, invoice_of
from tests.selling.shop import Shop

MOST_OF_A_POSTING = 25
MOST_OF_A_LIST = 8


def posting(ask: Ask, shop: Shop, lines: int) -> list[str]:
    for _ in range(2):  # the first one makes the series of its numbers, which is a change of the setup
        ask("POST", "/api/v1/sales-invoices?submit=1", 201, json=invoice_of(shop, lines))
    with counted() as sent:
        ask("POST", "/api/v1/sales-invoices?submit=1", 201, json=invoice_of(shop, lines))
    return sent


def test_a_posting_takes_few_statements_and_no_more_for_fifty_lines(ask: Ask, shop: Shop) -> None:
    one, fifty = posting(ask, shop, 1), posting(ask, shop, 50)
    assert len(one) <= MOST_OF_A_POSTING, "\n".join(one)
    assert len(fifty) == len(one)


@pytest.mark.parametrize("path", ["/sales-invoices", "/api/v1/sales-invoices?fields=number,customer,status,total"])
def test_a_list_takes_few_statements_and_no_more_for_many_rows(ask: Ask, shop: Shop, path: str) -> None:
    counts = []
    for wanted in (1, 20):
        for _ in range(wanted):
            ask("POST", "/api/v1/sales-invoices?submit=1", 201, json=invoice_of(shop, 1))
        ask("GET", path, 200)
        forget_derived()
        with counted() as sent:
            ask("GET", path, 200)
        counts.append(len(sent))
    assert counts[0] <= MOST_OF_A_LIST
    assert counts[1] == counts[0]
