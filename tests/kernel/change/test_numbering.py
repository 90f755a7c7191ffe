"""Numbers without gaps: drawn at submit, the last thing that is locked, whoever else submits at the same moment."""

from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from erp.accounts.journal_entry.model import JournalEntry
from erp.kernel.change import Work, cancel, find, save, submit
from erp.kernel.change.audit_checks import run_audit
from erp.kernel.change.numbering import SeriesPattern, write_number
from erp.kernel.errors import Problems
from erp.selling.sales_order.model import SalesOrder
from tests.kernel.house import Apart, House, Program, second_connection, until_waiting
from tests.selling.shop import Shop

PEOPLE, EACH = 6, 4


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("SI-{year}-{n:05}", "SI-2026-00042"), ("{month}/{n}", "03/42"), ("R{n:3}", "R042"), ("{n:1}", "42"),
        ("{year}{month}-{n:04}", "202603-0042"), ("{user}-{n}", "{user}-42"),
    ],
)  # fmt: skip
def test_a_pattern_knows_year_month_and_number(pattern: str, number: str) -> None:
    assert write_number(pattern, date(2026, 3, 9), 42) == number


def test_a_draft_has_no_number_and_a_refused_submit_draws_none(shop: Shop) -> None:
    draft = shop.draft(SalesOrder)
    assert (draft.number, draft.display_number) == (None, f"Draft {draft.id}")
    with pytest.raises(Problems):
        submit(shop.work, draft)
    assert draft.number is None
    assert shop.order("1").number[-5:] == "00001"


def test_each_year_counts_from_one_and_each_company_for_itself(shop: Shop) -> None:
    days = ("2026-02-01", "2027-02-01", "2026-03-01")
    numbers = [shop.order("1", order_date=day).number for day in days]
    assert numbers == ["SO-2026-00001", "SO-2027-00001", "SO-2026-00002"]


def test_a_company_may_write_its_numbers_as_it_likes(shop: Shop) -> None:
    shop.work.session.add(SeriesPattern(company_id=shop.ledger.company, kind="sales_order", pattern="A{n:03}"))
    shop.work.session.flush()
    assert [shop.order("1").number for _n in range(2)] == ["A001", "A002"]


def test_a_cancelled_document_keeps_its_number_for_ever(shop: Shop) -> None:
    first = shop.order("1")
    cancel(shop.work, first, reason="wrong")
    assert (first.number[-5:], shop.order("1").number[-5:]) == ("00001", "00002")


def journal(house: House) -> dict[str, Any]:
    lines = [{"account": "1100", "debit": "1"}, {"account": "4100", "credit": "1"}]
    return {"company": house.company, "date": "2026-03-01", "reason": "test", "lines": lines}


def test_many_who_submit_at_once_leave_no_gap(house: House) -> None:
    meet = Barrier(PEOPLE)

    def person(work_of: House) -> list[str]:
        meet.wait(20)
        return [work_of.does(submitted) for _n in range(EACH)]

    def submitted(work: Work) -> str:
        entry = save(work, JournalEntry, journal(house))
        submit(work, entry)
        return str(entry.number)

    people = [Apart(house.app, lambda: person(house)) for _n in range(PEOPLE)]
    numbers = sorted(number for one in people for number in one.result())
    assert numbers == [f"JE-2026-{n:05}" for n in range(1, PEOPLE * EACH + 1)]
    sequence = house.value("SELECT GROUP_CONCAT(seq ORDER BY seq) FROM ledger_entry")
    assert sequence == ",".join(str(n) for n in range(1, 2 * PEOPLE * EACH + 1))
    assert [one for one in house.does(run_audit) if not one.ok] == []


def test_the_counter_is_locked_only_at_the_end(house: House) -> None:
    """Somebody who holds the counter stops nobody from saving, checking and planning: only the number waits."""
    ada = house.program("ada")
    ada.post("journal-entries?submit=1", journal(house))
    draft = ada.post("journal-entries", journal(house)).get_json()["id"]
    with second_connection() as other:
        other.execute(text("SELECT last FROM number_series WHERE kind = 'journal_entry' FOR UPDATE"))
        asked = Apart(house.app, lambda: ada.post(f"journal-entries/{draft}/submission", If_Match='"1"'))
        until_waiting(1)
        assert ada.post("journal-entries", journal(house)).status_code == 201
        other.execute(text("SELECT seq FROM ledger_head WHERE company_id = :c FOR UPDATE NOWAIT"), {"c": house.company})
        other.rollback()
    assert asked.result().status_code == 200


def test_of_two_who_submit_the_same_draft_one_number_is_drawn(house: House) -> None:
    programs = [house.program("ada"), house.program("ben")]
    draft = programs[0].post("journal-entries", journal(house)).get_json()["id"]
    meet = Barrier(2)

    def submission(one: Program) -> int:
        meet.wait(20)
        return one.post(f"journal-entries/{draft}/submission").status_code

    answers = [Apart(house.app, lambda one=one: submission(one)) for one in programs]
    assert sorted(one.result() for one in answers) == [200, 409]
    assert house.value("SELECT COUNT(*) FROM issued_number") == 1
    assert house.value("SELECT COUNT(*) FROM ledger_entry") == 2


def test_the_audit_names_a_series_with_a_gap(house: House) -> None:
    ada = house.program("ada")
    ada.post("journal-entries?submit=1", journal(house))
    house.does(
        lambda work: work.session.execute(text("UPDATE number_series SET last = 3 WHERE kind = 'journal_entry'"))
    )
    broken = [one for one in house.does(run_audit) if not one.ok]
    assert [(one.name, one.documents) for one in broken] == [
        ("numbers have no gaps and no duplicates", ["journal_entry 2026: counter 3, issued 1"]),
    ]


def test_a_number_never_changes_its_document(house: House) -> None:
    ada = house.program("ada")
    made = ada.post("journal-entries?submit=1", journal(house)).get_json()
    sent = ada.ask("PATCH", f"journal-entries/{made['id']}", {"reason": "other"}, If_Match=f'"{made["version"]}"')
    assert (sent.status_code, sent.get_json()["code"]) == (409, "conflict")
    kept = house.does(lambda work: find(work, JournalEntry, made["id"]))
    assert (kept.number, kept.reason) == (made["number"], "test")
