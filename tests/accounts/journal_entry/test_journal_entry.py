"""A journal entry: what it must be, and what it books."""

from typing import Any

import pytest

from erp.accounts.journal_entry.model import JournalEntry
from erp.kernel.change import cancel
from erp.kernel.errors import Problems
from tests.accounts.makers import Books


def refused(ledger: Books, *lines: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as told:
        ledger.journal(*lines)
    return [(problem.field, problem.code) for problem in told.value.problems]


def test_each_line_is_booked_on_its_side(ledger: Books) -> None:
    journal = ledger.journal({"account": "1100", "debit": "10.50"}, {"account": "4100", "credit": "10.50"})
    assert [(code, str(amount)) for code, amount in ledger.entries(journal)] == [("1100", "10.5"), ("4100", "-10.5")]
    assert (journal.number[:3], str(journal.total)) == ("JE-", "10.50")


def test_everything_wrong_is_told_at_once(ledger: Books) -> None:
    wrong = {"account": "1100", "debit": "10", "credit": "1"}
    assert refused(ledger, wrong, {"account": "4100", "credit": "8"}) == [
        ("lines.1.credit", "both_sides"),
        ("lines", "unbalanced"),
    ]


def test_an_entry_without_lines_is_refused(ledger: Books) -> None:
    assert refused(ledger) == [("lines", "no_lines")]


def test_cancelling_books_the_opposite(ledger: Books) -> None:
    journal: Any = ledger.journal({"account": "1100", "debit": "10"}, {"account": "4100", "credit": "10"})
    cancel(ledger.work, journal, reason="typed twice")
    amounts = [(code, str(amount)) for code, amount in ledger.entries(journal)]
    assert amounts == [("1100", "1E+1"), ("4100", "-1E+1"), ("1100", "-1E+1"), ("4100", "1E+1")]
    assert isinstance(journal, JournalEntry)
    assert journal.state == "cancelled"
