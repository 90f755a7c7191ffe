"""Opening balances and open items of an older system come in by ``erp import``, as journal entries."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from erp.accounts.payment.commands import allocate_payment
from erp.company.company import Company
from erp.kernel.change import Work, save
from erp.kernel.change.audit_checks import run_audit
from erp.kernel.paper.cli import import_command
from erp.kernel.paper.reports import run as run_report
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier
from tests.accounts.makers import Books

BALANCES = """date,reason,lines.account,lines.debit,lines.credit,lines.description
2026-01-01,Opening balances,1800,5000.00,,Bank
2026-01-01,Opening balances,0650,2000.00,,Office equipment
2026-01-01,Opening balances,9000,,7000.00,Carried forward
"""
ITEMS = """date,reason,lines.account,lines.customer,lines.supplier,lines.debit,lines.credit,lines.due_date,lines.description,\
lines.currency,lines.amount_transaction
2026-01-01,Open items,1200,C1,,119.00,,2025-12-15,RE-4711,,
2026-01-01,Open items,1200,C1,,50.00,,2026-01-20,RE-4712,,
2026-01-01,Open items,1200,C2,,91.00,,2026-01-31,RE-4713,USD,100.00
2026-01-01,Open items,3300,,S1,,60.00,2026-01-10,ER-99,,
2026-01-01,Open items,9000,,,,200.00,,Carried forward,,
"""


@pytest.fixture
def acme(work: Work) -> Books:
    """A German company with two customers and a supplier, and nothing in its books."""
    company = save(work, Company, {"code": "ACME", "name": "Acme", "country": "DE", "currency": "EUR"})
    first = save(work, Customer, {"company": company.id, "code": "C1", "name": "Alpha"})
    save(work, Customer, {"company": company.id, "code": "C2", "name": "Beta"})
    supplier = save(work, Supplier, {"company": company.id, "code": "S1", "name": "Gamma"})
    work.session.commit()
    return Books(work, company.id, first.id, supplier.id)


def bring(tmp_path: Path, text: str, *options: str) -> dict[str, Any]:
    file = tmp_path / "opening.csv"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(import_command, ["journal-entries", str(file), "--company", "ACME", "--json", *options])
    return {"exit": done.exit_code, **json.loads(done.stdout)}


def report(acme: Books, name: str, **given: str) -> Any:
    acme.work.session.expire_all()
    return run_report(acme.work, name, {"company": str(acme.company), **given})


def test_opening_balances_are_one_journal_entry(acme: Books, tmp_path: Path) -> None:
    assert bring(tmp_path, BALANCES, "--submit") == {
        "exit": 0, "rows": 3, "created": 1, "updated": 0, "skipped": 0, "failed": 0, "errors": [],
    }  # fmt: skip
    sheet = report(acme, "balance-sheet", as_of="2026-01-01")
    assert (sheet.facts["assets"], sheet.facts["balanced"]) == (7000, True)
    assert report(acme, "profit-and-loss").rows[-1]["amount"] == 0


def test_open_items_keep_party_number_due_date_and_currency(acme: Books, tmp_path: Path) -> None:
    assert bring(tmp_path, ITEMS, "--submit")["created"] == 1
    rows = report(acme, "open-items", as_of="2026-01-01").rows
    assert [(row["party"], row["reference"], str(row["due"]), row["currency"], row["outstanding"]) for row in rows] == [
        ("Alpha", "RE-4711", "2025-12-15", "EUR", 119), ("Gamma", "ER-99", "2026-01-10", "EUR", 60),
        ("Alpha", "RE-4712", "2026-01-20", "EUR", 50), ("Beta", "RE-4713", "2026-01-31", "USD", 100),
    ]  # fmt: skip
    aged = report(acme, "receivables-ageing", as_of="2026-01-01")
    assert (aged.totals["age_1"], aged.totals["total"]) == (119, 260)
    entries = report(acme, "general-ledger", account="code:1200")
    assert [row["text"] for row in entries.rows] == ["RE-4711", "RE-4712", "RE-4713"]
    assert [one.name for one in run_audit(acme.work) if not one.ok] == []


def test_imported_items_are_paid_like_invoices(acme: Books, tmp_path: Path) -> None:
    from erp.accounts.journal_entry.model import JournalEntry
    from erp.accounts.payment.model import Payment

    bring(tmp_path, ITEMS, "--submit")
    journal = acme.work.session.scalars(select(JournalEntry).where(JournalEntry.company_id == acme.company)).one()
    head = {"company": acme.company, "date": "2026-02-01", "account": {"code": "1800"}}
    second = {"voucher": {"number": journal.number}, "instalment": 2}
    acme.submitted(Payment, {**head, "customer": acme.customer, "amount": "50", "allocations": [second]})
    ahead = acme.submitted(Payment, {**head, "customer": acme.customer, "amount": "119"})
    allocate_payment(acme.work, ahead)
    whole = {"voucher": {"number": journal.number}}
    acme.submitted(Payment, {**head, "supplier": acme.supplier, "direction": "pay", "allocations": [whole]})
    assert [row["reference"] for row in report(acme, "open-items").rows] == ["RE-4713"]


def test_a_file_that_does_not_balance_is_refused_whole(acme: Books, tmp_path: Path) -> None:
    told = bring(tmp_path, BALANCES.replace("7000.00", "6999.99"), "--submit")
    assert (told["exit"], told["created"], told["failed"]) == (1, 0, 1)
    assert told["errors"][0]["code"] == "unbalanced"
    assert report(acme, "trial-balance").rows == []
    tried = bring(tmp_path, BALANCES, "--dry-run")
    assert (tried["created"], report(acme, "trial-balance").rows) == (1, [])
