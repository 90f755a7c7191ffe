"""What was exported is imported again: masters as they are, vouchers as new drafts, of every kind that has records."""

from typing import Any

import pytest

from erp.kernel.paper.exports import export
from erp.kernel.paper.imports import CREATE, UPSERT, Options, import_table
from erp.kernel.paper.tables import read_table
from erp.kernel.records import Master, Voucher, all_kinds
from tests.kernel.api.conftest import Program
from tests.kernel.api.test_verbs import an_invoice, an_order

NOT_IMPORTED = {"user", "role"}
"""Who may do what is given on its own pages."""


@pytest.fixture
def busy(api: Program, shop: Any) -> Any:
    """A shop with an order, an invoice, a payment, a journal entry and a customer with a dangerous name."""
    company = shop.ledger.company
    made = [
        api.post("sales-orders", an_order(shop)), api.post("sales-invoices?submit=1", an_invoice(shop, "-0.5")),
        api.post("sales-invoices?submit=1", an_invoice(shop)),
        api.post("customers", {
            "company": company, "code": "D", "name": "=1+1", "phone": "+49 40", "kana": "@x",
            "addresses": [{"street": "-1", "city": "'x"}], "contacts": [{"name": "Ada"}, {"name": "Ben"}],
        }),
        api.post("payments", {"company": company, "customer": "C", "date": "2026-03-01", "account": "1110", "amount": "5"}),
        api.post("journal-entries", {"company": company, "date": "2026-03-01", "lines": [
            {"account": "1110", "debit": "5"}, {"account": "4100", "credit": "5"}]}),
    ]  # fmt: skip
    assert [one.status_code for one in made] == [201, 422, 201, 201, 201, 201]
    return shop


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_kind_comes_back_as_it_went(busy: Any, form: str) -> None:
    work = busy.work
    wrong, tried = [], set()
    for kind in all_kinds():
        if kind.__kind__ in NOT_IMPORTED:
            continue
        content = export(work, kind, {}).written(form).read()
        table = read_table(content, f"x.{form}")
        mode = UPSERT if issubclass(kind, Master) else CREATE
        result = import_table(work.actor, kind, table, Options(mode=mode, dry_run=True))
        work.session.expire_all()
        if result.documents and issubclass(kind, Master | Voucher):
            tried.add(kind.__kind__)
            if result.failed or (mode == UPSERT and (result.created or result.updated)):
                wrong.append((kind.__kind__, result.as_json()))
    assert wrong == []
    assert {"customer", "item", "account", "sales_order", "sales_invoice", "payment", "journal_entry", "tax"} <= tried
