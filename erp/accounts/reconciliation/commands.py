"""Matching what adds up to zero by itself."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from erp.accounts.reconciliation.model import Reconciliation
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.model import OpenItem
from erp.kernel.change import Work, save, submit

I = OpenItem.__table__.c  # noqa: E741 - columns of the open items


def reconcile(
    work: Work, company_id: int, vouchers: Iterable[tuple[str, int]], *, write_off: bool = False, on: Any = None
) -> Reconciliation:
    """Match the open items of the documents with each other and submit it; return the reconciliation."""
    day = on or work.today(company_id)
    lines = [{"voucher": {"kind": kind, "id": record}} for kind, record in vouchers]
    payload = {"company": company_id, "date": day, "write_off": write_off, "lines": lines}
    document = save(work, Reconciliation, payload)
    submit(work, document)
    return document


def reconcile_automatically(work: Work, company_id: int, on: Any = None) -> list[Reconciliation]:
    """Match every set of open items of one account, party and currency that adds up to zero; return what was made."""
    query = select(OpenItem.__table__).where(I.company_id == company_id, I.is_open, I.outstanding != 0).order_by(I.key)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in work.session.execute(query):
        groups.setdefault((row.account_id, row.party_kind, row.party_id, row.currency), []).append(row)
    made = []
    for rows in groups.values():
        for balanced in balanced_sets(rows):
            vouchers = sorted({(row.voucher_kind, row.voucher_id) for row in balanced})
            made.append(reconcile(work, company_id, vouchers, on=on))
    return made


def balanced_sets(rows: list[Any]) -> list[list[Any]]:
    """Return sets that add up to zero: all of the items, else each debit with a credit of the same amount."""
    if len(rows) > 1 and not sum((row.outstanding for row in rows), ZERO):
        return [rows]
    credits_ = [row for row in rows if row.outstanding < 0]
    found = []
    for debit in (row for row in rows if row.outstanding > 0):
        partner = next((row for row in credits_ if row.outstanding == -debit.outstanding), None)
        if partner is not None:
            credits_.remove(partner)
            found.append([debit, partner])
    return found
