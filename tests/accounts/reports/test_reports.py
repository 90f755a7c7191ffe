"""Statements on a database: as of a day, as known at a moment, and agreeing with each other."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from erp.accounts.account.model import Account
from erp.accounts.ledger.audit_checks import NAMED
from erp.accounts.settlement.rebuild import rebuild_open_items, rebuild_party_balances
from erp.kernel.change import archive, save
from erp.kernel.change.audit_checks import run_audit
from erp.kernel.errors import BadRequest, NotAllowed, NotFound, Problems
from erp.kernel.paper.reports import as_json, as_lines
from erp.kernel.paper.reports import run as run_report
from erp.kernel.rights import Actor
from erp.parties.customer import Customer
from tests.accounts.makers import Books, books, named


def ask(ledger: Books, name: str, **given: str) -> Any:
    return run_report(ledger.work, name, {"company": str(ledger.company), **given})


def account_id(ledger: Books, code: str) -> int:
    return next(one for one, found in ledger.codes() if found == code)


def cell(table: Any, key: str, value: str, column: str) -> Any:
    return next(row[column] for row in table.rows if str(row[key]).startswith(value))


def test_the_trial_balance_balances_and_agrees_with_the_statements(ledger: Books) -> None:
    invoice = ledger.invoice("100", taxes=[ledger.tax("V19", "19")])
    ledger.payment("50", {"voucher": named(invoice)})
    trial = ask(ledger, "trial-balance")
    assert trial.totals["debit_balance"] == trial.totals["credit_balance"] == 119
    income = ask(ledger, "profit-and-loss", **{"from": "2026-01-01", "to": "2026-12-31"})
    assert cell(income, "account", "Net income", "amount") == 100
    sheet = ask(ledger, "balance-sheet", as_of="2026-12-31")
    assert sheet.facts["balanced"] is True
    assert sheet.facts["assets"] == 119


def test_a_statement_as_known_before_a_back_dated_entry_stays_as_it_was(ledger: Books) -> None:
    ledger.invoice("100", day="2026-03-01")
    ledger.invoice("70", day="2026-02-01")
    now = ask(ledger, "trial-balance", as_of="2026-03-31")
    then = ask(ledger, "trial-balance", as_of="2026-03-31", known_on="2")
    assert (now.totals["debit_balance"], then.totals["debit_balance"]) == (170, 100)
    never = ask(ledger, "trial-balance", known_on="2020-01-01T00:00:00Z")
    assert never.rows == []


def test_the_general_ledger_opens_with_what_was_before(ledger: Books) -> None:
    ledger.invoice("100", day="2026-03-01")
    ledger.invoice("20", day="2026-05-01")
    table = ask(ledger, "general-ledger", **{"from": "2026-05-01", "to": "2026-05-31"})
    assert cell(table, "account", "1200", "opening") == 100
    assert cell(table, "account", "1200", "closing") == 120
    entries = ask(ledger, "general-ledger", account="code:1200", **{"from": "2026-05-01"})
    assert [row["balance"] for row in entries.rows] == [100, 120]
    assert entries.rows[1]["links"]["document"].startswith("/sales-invoices/")
    of_customer = ask(ledger, "general-ledger", customer=str(ledger.customer))
    assert of_customer.totals["balance"] == 120


def test_an_account_is_found_in_the_asked_company_alone(ledger: Books) -> None:
    ledger.invoice("100")
    other = books(ledger.work)
    other.invoice("7")
    assert ask(other, "general-ledger", account="code:1200").totals["balance"] == 7
    assert ask(ledger, "general-ledger", account="code:1200").totals["balance"] == 100
    with pytest.raises(Problems):
        ask(ledger, "general-ledger", account=f"id:{account_id(other, '1200')}")


def test_a_number_that_is_one_account_s_id_and_another_s_code_is_asked_back(ledger: Books) -> None:
    ledger.invoice("100")
    receivable = account_id(ledger, "1200")
    save(
        ledger.work,
        Account,
        {"company": ledger.company, "code": str(receivable), "name": "Clash", "root_type": "asset"},
    )
    with pytest.raises(Problems, match=f"id:{receivable}"):
        ask(ledger, "general-ledger", account=str(receivable))
    assert ask(ledger, "general-ledger", account=f"id:{receivable}").totals["balance"] == 100
    assert ask(ledger, "general-ledger", account=f"code:{receivable}").totals["balance"] == 0


def test_the_entries_of_an_archived_customer_are_still_read(ledger: Books) -> None:
    ledger.invoice("100")
    customer = ledger.work.session.get(Customer, ledger.customer)
    archive(ledger.work, customer)
    assert ask(ledger, "general-ledger", customer="C").totals["balance"] == 100


def test_receivables_are_sorted_by_age_on_any_day(ledger: Books) -> None:
    invoice = ledger.invoice("100", day="2026-01-01", due_date="2026-01-31")
    ledger.payment("40", {"voucher": named(invoice)}, day="2026-03-15")
    before = ask(ledger, "receivables-ageing", as_of="2026-03-02", group_by="document")
    assert [row["age_1"] for row in before.rows] == [100, 100]
    after = ask(ledger, "receivables-ageing", as_of="2026-03-20")
    assert (after.totals["age_2"], after.totals["total"]) == (60, 60)
    assert ask(ledger, "payables-ageing").rows == []
    items = ask(ledger, "open-items", as_of="2026-03-20")
    assert [(row["invoiced"], row["paid"], row["outstanding"]) for row in items.rows] == [(100, 40, 60)]
    parties = ask(ledger, "party-balances", as_of="2026-03-20")
    assert (parties.rows[0]["balance"], parties.rows[0]["due"]) == (60, 60)


def test_registers_hold_every_document_once(ledger: Books) -> None:
    invoice = ledger.invoice("100", taxes=[ledger.tax("V19", "19")])
    table = ask(ledger, "sales-register", **{"from": "2026-03-01", "to": "2026-03-31"})
    assert [(row["document"], row["net"], row["tax"], row["total"]) for row in table.rows] == [
        (invoice.number, 100, 19, 119)
    ]
    assert ask(ledger, "purchase-register").rows == []
    assert ask(ledger, "sales-register", customer=str(ledger.customer)).totals["total"] == 119
    taxes = ask(ledger, "tax-report")
    assert [(row["tax"], row["base"], row["amount"]) for row in taxes.rows] == [("V19", 100, 19)]


def test_comparison_columns_show_the_year_or_the_period_before(ledger: Books) -> None:
    ledger.invoice("100", day="2026-03-01")
    ledger.invoice("30", day="2025-03-01")
    year = {"from": "2026-01-01", "to": "2026-12-31"}
    table = ask(ledger, "profit-and-loss", compare="previous_year", **year)
    assert cell(table, "account", "Net income", "compared") == 30
    month = {"from": "2026-03-01", "to": "2026-03-31"}
    assert cell(ask(ledger, "profit-and-loss", compare="previous_period", **month), "account", "Net", "compared") == 0
    sheet = ask(ledger, "balance-sheet", as_of="2026-03-31", compare="previous_period")
    assert cell(sheet, "account", "1200", "compared") == 30


def test_every_report_compares_and_groups(ledger: Books) -> None:
    old = ledger.invoice("30", day="2025-03-01")
    ledger.invoice("100", day="2026-03-01")
    trial = ask(ledger, "trial-balance", as_of="2026-12-31", compare="previous_year")
    assert cell(trial, "account", "1200", "compared") == 30
    summary = ask(ledger, "general-ledger", to="2026-12-31", compare="previous_year")
    assert cell(summary, "account", "1200", "compared") == 30
    ledger.payment("30", {"voucher": named(old)}, day="2026-01-10")
    ageing = ask(ledger, "receivables-ageing", as_of="2026-12-31", compare="previous_year", currency="EUR")
    assert (ageing.rows[0]["total"], ageing.rows[0]["compared"]) == (100, 30)
    assert ask(ledger, "receivables-ageing", currency="USD").rows == []
    year = {"from": "2026-01-01", "to": "2026-12-31", "compare": "previous_year"}
    by_party = ask(ledger, "sales-register", group_by="party", **year)
    assert [(row["group"], row["total"], row["compared"]) for row in by_party.rows] == [("Customer", 100, 30)]
    by_month = ask(ledger, "sales-register", group_by="month", **year)
    assert [(row["group"], row["total"], row["compared"]) for row in by_month.rows] == [("2026-03", 100, 30)]
    documents = ask(ledger, "sales-register", **year)
    assert documents.facts["compared"]["total"] == 30
    assert "30" in documents.note


def test_answers_are_plain_for_programs_and_files(ledger: Books) -> None:
    ledger.invoice("100")
    answer = as_json(ask(ledger, "trial-balance", as_of="2026-03-31"))
    assert answer["as_of"] == "2026-03-31"
    assert answer["totals"]["debit_balance"] == "100.00"
    assert answer["columns"][0] == {"key": "account", "label": "Account", "type": "text"}
    lines = list(as_lines(ask(ledger, "profit-and-loss")))
    assert any(str(line[0]).startswith("  4100") for line in lines)


def test_wrong_questions_are_told_at_once(ledger: Books) -> None:
    with pytest.raises(BadRequest):
        ask(ledger, "trial-balance", moon="1")
    with pytest.raises(Problems) as refused:
        ask(ledger, "general-ledger", account="NONE", **{"from": "soon"})
    assert {problem.field for problem in refused.value.problems} == {"account", "from"}
    assert run_report(ledger.work, "trial-balance", {}).columns
    with pytest.raises(NotFound):
        ask(ledger, "moon")


def test_reports_ask_for_the_right_and_the_company(ledger: Books) -> None:
    ledger.work.actor = Actor(user_id=1, login="sales", roles=frozenset({"sales"}), companies=None)
    with pytest.raises(NotAllowed):
        ask(ledger, "trial-balance")
    ledger.work.actor = Actor(user_id=1, login="a", roles=frozenset({"accounts"}), companies=frozenset({0}))
    with pytest.raises(Problems):
        ask(ledger, "trial-balance")


def test_projections_that_went_wrong_are_found_and_made_anew(ledger: Books) -> None:
    invoice = ledger.invoice("100")
    ledger.payment("30", {"voucher": named(invoice)})
    ledger.work.session.flush()
    broken = {"id": invoice.id, "company": ledger.company}
    session = ledger.work.session
    assert [finding.name for finding in run_audit(ledger.work) if not finding.ok] == []
    session.execute(text("UPDATE open_item SET outstanding = 1 WHERE voucher_id = :id"), broken)
    session.execute(text("UPDATE party_balance SET balance = 1 WHERE company_id = :company"), broken)
    assert len([finding for finding in run_audit(ledger.work) if not finding.ok]) == 3
    assert rebuild_open_items(ledger.work, ledger.company) >= 1
    rebuild_party_balances(ledger.work, ledger.company)
    assert [finding.name for finding in run_audit(ledger.work) if not finding.ok] == []
    assert invoice.outstanding == Decimal(70)
    assert NAMED > 0
