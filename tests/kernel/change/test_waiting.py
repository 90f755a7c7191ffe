"""What is written last: the audit trail of a transaction, which keeps to it and to its savepoints."""

from sqlalchemy import select

from erp.kernel.change import Work, audit, find, save
from erp.kernel.change.audit import AuditEntry
from erp.parties.customer import Customer
from tests.accounts.makers import books


def actions(work: Work, about: str) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.note == about).order_by(AuditEntry.id)
    return list(work.session.scalars(query))


def test_entries_are_written_with_the_commit_in_their_order(work: Work):
    audit(work, "first", None, kind="thing", note="order")
    audit(work, "second", None, kind="thing", note="order")
    assert actions(work, "order") == []
    work.session.commit()
    assert actions(work, "order") == ["first", "second"]


def test_what_a_savepoint_takes_back_leaves_no_entry_and_takes_none_along(work: Work):
    audit(work, "outside", None, kind="thing", note="savepoint")
    point = work.session.begin_nested()
    audit(work, "inside", None, kind="thing", note="savepoint")
    point.rollback()
    with work.session.begin_nested():
        audit(work, "kept", None, kind="thing", note="savepoint")
    work.session.commit()
    assert sorted(actions(work, "savepoint")) == ["kept", "outside"]


def test_what_is_rolled_back_leaves_no_entry_with_what_comes_after(work: Work):
    ledger = books(work)
    work.session.commit()
    find(work, Customer, ledger.customer)
    audit(work, "refused", None, kind="thing", note="rollback")
    work.session.rollback()
    save(work, Customer, {"phone": "1"}, find(work, Customer, ledger.customer))
    work.session.commit()
    assert actions(work, "rollback") == []
