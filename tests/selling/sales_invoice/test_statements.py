"""How many statements a posting and a list take: few, and as many for fifty lines as for one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from erp.kernel.rights import commands, tokens
from erp.kernel.rights.seed import seed_rights
from tests.selling.shop import Shop

MOST_OF_A_POSTING = 25
MOST_OF_A_LIST = 8
Ask = Callable[..., Any]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that are sent inside the block; the savepoints of the tests themselves left out."""
    sent: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        del connection, cursor, more
        if "SAVEPOINT" not in statement:
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@pytest.fixture
def ask(app: Flask, shop: Shop) -> Ask:
    """Ask the product as a program with an administrator's token; whatever may be kept is kept already."""
    app.extensions["has company"] = True
    work = shop.work
    seed_rights(work.session)
    user = commands.add_user(work, "ada", "Ada", roles=["administrator"])
    token, row = tokens.make_token(work.session, user.id, ["all"], now=work.now, life=timedelta(days=1))
    row.last_used_at = work.now
    work.session.commit()
    client: FlaskClient = app.test_client()

    def asked(method: str, path: str, expected: int, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        answer = client.open(path, method=method, headers=headers, **more)
        assert answer.status_code == expected, answer.text
        return answer

    return asked


def invoice(shop: Shop, lines: int) -> dict[str, Any]:
    line = {"item": {"code": "A"}, "quantity": "2"}
    about = {"company": shop.ledger.company, "customer": shop.ledger.customer, "posting_date": "2026-03-02"}
    return {**about, "lines": [{**line, "price": str(n)} for n in range(1, lines + 1)]}


def posting(ask: Ask, shop: Shop, lines: int) -> list[str]:
    for _ in range(2):  # the first one makes the series of its numbers, which is a change of the setup
        ask("POST", "/api/v1/sales-invoices?submit=1", 201, json=invoice(shop, lines))
    with counted() as sent:
        ask("POST", "/api/v1/sales-invoices?submit=1", 201, json=invoice(shop, lines))
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
            ask("POST", "/api/v1/sales-invoices?submit=1", 201, json=invoice(shop, 1))
        ask("GET", path, 200)
        with counted() as sent:
            ask("GET", path, 200)
        counts.append(len(sent))
    assert counts[0] <= MOST_OF_A_LIST
    assert counts[1] == counts[0]
