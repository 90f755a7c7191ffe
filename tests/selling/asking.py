"""Asking the product as a program does, and hearing what it asks of the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from erp.kernel.rights import commands, tokens
from erp.kernel.rights.seed import seed_rights
from tests.selling.shop import Shop

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


def invoice_of(shop: Shop, lines: int) -> dict[str, Any]:
    line = {"item": {"code": "A"}, "quantity": "2"}
    about = {"company": shop.ledger.company, "customer": shop.ledger.customer, "posting_date": "2026-03-02"}
    return {**about, "lines": [{**line, "price": str(n)} for n in range(1, lines + 1)]}


def asking(app: Flask, shop: Shop) -> Ask:
    """Ask the product as a program with an administrator's token; whatever may be kept is kept already."""
    app.extensions["has company"] = app.extensions["all steps done"] = True
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
