"""Closed books: nothing gets in, whoever closes need not be who opens, and both are remembered."""

import html
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from erp.accounts.closing.commands import close_year
from erp.accounts.closing.periods import close_books, reopen_books, years_of
from erp.accounts.company import CompanyAccounts, lock_period
from erp.company.company import Company
from erp.kernel.change import Work, cancel, find, save
from erp.kernel.change.audit import AuditEntry
from erp.kernel.errors import Conflict, NotAllowed, Problems
from erp.selling.sales_invoice.model import SalesInvoice
from tests.accounts.makers import Books
from tests.kernel.house import Apart, Browser, House, open_house, until_waiting


def company(ledger: Books) -> Company:
    return find(ledger.work, Company, ledger.company)


def close(ledger: Books, until: Any) -> None:
    close_books(ledger.work, company(ledger), until=until)
    ledger.work.facts.clear()


def test_nothing_is_posted_on_or_before_the_day(ledger: Books) -> None:
    invoice = ledger.invoice("100", day="2026-03-31")
    close(ledger, "2026-03-31")
    line = {"account": "1100", "debit": "1"}, {"account": "4100", "credit": "1"}
    for act in (
        lambda: ledger.invoice("10", day="2026-03-31"),
        lambda: ledger.payment("10", day="2026-03-01"),
        lambda: ledger.journal(*line, day="2026-01-01"),
        lambda: cancel(ledger.work, find(ledger.work, SalesInvoice, invoice.id), reason="no", date=date(2026, 3, 31)),
    ):
        with pytest.raises(Problems) as refused:
            act()
        assert {problem.code for problem in refused.value.problems} == {"period_closed"}
    ledger.invoice("10", day="2026-04-01")


def test_closing_goes_forward_and_opening_needs_a_reason(ledger: Books) -> None:
    close(ledger, date(2026, 3, 31))
    for until in ("2026-03-31", "2026-01-31"):
        with pytest.raises(Conflict):
            close(ledger, until)
    for until in ("soon", None):
        with pytest.raises(Problems):
            close(ledger, until)
    with pytest.raises(Problems):
        reopen_books(ledger.work, company(ledger), until="2026-01-31", reason=" ")
    with pytest.raises(Conflict):
        reopen_books(ledger.work, company(ledger), until="2026-04-30", reason="why not")
    reopen_books(ledger.work, company(ledger), until="2026-01-31", reason="an invoice was missing")
    ledger.work.facts.clear()
    ledger.invoice("10", day="2026-02-01")
    reopen_books(ledger.work, company(ledger), reason="all of it")
    with pytest.raises(Conflict):
        reopen_books(ledger.work, company(ledger), reason="again")
    ledger.work.session.commit()
    query = select(AuditEntry.action, AuditEntry.note, AuditEntry.changes).where(AuditEntry.record_id == ledger.company)
    query = query.where(AuditEntry.kind == "company", AuditEntry.action.in_(["update", "close_books", "reopen_books"]))
    rows = ledger.work.session.execute(query.order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in rows] == [
        ("update", "", {"books_closed_until": [None, "2026-03-31"]}), ("close_books", "", None),
        ("update", "an invoice was missing", {"books_closed_until": ["2026-03-31", "2026-01-31"]}),
        ("reopen_books", "an invoice was missing", None),
        ("update", "all of it", {"books_closed_until": ["2026-01-31", None]}), ("reopen_books", "all of it", None),
    ]  # fmt: skip


def test_books_of_which_nothing_was_set_up_are_closed_as_well(ledger: Books) -> None:
    ledger.work.session.delete(ledger.work.session.get_one(CompanyAccounts, ledger.company))
    ledger.work.session.flush()
    close(ledger, "2026-03-31")
    assert ledger.work.session.get_one(CompanyAccounts, ledger.company).books_closed_until == date(2026, 3, 31)


def test_years_are_those_of_the_company(ledger: Books) -> None:
    save(ledger.work, Company, {"fiscal_year_month": "4"}, company(ledger))
    ledger.invoice("100", day="2025-02-01")
    close(ledger, "2025-03-31")
    years = years_of(ledger.work, ledger.company)
    oldest, next_one = years[-1], years[-2]
    assert (str(oldest.span.start), str(oldest.span.end)) == ("2024-04-01", "2025-03-31")
    assert (oldest.is_closed, oldest.is_last_closed, oldest.is_over) == (True, True, True)
    assert (next_one.is_closed, next_one.carried_by) == (False, None)


