"""What has changed since: a version for each kind and company, raised with every change by the change's own commit.

What was derived from records (totals, facts of the setup) may be kept as long as their version stands. The rows are
locked last of all, for the length of a commit, so versions rise in the order of commits.
"""

import time

from sqlalchemy import event, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from erp.kernel.change.hooks import on_change
from erp.kernel.change.waiting import taken, waiting
from erp.kernel.change.work import Work
from erp.kernel.records.aspects import Aspect
from erp.kernel.records.record import Record
from erp.kernel.records.registry import all_kinds
from erp.kernel.records.version import SETUP

MOVED, SETUP_MOVED = "moved kinds", "setup moved"

RAISE = text(
    "INSERT INTO kind_version (kind, company_id, version) VALUES (:kind, :company_id, :now) "
    "ON DUPLICATE KEY UPDATE version = GREATEST(version + 1, VALUES(version))"
)
"""Microseconds, not a counter: after a backup was brought back, no version comes again that somebody kept."""
ALL_VERSIONS = text(
    "SELECT GROUP_CONCAT(kind, ' ', version) FROM "
    "(SELECT kind, SUM(version) AS version FROM kind_version GROUP BY kind) AS kinds"
)


@on_change
def announced(work: Work, record: Record, what: str) -> None:
    """Note that a record changed, however it was written."""
    del what
    note(work.session, record)


def note(session: Session, record: Record) -> None:
    """Raise the version of the record's kind when the transaction commits."""
    waiting(session, MOVED, set[tuple[str, int]]).add((record.__kind__, int(getattr(record, "company_id", None) or 0)))
    if record.__setup__:
        setup_moved(session)


def setup_moved(session: Session) -> None:
    """Note that the setup changed: what is kept of it ends with this commit, and does not hold in here already."""
    session.info[SETUP_MOVED] = setup_moves(session) + 1
    waiting(session, MOVED, set[tuple[str, int]]).add((SETUP, 0))


def setup_moves(session: Session) -> int:
    """Return how often this transaction changed the setup itself, or took such a change back."""
    return int(session.info.get(SETUP_MOVED, 0))


@event.listens_for(Session, "after_soft_rollback")
def taken_back(session: Session, ended: SessionTransaction) -> None:
    """Note that the setup is again as it was before, also where only a savepoint ended."""
    del ended
    if setup_moves(session):
        session.info[SETUP_MOVED] += 1


@event.listens_for(Session, "after_flush")
def flushed(session: Session, context: UOWTransaction) -> None:
    """Note what was written as objects, also where nobody was told."""
    del context
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Record):
            note(session, row)
        elif isinstance(row, Aspect):
            _aspect_moved(session, row)
        elif getattr(type(row), "__setup__", False):
            setup_moved(session)
        elif (name := getattr(type(row), "__versioned__", None)) is not None:
            waiting(session, MOVED, set[tuple[str, int]]).add((name, 0))


def _aspect_moved(session: Session, row: Aspect) -> None:
    owner = row.__owner__
    waiting(session, MOVED, set[tuple[str, int]]).add((owner.__kind__, 0))
    if owner.__setup__:
        setup_moved(session)


@event.listens_for(Session, "do_orm_execute")
def executed(state: ORMExecuteState) -> None:
    """Note what a statement writes past the objects: nothing that was derived of it may stand."""
    if state.is_select or not (state.is_update or state.is_insert or state.is_delete):
        return
    table = getattr(getattr(state.statement, "table", None), "name", "")
    for kind in all_kinds():
        if kind.__tablename__ == table:
            waiting(state.session, MOVED, set[tuple[str, int]]).add((kind.__kind__, 0))
            if kind.__setup__:
                setup_moved(state.session)


@event.listens_for(Session, "before_commit")
def raise_versions(session: Session) -> None:
    """Raise the versions of everything that changed, in one statement, in the order of their keys."""
    session.flush()
    moved = taken(session, MOVED)
    if moved:
        now = time.time_ns() // 1000
        session.execute(RAISE, [{"kind": kind, "company_id": company, "now": now} for kind, company in sorted(moved)])


def all_versions(session: Session) -> dict[str, int]:
    """Return the version of every kind that ever changed."""
    told = str(session.scalar(ALL_VERSIONS) or "")
    pairs = (pair.split(" ") for pair in told.split(",") if pair)
    return {kind: int(version) for kind, version in pairs}
