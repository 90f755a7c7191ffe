"""``erp audit`` is clean for what the product wrote, and names what somebody changed behind its back."""

import io
from pathlib import Path

import pytest
from sqlalchemy import text

from erp.kernel.change.audit_checks import _checks, run_audit
from erp.kernel.database.migrate import engine_with_ddl
from erp.kernel.paper.files import the_store
from tests.kernel.house import House

CORRUPTIONS = {
    "accounts of parties equal their open items": "UPDATE open_item SET outstanding_company = outstanding_company + 2",
    "a document is numbered if and only if it was submitted":
        "UPDATE sales_invoice SET number = NULL WHERE number IS NOT NULL",
    "debits equal credits in every voucher and on every day":
        "UPDATE ledger_entry SET amount = amount + 1 ORDER BY id LIMIT 1",
    "ledger numbers have no gaps": "DELETE FROM ledger_entry ORDER BY id LIMIT 1",
    "numbers have no gaps and no duplicates": "UPDATE number_series SET last = last + 1 WHERE last > 0",
    "open items equal the ledger and the allocations": "UPDATE open_item SET outstanding_company = outstanding_company + 1",
    "orders hold what was invoiced of them": "UPDATE sales_order_line SET billed_quantity = billed_quantity + 1",
    "outstanding amounts on documents equal their open items": "UPDATE sales_invoice SET outstanding = outstanding + 1",
    "party balances equal the ledger": "UPDATE party_balance SET balance = balance + 1",
    "totals of documents equal their lines and taxes": "UPDATE sales_invoice SET net = net + 1",
}  # fmt: skip
FILES = "files are where their rows say"


@pytest.fixture
def busy(house: House) -> str:
    """A company with an invoice of an order; return the invoice's number."""
    program = house.program("bot")
    order = program.post("sales-orders?submit=1", house.order("2")).get_json()
    made = program.post(f"sales-orders/{order['id']}/invoice").get_json()
    posted = program.post(f"sales-invoices/{made['id']}/submission")
    assert posted.status_code == 200, posted.text
    return str(posted.get_json()["number"])


def broken(house: House) -> dict[str, list[str]]:
    return {one.name: one.documents for one in house.does(run_audit) if not one.ok}


def as_migration_user(statement: str) -> None:
    engine = engine_with_ddl()
    with engine.begin() as connection:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        assert connection.execute(text(statement)).rowcount > 0, statement
    engine.dispose()


def test_every_check_has_a_way_to_fail_here(house: House):
    assert set(_checks) == {*CORRUPTIONS, FILES}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_row_changed_behind_the_product_s_back_is_named(house: House, busy: str, name: str):
    assert broken(house) == {}
    as_migration_user(CORRUPTIONS[name])
    found = broken(house)
    assert name in found
    assert found[name] != []


def test_a_file_whose_bytes_are_gone_is_named(house: House):
    ada = house.browser("ada")
    customer = house.value("SELECT id FROM customer WHERE code = 'C'")
    sent = ada.post(f"/customers/{customer}/files", {"file": (io.BytesIO(b"terms"), "terms.txt")})
    assert sent.status_code == 303
    place = the_store().path(house.value("SELECT sha256 FROM file"))
    assert isinstance(place, Path)
    place.unlink()
    assert broken(house)[FILES][0].endswith("terms.txt")
