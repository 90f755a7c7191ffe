"""Drilling down: every figure leads to entries that add up to it, and no row is left out without a word."""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import select

from erp.accounts.account.model import Account
from erp.kernel.change import find, save
from erp.kernel.paper.reports import as_json, as_lines
from erp.kernel.paper.reports import run as run_report
from tests.accounts.makers import Books, named

D = Decimal
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


def ask(ledger: Books, name: str, *, limit: int | None = 2000, **given: str) -> Any:
    return run_report(ledger.work, name, {"company": str(ledger.company), **given}, limit=limit)


def follow(ledger: Books, url: str) -> Any:
    parts = urlsplit(url)
    return run_report(ledger.work, parts.path.removeprefix("/reports/"), dict(parse_qsl(parts.query)))


def drill_of(row: Any, column: str) -> Any:
    drill = row["drill"]
    return drill.get(column, drill.get("")) if isinstance(drill, dict) else drill


def test_every_figure_of_the_trial_balance_leads_to_entries_that_add_up_to_it(ledger: Books) -> None:
    ledger.invoice("30", day="2025-12-01")
    paid = ledger.invoice("100", taxes=[ledger.tax("V19", "19")])
    ledger.payment("50", {"voucher": named(paid)})
    trial = ask(ledger, "trial-balance", compare="previous_year", **YEAR)
    assert len(trial.rows) == 4
    for row in trial.rows:
        period = follow(ledger, drill_of(row, "debit"))
        assert (period.totals["debit"], period.totals["credit"]) == (row["debit"], row["credit"])
        assert period.totals["balance"] == row["closing"]
        assert follow(ledger, drill_of(row, "opening")).totals["balance"] == row["opening"]
        compared = drill_of(row, "compared")
        assert (follow(ledger, compared).totals["balance"] if compared else 0) == row["compared"]


def test_figures_of_groups_lead_to_the_entries_of_all_accounts_below(ledger: Books) -> None:
    ledger.invoice("100")
    ledger.invoice("30", day="2025-03-01")
    income = ask(ledger, "profit-and-loss", compare="previous_year", **YEAR)
    groups = [row for row in income.rows if row.get("bold") and row.get("drill")]
    assert groups
    for row in income.rows:
        if row.get("drill"):
            assert -follow(ledger, drill_of(row, "amount")).totals["balance"] == row["amount"] == 100
            assert -follow(ledger, drill_of(row, "compared")).totals["balance"] == row["compared"] == 30
    sheet = ask(ledger, "balance-sheet", as_of="2026-12-31")
    assets = [row for row in sheet.rows if row["account"].startswith("1")]
    assert assets
    assert {follow(ledger, drill_of(row, "amount")).totals["balance"] for row in assets} == {130}


def test_figures_of_the_tax_report_lead_to_its_entries(ledger: Books) -> None:
    tax = ledger.tax("V19", "19")
    ledger.invoice("100", taxes=[tax])
    ledger.invoice("50", taxes=[tax], day="2025-03-01")
    (row,) = ask(ledger, "tax-report", **YEAR).rows
    assert -follow(ledger, row["drill"]).totals["balance"] == row["amount"] == 19


def test_figures_of_an_ageing_lead_to_open_items_that_add_up_to_them(ledger: Books) -> None:
    first, _second = ledger.invoice("100"), ledger.invoice("40")
    ledger.payment("25", {"voucher": named(first)})
    (row,) = ask(ledger, "receivables-ageing", as_of="2026-12-31").rows
    items = follow(ledger, row["drill"])
    assert items.totals["outstanding_company"] == row["total"] == 115
    assert [one["outstanding"] for one in items.rows] == [75, 40]


def test_figures_of_registers_lead_to_their_documents(ledger: Books) -> None:
    ledger.invoice("100")
    ledger.invoice("40", day="2026-04-01")
    months = ask(ledger, "sales-register", group_by="month", **YEAR)
    assert [(row["group"], row["total"]) for row in months.rows] == [("2026-03", 100), ("2026-04", 40)]
    assert [follow(ledger, row["drill"]).totals["total"] for row in months.rows] == [100, 40]
    (customer,) = ask(ledger, "sales-register", group_by="party", **YEAR).rows
    assert follow(ledger, customer["drill"]).totals["total"] == 140


def test_rows_that_are_not_shown_are_told_and_counted_in_the_sums(ledger: Books) -> None:
    for price in ("10", "20", "30"):
        ledger.invoice(price)
    table = ask(ledger, "general-ledger", account="code:1200", limit=2)
    assert [row["debit"] for row in table.rows] == [10, 20]
    assert (table.left, table.totals["debit"], table.totals["balance"]) == (1, 60, 60)
    assert as_json(table)["left"] == 1
    register = ask(ledger, "sales-register", limit=2, **YEAR)
    assert (len(list(register.rows)), register.left, register.totals["net"]) == (2, 1, 60)


def test_a_file_has_every_row_and_the_balance_after_each(ledger: Books) -> None:
    for price in ("10", "20", "30"):
        ledger.invoice(price)
    lines = list(as_lines(ask(ledger, "general-ledger", account="code:1200", limit=None)))
    assert [line[-1] for line in lines] == [10, 30, 60, 60]
    assert len(list(as_lines(ask(ledger, "sales-register", limit=None)))) == 4


def test_two_customers_of_one_name_stay_two(ledger: Books) -> None:
    from erp.parties.customer import Customer

    twin = save(ledger.work, Customer, {"company": ledger.company, "code": "C2", "name": "Customer"})
    ledger.invoice("100")
    ledger.invoice("40", customer=twin.id)
    rows = ask(ledger, "sales-register", group_by="party").rows
    assert [(row["group"], row["total"]) for row in rows] == [("Customer", 100), ("Customer", 40)]


def test_a_register_adds_up_with_rounding_and_without_exchange(work: Any) -> None:
    from erp.company.exchange_rate import ExchangeRate
    from tests.accounts.makers import books

    ledger = books(work, cash_rounding_unit="0.05")
    ledger.invoice("10.03", taxes=[ledger.tax("V10", "10")])
    (row,) = ask(ledger, "sales-register").rows
    assert [row[name] for name in ("net", "tax", "rounding", "total")] == [D("10.03"), 1, D("0.02"), D("11.05")]
    save(work, ExchangeRate, {"company": ledger.company, "currency": "USD", "valid_from": "2026-01-01", "rate": "0.9"})
    dollars = ledger.invoice("100", currency="USD")
    save(work, ExchangeRate, {"company": ledger.company, "currency": "USD", "valid_from": "2026-03-05", "rate": "0.8"})
    work.facts.clear()
    ledger.invoice("-100", currency="USD", credits=dollars.id, day="2026-03-06",
                   lines=[{"description": "Tea", "quantity": "-1", "price": "100"}])  # fmt: skip
    found = ask(ledger, "sales-register", currency="USD")
    assert [row["total"] for row in found.rows] == [90, -80]


def test_an_account_below_an_account_counts_in_its_entries(ledger: Books) -> None:
    query = select(Account.id).where(Account.company_id == ledger.company, Account.code == "1100")
    cash = find(ledger.work, Account, ledger.work.session.scalars(query).one())
    below = {"company": ledger.company, "code": "1100A", "name": "Till", "root_type": "asset", "parent": cash.id}
    save(ledger.work, Account, below)
    ledger.journal({"account": "1100A", "debit": "10"}, {"account": "4100", "credit": "10"})
    assert ask(ledger, "general-ledger", account="code:1100").totals["balance"] == 10
