"""A journal entry is right: both sides agree, in one currency and in the other."""

from typing import Any

import pytest

from erp.accounts.journal_entry.model import JournalEntry
from erp.kernel.change import cancel, find, save
from erp.kernel.errors import Problems
from tests.accounts.makers import Books, books

CASH, SALES = {"account": "1100", "debit": "10"}, {"account": "4100", "credit": "10"}


def refused(ledger: Books, *lines: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(Problems) as refusal:
        ledger.journal(*lines)
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def test_debits_equal_credits(ledger: Books) -> None:
    assert refused(ledger, CASH, SALES | {"credit": "9.99"}) == {("lines", "unbalanced")}
    assert refused(ledger) == {("lines", "no_lines")}


def test_a_line_has_one_side_and_one_party(ledger: Books) -> None:
    both = CASH | {"credit": "10", "customer": ledger.customer, "supplier": ledger.supplier}
    assert refused(ledger, both) == {("lines.1.credit", "both_sides"), ("lines.1.supplier", "two_parties")}


def test_a_line_on_a_party_account_is_an_open_item(ledger: Books) -> None:
    owed = {"account": "1200", "debit": "70", "customer": ledger.customer, "due_date": "2026-04-01"}
    journal = ledger.journal(owed, {"account": "4100", "credit": "70"})
    item = ledger.item(journal)
    assert (item.outstanding, str(item.due_on), item.nature) == (70, "2026-04-01", "journal")
    assert refused(ledger, CASH, {"account": "1200", "credit": "10"}) == {("lines.2.party", "party_missing")}


def test_an_amount_in_another_currency_stands_beside_the_one_of_the_books(ledger: Books) -> None:
    dollars = CASH | {"currency": "USD", "amount_transaction": "11.50"}
    journal = ledger.journal(dollars, SALES)
    assert ledger.entries(journal) == [("1100", 10), ("4100", -10)]
    assert refused(ledger, CASH | {"currency": "USD"}, SALES) == {("lines.1.amount_transaction", "required")}
    assert refused(ledger, dollars | {"amount_transaction": "-11.50"}, SALES) == {
        ("lines.1.amount_transaction", "other_side")
    }
    assert refused(ledger, CASH | {"amount_transaction": "11"}, SALES) == {
        ("lines.1.amount_transaction", "amounts_differ")
    }


def test_amounts_have_the_digits_of_their_currency(ledger: Books) -> None:
    half = CASH | {"debit": "10.005", "currency": "JPY", "amount_transaction": "1500.5"}
    assert refused(ledger, half, SALES | {"credit": "10.005"}) == {
        ("lines.1.debit", "too_precise"), ("lines.1.amount_transaction", "too_precise"),
        ("lines.2.credit", "too_precise"),
    }  # fmt: skip
    yen = books(ledger.work, "JPY")
    assert refused(yen, CASH | {"debit": "10.5"}, SALES | {"credit": "10.5"}) == {
        ("lines.1.debit", "too_precise"), ("lines.2.credit", "too_precise"),
    }  # fmt: skip
    dinar = books(ledger.work, "KWD")
    dinar.journal(CASH | {"debit": "10.005"}, SALES | {"credit": "10.005"})


def test_a_tax_goes_with_its_side(ledger: Books) -> None:
    ledger.tax("V19", "19")
    assert refused(ledger, CASH, SALES | {"tax": {"code": "V19"}}) == {("lines.2.tax_side", "required")}


def test_what_is_no_currency_or_no_dimension_is_not_even_a_draft(ledger: Books) -> None:
    wrong = CASH | {"currency": "QQQ", "dimensions": {"cost_centre": 5}}
    with pytest.raises(Problems) as refusal:
        save(ledger.work, JournalEntry, {"company": ledger.company, "date": "2026-03-01", "lines": [wrong]})
    assert {problem.code for problem in refusal.value.problems} == {"unknown_currency", "wrong_shape"}


@pytest.mark.parametrize(("style", "sides"), [("swap", ["C", "D"]), ("negative", ["D", "C"])])
def test_a_cancelled_journal_books_the_opposite_in_the_style_of_the_company(
    work: Any, style: str, sides: list[str]
) -> None:
    from erp.accounts.ledger.queries import ledger_of

    ledger = books(work, reversal_style=style)
    journal = ledger.journal(CASH, SALES)
    cancel(work, find(work, JournalEntry, journal.id), reason="twice")
    entries = ledger_of(work, journal)
    assert [row.amount for row in entries] == [10, -10, -10, 10]
    assert [row.side for row in entries[2:]] == sides
    assert [row.reverses for row in entries[2:]] == [entries[0].seq, entries[1].seq]


def test_lines_that_are_no_list_are_told_and_parties_are_named(ledger: Books) -> None:
    assert JournalEntry.read_payload({"lines": 7}) == {"lines": 7}
    from erp.accounts.journal_entry.model import JournalEntryLine

    assert JournalEntryLine().api_extra({"customer": None, "supplier": {"id": 4}}) == {"party": {"supplier": {"id": 4}}}
