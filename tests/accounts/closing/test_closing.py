"""The end of a period: closing the year, valuing foreign items, transfers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from erp.accounts.account.model import Account
from erp.accounts.closing.commands import close_year, revalue, transfer
from erp.company.company import Company
from erp.kernel.change import find
from erp.kernel.errors import Conflict, Problems
from erp.kernel.paper.reports import run as run_report
from tests.accounts.makers import Books, books, named

DAY = date(2026, 3, 31)


def account(ledger: Books, code: str) -> int:
    query = select(Account.id).where(Account.company_id == ledger.company, Account.code == code)
    return ledger.work.session.scalars(query).one()


def closed(ledger: Books) -> Any:
    return close_year(ledger.work, find(ledger.work, Company, ledger.company), year="2026")


def test_a_year_is_closed_to_retained_earnings_and_its_result_stays_readable(ledger: Books) -> None:
    ledger.invoice("400")
    ledger.journal({"account": "5100", "debit": "600"}, {"account": "1100", "credit": "600"})
    assert ledger.entries(closed(ledger)) == [("4100", 400), ("3200", -400), ("5100", -600), ("3200", 600)]
    asked = {"company": str(ledger.company), "from": "2026-01-01", "to": "2026-12-31"}
    income = run_report(ledger.work, "profit-and-loss", asked)
    assert income.rows[-1]["amount"] == -200
    sheet = run_report(ledger.work, "balance-sheet", {"company": str(ledger.company), "as_of": "2026-12-31"})
    assert sheet.facts["balanced"] is True
    with pytest.raises(Conflict):
        closed(ledger)
    with pytest.raises(Problems):
        close_year(ledger.work, find(ledger.work, Company, ledger.company), year="soon")


def test_a_closing_may_pass_through_the_income_summary(work: Any) -> None:
    ledger = books(work, closing_style="income_summary")
    ledger.invoice("400")
    ledger.journal({"account": "3300", "debit": "50"}, {"account": "1100", "credit": "50"})
    entries = ledger.entries(closed(ledger))
    assert sum(amount for code, amount in entries if code == "3400") == 0
    assert sum(amount for code, amount in entries if code == "3200") == -350


def test_a_closing_may_keep_cost_centres_apart(work: Any) -> None:
    ledger = books(work, closing_by="cost_centre")
    west = {"account": "4100", "credit": "20", "dimensions": {"cost_centre": "West"}}
    ledger.journal({"account": "1100", "debit": "50"}, {"account": "4100", "credit": "30"}, west)
    journal = closed(ledger)
    assert sorted((line.dimensions or {}).get("cost_centre", "") for line in journal.lines) == ["", "", "West", "West"]


def test_foreign_items_carry_the_new_value_and_settle_at_it(ledger: Books) -> None:
    invoice = ledger.invoice("100", currency="USD", rate="0.80")
    accounts = [account(ledger, "1200")]
    journal = revalue(ledger.work, ledger.company, "USD", Decimal("0.85"), accounts, DAY)
    assert ledger.entries(journal) == [("1200", 5), ("4900", -5)]
    payment = ledger.payment("100", {"voucher": named(invoice)}, currency="USD", rate="0.90", day="2026-04-10")
    assert ledger.entries(payment) == [("1110", 90), ("1200", -85), ("4900", -5)]
    with pytest.raises(Conflict):
        revalue(ledger.work, ledger.company, "USD", Decimal("0.85"), accounts, DAY)


def test_money_between_own_accounts_may_arrive_as_another_amount(ledger: Books) -> None:
    source, target = account(ledger, "1110"), account(ledger, "1100")
    plain = transfer(ledger.work, ledger.company, DAY, source=source, target=target, currency=None, amount=Decimal(9))
    assert ledger.entries(plain) == [("1110", -9), ("1100", 9)]
    short = transfer(
        ledger.work, ledger.company, DAY, source=source, target=target, currency="USD", amount=Decimal(100),
        rate=Decimal(50), received=Decimal(4500),
    )  # fmt: skip
    assert ledger.entries(short) == [("1110", -5000), ("1100", 4500), ("4900", 500)]


def test_money_in_a_foreign_account_is_valued_with_the_items(ledger: Books) -> None:
    ledger.payment("100", currency="USD", rate="0.80")
    at_rate = ledger.invoice("10", currency="USD", rate="0.85")
    accounts = [account(ledger, "1110"), account(ledger, "1200")]
    journal = revalue(ledger.work, ledger.company, "USD", Decimal("0.85"), accounts, DAY)
    assert sorted(ledger.entries(journal)) == [("1110", 5), ("1200", -5)]
    assert ledger.item(at_rate).outstanding_company == Decimal("8.5")
    with pytest.raises(Conflict):
        revalue(ledger.work, ledger.company, "USD", Decimal("0.85"), accounts, DAY)
