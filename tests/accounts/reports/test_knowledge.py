"""As of a day, and as known at a moment: what was once reported can be reported again."""

import time
from datetime import datetime
from typing import Any

import pytest

from erp.accounts.closing.commands import close_year
from erp.accounts.payment.commands import allocate_payment
from erp.accounts.payment.model import Payment
from erp.company.company import Company
from erp.kernel.change import cancel, find, save
from erp.kernel.errors import Problems
from erp.kernel.paper.reports import run as run_report
from erp.selling.sales_invoice.model import SalesInvoice
from tests.accounts.makers import Books, books, named

MORNING = datetime(2026, 4, 1, 9)


def ask(ledger: Books, name: str, **given: str) -> Any:
    return run_report(ledger.work, name, {"company": str(ledger.company), **given})


def at(ledger: Books, hour: int) -> None:
    """Let it be an hour of the first of April, in a unit of work of its own."""
    ledger.work.now, ledger.work.began = MORNING.replace(hour=hour), time.monotonic()
    ledger.work.facts.clear()


def open_items(ledger: Books, **given: str) -> list[tuple[str, int]]:
    return [(row["document"], int(row["outstanding"])) for row in ask(ledger, "open-items", **given).rows]


def test_an_allocation_is_known_from_the_moment_it_was_made(ledger: Books) -> None:
    at(ledger, 9)
    invoice = ledger.invoice("100")
    payment = ledger.payment("100")
    before = sorted([(invoice.number, 100), (payment.number, -100)])
    at(ledger, 11)
    allocate_payment(ledger.work, find(ledger.work, Payment, payment.id), voucher=named(invoice))
    assert open_items(ledger) == []
    assert sorted(open_items(ledger, known_on="2026-04-01T10:00:00Z")) == before
    assert open_items(ledger, known_on="2026-04-01T12:00:00Z") == []
    assert sorted(open_items(ledger, known_on="2026-04-01T12:00:00+02:00")) == before


def test_a_payment_and_what_it_settles_are_known_at_once(ledger: Books) -> None:
    from erp.accounts.ledger.queries import ledger_of

    invoice = ledger.invoice("100")
    payment = ledger.payment("40", {"voucher": named(invoice)})
    posted = max(row.posted_at for row in ledger_of(ledger.work, payment))
    assert open_items(ledger, known_on=posted.isoformat()) == [(invoice.number, 60)]
    seq = max(row.seq for row in ledger_of(ledger.work, payment))
    assert open_items(ledger, known_on=str(seq)) == [(invoice.number, 60)]
    assert open_items(ledger, known_on=str(seq - 2)) == [(invoice.number, 100)]


def test_a_report_says_what_it_saw_so_that_it_can_be_asked_again(ledger: Books) -> None:
    ledger.invoice("100", day="2026-03-01")
    first = ask(ledger, "trial-balance", as_of="2026-03-31")
    ledger.invoice("70", day="2026-02-01")
    again = ask(ledger, "trial-balance", as_of="2026-03-31", known_on=str(first.facts["known_seq"]))
    assert again.totals == first.totals
    assert ask(ledger, "trial-balance", as_of="2026-03-31").totals["debit_balance"] == 170


def test_a_day_of_knowledge_ends_where_the_company_is(work: Any) -> None:
    ledger = books(work)
    save(work, Company, {"timezone": "Asia/Tokyo"}, find(work, Company, ledger.company))
    at(ledger, 16)
    ledger.invoice("100")
    assert ask(ledger, "trial-balance", known_on="2026-04-01").rows == []
    assert ask(ledger, "trial-balance", known_on="2026-04-02").totals["debit_balance"] == 100


def test_entries_rise_in_time_as_they_do_in_number(ledger: Books) -> None:
    from erp.accounts.ledger.queries import ledger_of

    first, second = ledger.invoice("1"), ledger.invoice("2")
    times = [row.posted_at for one in (first, second) for row in ledger_of(ledger.work, one)]
    assert times == sorted(times)
    assert times[-1] > times[0]