@pytest.fixture
def house(app: Flask, committed: None) -> Iterator[House]:
    return open_house(app)


def press(browser: Browser, house: House, act: str, **form: str) -> Any:
    return browser.post(f"/settings/closing/{house.company}/{act}", form)


def test_the_page_closes_a_year_and_only_some_may_open_it(house: House) -> None:
    carl, ada = house.browser("carl", "accounts"), house.browser("ada")
    house.does(lambda work: Books(work, house.company, *parties(work, house.company)).invoice("100", day="2025-06-30"))
    assert press(carl, house, "year", year="2025").status_code == 303
    assert press(carl, house, "closing", until="2025-12-31").status_code == 303
    page = html.unescape(carl.get(f"/settings/closing?company={house.company}").text)
    assert "JE-2025-" in page
    assert "Open again" not in page
    assert press(carl, house, "reopening", until="2024-12-31", reason="me too").status_code == 403
    assert "Open again" in ada.get(f"/settings/closing?company={house.company}").text
    assert press(ada, house, "reopening", until="2024-12-31", reason="a bill was late").status_code == 303
    page = html.unescape(ada.get(f"/settings/closing?company={house.company}").text)
    assert "a bill was late" in page
    assert press(ada, house, "burning").status_code == 404
    assert house.browser("sam", "sales").get("/settings/closing").status_code in {403, 404}


def test_closing_waits_for_a_posting_on_its_way(house: House) -> None:
    house.does(
        lambda work: work.session.execute(delete(CompanyAccounts).where(CompanyAccounts.record_id == house.company))
    )

    def posting(work: Work) -> Apart:
        assert lock_period(work, house.company) is None
        closing = Apart(house.app, lambda: house.does(closes))
        until_waiting(1)
        return closing

    def closes(work: Work) -> None:
        close_books(work, find(work, Company, house.company), until="2026-03-31")

    house.does(posting).result()
    assert str(house.does(lambda work: lock_period(work, house.company))) == "2026-03-31"


def test_the_result_of_a_year_is_carried_on_once_however_many_press_the_button(house: House) -> None:
    carl = house.browser("carl", "accounts")
    house.does(lambda work: Books(work, house.company, *parties(work, house.company)).invoice("100", day="2025-06-30"))

    def carry(work: Work) -> Apart:
        close_year(work, find(work, Company, house.company, for_update=True), year="2025")
        other = Apart(house.app, lambda: press(carl, house, "year", year="2025").status_code)
        until_waiting(1)
        return other

    assert house.does(carry).result() == 409
    entries = "SELECT COUNT(*) FROM journal_entry WHERE company_id = :company AND source_kind = 'year_closing'"
    assert house.value(entries, company=house.company) == 1


def parties(work: Any, company_id: int) -> tuple[int, int]:
    from erp.parties.customer import Customer
    from erp.parties.supplier import Supplier

    return tuple(
        work.session.scalars(select(kind.id).where(kind.company_id == company_id)).first()
        for kind in (Customer, Supplier)
    )  # type: ignore[return-value]


def test_the_form_of_the_company_opens_nothing_by_the_way(house: House) -> None:
    keeper = house.user("kim", "accounts")

    def lend(work: Any) -> None:
        work.session.connection().exec_driver_sql(
            "INSERT INTO role_right (role_id, kind, verb, scope) SELECT id, 'company', 'update', 'all' FROM role WHERE code = 'accounts'"
        )

    house.does(lend)
    house.does(lambda work: close_books(work, find(work, Company, house.company), until="2026-03-31"))
    for until in (None, "2026-01-31"):
        with pytest.raises((Problems, NotAllowed)) as refused:
            house.does(
                lambda work, until=until: save(
                    work, Company, {"books_closed_until": until}, find(work, Company, house.company)
                ),
                keeper,
            )
        assert "books_closed_until" in str([p.field for p in refused.value.problems])
    house.does(
        lambda work: save(work, Company, {"books_closed_until": "2026-04-30"}, find(work, Company, house.company)),
        keeper,
    )
