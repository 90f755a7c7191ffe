"""The entries of documents, as people and programs read them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from erp.accounts.account.queries import accounts_by_id
from erp.accounts.ledger.model import LedgerEntry
from erp.kernel.change import Work, decimal_text, labels
from erp.kernel.records import Voucher


def ledger_of(work: Work, document: Voucher) -> Sequence[Any]:
    """Return every row a document booked, reversals included, in order of their numbers."""
    table = LedgerEntry.__table__
    query = select(table).where(table.c.voucher_kind == document.__kind__, table.c.voucher_id == document.id)
    return work.session.execute(query.order_by(table.c.seq)).all()


def entries_json(work: Work, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return rows of the ledger as the API writes them; one side of each is zero."""
    accounts = accounts_by_id(work, (row.account_id for row in rows))
    names: dict[tuple[str, int], Any] = {}
    for kind in sorted({row.party_kind for row in rows if row.party_kind}):
        ids = {row.party_id for row in rows if row.party_kind == kind}
        names |= {(kind, one): label for one, label in labels(work.session, kind, ids).items()}
    return [_entry(row, accounts[row.account_id], names.get((row.party_kind, row.party_id))) for row in rows]


def _entry(row: Any, account: Any, party: Any) -> dict[str, Any]:
    return {
        "seq": getattr(row, "seq", None),
        "effective_on": row.effective_on.isoformat(),
        "posted_at": row.posted_at.isoformat(timespec="microseconds") + "Z" if row.posted_at else None,
        "account": {"id": account.id, "code": account.code, "name": account.name},
        "party": {"kind": row.party_kind, "id": party.id, "code": party.number, "label": party.text} if party else None,
        "debit": decimal_text(row.amount if row.side == "D" else row.amount * 0),
        "credit": decimal_text(-row.amount if row.side == "C" else row.amount * 0),
        "currency": row.currency,
        "amount_transaction": decimal_text(row.amount_transaction),
        "rate": decimal_text(row.rate) if row.rate is not None else None,
        "dimensions": row.dimensions or {},
        "due": row.due_on.isoformat() if row.due_on else None,
        "tax": row.tax_id,
        "tax_base": decimal_text(row.tax_base) if row.tax_base is not None else None,
        "rule": row.rule,
        "reverses": row.reverses,
    }