def test_receivables_of_a_past_day_agree_with_its_ledger_after_everything(ledger: Books) -> None:
    """A payment dated before its invoice, a cancellation after the books were closed: the sums still agree."""
    early = ledger.payment("30", day="2026-01-05")
    invoice = ledger.invoice("100", day="2026-01-10")
    allocate_payment(ledger.work, find(ledger.work, Payment, early.id), voucher=named(invoice), date="2026-01-05")
    paid = ledger.payment("70", {"voucher": named(invoice)}, day="2026-01-08")
    save(ledger.work, Company, {"books_closed_until": "2026-01-31"}, find(ledger.work, Company, ledger.company))
    ledger.work.facts.clear()
    cancel(ledger.work, find(ledger.work, Payment, paid.id), reason="bounced")
    for on in ("2026-01-05", "2026-01-09", "2026-01-10", "2026-01-31", "2099-01-01"):
        ageing = ask(ledger, "receivables-ageing", as_of=on)
        account = ask(ledger, "general-ledger", account="code:1200", to=on)
        assert ageing.totals["total"] == account.totals["balance"], on
    assert open_items(ledger, as_of="2026-01-09") == [(early.number, -30), (paid.number, -70)]
    assert open_items(ledger, as_of="2026-01-31") == []
    assert open_items(ledger, as_of="2099-01-01") == [(invoice.number, 70)]


def test_cancelling_in_an_open_period_leaves_no_trace_on_any_day(ledger: Books) -> None:
    invoice = ledger.invoice("100", day="2026-01-10")
    paid = ledger.payment("100", {"voucher": named(invoice)}, day="2026-01-20")
    cancel(ledger.work, find(ledger.work, Payment, paid.id), reason="bounced")
    cancel(ledger.work, find(ledger.work, SalesInvoice, invoice.id), reason="wrong")
    for on in ("2026-01-10", "2026-01-20", "2026-12-31"):
        assert open_items(ledger, as_of=on) == []
        assert ask(ledger, "trial-balance", as_of=on).totals["debit_balance"] == 0


def in_april(work: Any) -> Books:
    ledger = books(work)
    save(work, Company, {"fiscal_year_month": "4"}, find(work, Company, ledger.company))
    work.facts.clear()
    return ledger


def results(table: Any) -> dict[str, int]:
    return {row["key"]: int(row["amount"]) for row in table.rows if row.get("key")}


def test_the_balance_sheet_tells_this_year_s_result_from_earlier_ones(work: Any) -> None:
    ledger = in_april(work)
    ledger.invoice("30", day="2025-03-31")
    ledger.invoice("50", day="2026-03-31")
    ledger.invoice("7", day="2026-04-01")
    sheet = ask(ledger, "balance-sheet", as_of="2026-06-30")
    assert results(sheet) == {"earlier_results": 80, "result": 7}
    assert sheet.facts["balanced"] is True
    assert results(ask(ledger, "balance-sheet", as_of="2026-03-31")) == {"earlier_results": 30, "result": 50}


def test_a_fiscal_year_is_closed_to_its_last_day(work: Any) -> None:
    ledger = in_april(work)
    ledger.invoice("50", day="2026-03-31")
    ledger.invoice("7", day="2026-04-01")
    closing = close_year(work, find(work, Company, ledger.company), year="2025")
    assert str(closing.posting_date) == "2026-03-31"
    sheet = ask(ledger, "balance-sheet", as_of="2026-06-30")
    assert results(sheet) == {"result": 7}
    year = ask(ledger, "profit-and-loss", **{"from": "2025-04-01", "to": "2026-03-31"})
    assert results(year) == {"net_income": 50}
    with pytest.raises(Problems):
        close_year(work, find(work, Company, ledger.company), year="26")


def test_periods_are_asked_for_by_name(work: Any) -> None:
    ledger = in_april(work)
    at(ledger, 9)
    ledger.invoice("50", day="2026-03-31")
    ledger.invoice("7", day="2026-04-01")
    assert results(ask(ledger, "profit-and-loss", period="this_year")) == {"net_income": 7}
    last = ask(ledger, "profit-and-loss", period="last_year", compare="previous_year")
    assert (results(last), str(last.as_of)) == ({"net_income": 50}, "2026-03-31")
    assert results(ask(ledger, "profit-and-loss", period="this_year", **{"from": "2026-01-01"})) == {"net_income": 57}
    assert str(ask(ledger, "balance-sheet", period="last_month").as_of) == "2026-03-31"
