"""The ledger writer on a database: order, refusals, reversals."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from erp.accounts.ledger.model import LedgerEntry, PartyBalance
from erp.accounts.ledger.writer import LedgerWriter
from erp.company.company import Company
from erp.kernel.change import cancel, find, save
from erp.kernel.change.effects import entries_of
from erp.kernel.errors import Conflict, Problems
from tests.accounts.makers import Books, books

CASH = {"account": "1100", "debit": "10"}
SALES = {"account": "4100", "credit": "10"}


def problems(refused: pytest.ExceptionInfo[Problems]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def close(ledger: Books, until: str) -> None:
    save(ledger.work, Company, {"books_closed_until": until}, find(ledger.work, Company, ledger.company))
    ledger.work.facts.clear()


def rows(ledger: Books) -> Any:
    table = LedgerEntry.__table__
    return ledger.work.session.execute(
        select(table).where(table.c.company_id == ledger.company).order_by(table.c.seq)
    ).all()


def test_entries_are_numbered_without_a_gap_in_each_company(ledger: Books) -> None:
    ledger.journal(CASH, SALES)
    ledger.journal(CASH, SALES)
    other = books(ledger.work)
    other.journal(CASH, SALES)
    assert [row.seq for row in rows(ledger)] == [1, 2, 3, 4]
    assert [row.seq for row in rows(other)] == [1, 2]


def test_a_refused_document_draws_no_number(ledger: Books) -> None:
    with pytest.raises(Problems) as refused:
        ledger.journal(CASH, {"account": "4100", "credit": "9"})
    assert problems(refused) == {"unbalanced"}
    assert rows(ledger) == []


def test_a_closed_period_takes_no_entry(ledger: Books) -> None:
    close(ledger, "2026-03-31")
    with pytest.raises(Problems) as refused:
        ledger.journal(CASH, SALES, day="2026-03-31")
    assert problems(refused) == {"period_closed"}
    ledger.journal(CASH, SALES, day="2026-04-01")


def test_groups_and_other_companies_accounts_take_no_entry(ledger: Books) -> None:
    with pytest.raises(Problems) as refused:
        ledger.journal({"account": "1000", "debit": "10"}, SALES)
    assert problems(refused) == {"account_is_group"}


def test_an_account_of_parties_needs_one(ledger: Books) -> None:
    with pytest.raises(Problems) as refused:
        ledger.journal({"account": "1200", "debit": "10"}, SALES)
    assert problems(refused) == {"party_missing"}


def test_a_party_may_be_named_as_one_thing(ledger: Books) -> None:
    journal = ledger.journal({"account": "1200", "debit": "10", "party": {"customer": ledger.customer}}, SALES)
    assert ledger.item(journal).outstanding == 10
    balance = ledger.work.session.scalar(select(PartyBalance.balance).where(PartyBalance.company_id == ledger.company))
    assert balance == 10


def test_a_cancellation_books_the_opposite_on_the_same_day(ledger: Books) -> None:
    journal = ledger.journal(CASH, SALES)
    cancel(ledger.work, journal, reason="wrong")
    booked = rows(ledger)
    assert [row.amount for row in booked] == [10, -10, -10, 10]
    assert [row.side for row in booked] == ["D", "C", "C", "D"]
    assert [row.reverses for row in booked] == [None, None, 1, 2]
    assert {row.effective_on.isoformat() for row in booked} == {"2026-03-01"}
    with pytest.raises(Conflict):
        cancel(ledger.work, journal, reason="again")


def test_a_cancellation_in_a_closed_period_is_dated_today(ledger: Books) -> None:
    journal = ledger.journal(CASH, SALES)
    close(ledger, "2026-03-31")
    cancel(ledger.work, journal, reason="wrong")
    assert rows(ledger)[-1].effective_on == ledger.work.today(ledger.company)


def test_a_cancellation_may_be_booked_in_red(work: Any) -> None:
    ledger = books(work, reversal_style="negative")
    journal = ledger.journal(CASH, SALES)
    cancel(work, journal, reason="wrong")
    assert [row.side for row in rows(ledger)] == ["D", "C", "D", "C"]


def test_a_draft_shows_what_it_would_book(ledger: Books) -> None:
    from erp.accounts.journal_entry.model import JournalEntry

    payload = {"company": ledger.company, "date": "2026-03-01", "lines": [CASH, SALES]}
    draft = save(ledger.work, JournalEntry, payload)
    shown = LedgerWriter().shown(ledger.work, draft, entries_of(ledger.work, draft))
    assert [(row["account"]["code"], row["debit"], row["credit"]) for row in shown] == [
        ("1100", "10", "0"),
        ("4100", "0", "10"),
    ]
    assert "seq" not in shown[0]


def test_an_invoice_is_posted_in_few_statements_however_many_its_lines(ledger: Books) -> None:
    from sqlalchemy import event

    from erp.kernel.change import submit
    from erp.selling.sales_invoice.model import SalesInvoice

    def statements(lines: int) -> int:
        seen: list[str] = []

        def count(*about: Any) -> None:
            if not about[2].startswith(("SAVEPOINT", "RELEASE")):
                seen.append(about[2])

        ledger.work.facts.clear()
        line = {"description": "Tea", "quantity": "1", "price": "2.50", "tax_codes": []}
        payload = {
            "company": ledger.company, "customer": ledger.customer, "posting_date": "2026-03-01",
            "lines": [line] * lines,
        }  # fmt: skip
        connection = ledger.work.session.connection()
        event.listen(connection, "before_cursor_execute", count)
        submit(ledger.work, save(ledger.work, SalesInvoice, payload))
        event.remove(connection, "before_cursor_execute", count)
        return len(seen)

    statements(1)
    one, fifty = statements(1), statements(50)
    assert one == fifty
    assert one <= 25


def test_the_ledger_and_the_stored_sums_agree(ledger: Books) -> None:
    invoice = ledger.invoice("80")
    total = ledger.work.session.scalar(text("SELECT SUM(amount) FROM ledger_entry"))
    assert total == 0
    assert invoice.outstanding == Decimal(80)


def test_conventions_that_are_not_offered_are_refused(work: Any) -> None:
    with pytest.raises(Problems) as refused:
        books(work, tax_rounding="never")
    assert [problem.field for problem in refused.value.problems] == ["conventions.tax_rounding"]
