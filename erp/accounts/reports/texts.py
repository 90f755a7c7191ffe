"""What was written on a voucher, or on a line of a journal: the words beside the figures of a ledger."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from erp.accounts.journal_entry.model import JournalEntry, JournalEntryLine
from erp.kernel.change import Work
from erp.kernel.records import has_kind, kind_of
from erp.kernel.rights import may

Voucher = tuple[str, int]


def voucher_texts(work: Work, vouchers: Iterable[Voucher]) -> dict[Voucher, str]:
    """Return what a kind names as its reference, of vouchers that the reader may see; one query for each kind."""
    wanted, found = set(vouchers), dict[Voucher, str]()
    for name in sorted({name for name, _id in wanted}):
        kind: Any = kind_of(name) if has_kind(name) else None
        column = getattr(kind, "__reference__", None)
        if column is None or not may(work.actor, "read", name):
            continue
        ids = [one for kind_name, one in wanted if kind_name == name]
        rows = work.session.execute(select(kind.id, getattr(kind, column)).where(kind.id.in_(ids)))
        found |= {(name, row[0]): row[1] for row in rows if row[1]}
    return found


def line_texts(work: Work, ids: Iterable[int]) -> dict[int, str]:
    """Return the descriptions of lines of journal entries."""
    wanted = set(ids)
    if not wanted or not may(work.actor, "read", JournalEntry.__kind__):
        return {}
    query = select(JournalEntryLine.id, JournalEntryLine.description).where(JournalEntryLine.id.in_(wanted))
    return {row[0]: row[1] for row in work.session.execute(query) if row[1]}


def item_lines(work: Work, journals: Iterable[int]) -> dict[tuple[int, int], str]:
    """Return the descriptions of lines of journals by journal and place: each may be an open item of its own."""
    wanted = set(journals)
    if not wanted or not may(work.actor, "read", JournalEntry.__kind__):
        return {}
    owner = JournalEntryLine.journal_entry_id
    query = select(owner, JournalEntryLine.description).where(owner.in_(wanted))
    found: dict[tuple[int, int], str] = {}
    places: dict[int, int] = {}
    for journal, text in work.session.execute(query.order_by(owner, JournalEntryLine.position, JournalEntryLine.id)):
        places[journal] = places.get(journal, 0) + 1
        if text:
            found[journal, places[journal]] = text
    return found
