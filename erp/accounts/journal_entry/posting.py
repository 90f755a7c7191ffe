"""What a journal entry books: its own lines."""

from dataclasses import dataclass
from typing import Any

from erp.accounts.account.queries import AccountFacts, accounts_by_id
from erp.accounts.company import Books, books_of
from erp.accounts.journal_entry.model import JournalEntry, JournalEntryLine
from erp.accounts.ledger.entry import Entry
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work, fills_in, posts

PARTY_ROLES = {"receivable", "payable"}


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """The accounts that the lines name."""

    books: Books
    accounts: dict[int, AccountFacts]


def journal_facts(work: Work, journal: JournalEntry) -> JournalFacts:
    """Find the accounts of all lines."""
    books = books_of(work, journal.company_id)
    return JournalFacts(books, accounts_by_id(work, (line.account_id for line in journal.lines)))


@fills_in(JournalEntry, given=lambda work, journal: books_of(work, journal.company_id))
def fill_in(journal: JournalEntry, books: Books) -> None:
    """A journal is in company currency; single lines may state another beside it."""
    journal.currency = journal.currency or books.currency


@posts(JournalEntry, given=journal_facts)
def journal_entries(journal: JournalEntry, facts: JournalFacts) -> list[Entry]:
    """Book each line on its side; lines of parties on their account become open items."""
    rule = journal.source_kind or "journal_entry"
    return [_entry(line, place, facts, rule) for place, line in enumerate(journal.lines, 1) if _amount(line)]


def _amount(line: JournalEntryLine) -> Any:
    return (line.debit or ZERO) - (line.credit or ZERO) or line.amount_transaction


def _entry(line: JournalEntryLine, place: int, facts: JournalFacts, rule: str) -> Entry:
    amount = (line.debit or ZERO) - (line.credit or ZERO)
    party = ("customer", line.customer_id) if line.customer_id else None
    if line.supplier_id:
        party = ("supplier", line.supplier_id)
    account = facts.accounts.get(line.account_id)
    keeps_items = party is not None and account is not None and account.role in PARTY_ROLES and not line.open_item
    return Entry(
        account=line.account_id,
        amount=amount,
        rule=rule,
        currency=line.currency,
        amount_transaction=line.amount_transaction,
        party=party,
        dimensions=tuple(sorted((line.dimensions or {}).items())),
        tax=line.tax_id,
        tax_side=line.tax_side,
        due=line.due_date,
        instalment=place if keeps_items else None,
        line=line.id,
        red=bool((line.debit or ZERO) < 0 or (line.credit or ZERO) < 0),
        open_item=line.open_item,
    )
