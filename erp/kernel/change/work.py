"""The unit of work: the one place that commits, around an unsafe request, a job or a command line call."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from erp.kernel.errors import Conflict
from erp.kernel.records.base import db
from erp.kernel.records.setup import setup
from erp.kernel.records.types import utc_now
from erp.kernel.rights.actor import Actor
from erp.kernel.text import _

log = logging.getLogger("erp.work")
T = TypeVar("T")

TRIES = 5
RETRY = {1213, 1205, 1020}
"""Deadlock, lock wait timeout, record changed since last read: the whole unit of work runs again."""

SAVEPOINT_GONE = 1305

AWAY = {1040, 1053, 1203, 2002, 2003, 2006, 2013, 2055, 4031}
"""What the driver says when the database is away or overrun."""


@dataclass
class Work:
    """One unit of work: who acts, when, in which transaction, and what to tell after the commit."""

    session: Session
    actor: Actor
    now: datetime = field(default_factory=utc_now)
    origin: str = ""
    ip: str = ""
    setup_version: int | None = None
    changes: list[tuple[str, int]] = field(default_factory=list)
    facts: dict[Any, Any] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    def after_commit(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` when the transaction has committed, and never if it does not."""
        self._after_commit.append(tell)

    def clock(self) -> datetime:
        """Return the instant it is by now: ``now`` is when the unit of work began, perhaps before it waited for a lock."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def today(self, company_id: int | None = None) -> date:
        """Return the company's date: the calendar day in its time zone, else in the actor's."""
        return self.now.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.zone(company_id)).date()

    def zone(self, company_id: int | None = None) -> ZoneInfo:
        """Return the time zone of the company, else of the actor."""
        zone = self.actor.timezone
        if company_id:
            zone = _zone(self, company_id)
        return ZoneInfo(zone or "UTC")

    def once(self, key: Any, find: Callable[[], T]) -> T:
        """Return a fact of this unit of work, found at the first question."""
        if key not in self.facts:
            self.facts[key] = find()
        value: T = self.facts[key]
        return value

    def tell(self) -> None:
        """Run what waited for the commit; a failure here is logged and changes nothing."""
        waiting, self._after_commit = self._after_commit, []
        for call in waiting:
            try:
                call()
            except Exception:
                log.warning("after commit: %r failed", call, exc_info=True)


_zone: "Callable[[Work, int], str]" = lambda work, company_id: "UTC"  # noqa: E731, ARG005
_current: ContextVar[Work | None] = ContextVar("work", default=None)
_factory: Callable[[], Session] | None = None


def zone_of_company(find: "Callable[[Work, int], str]") -> "Callable[[Work, int], str]":
    """Register who knows the time zone of a company."""
    global _zone  # noqa: PLW0603 - set once while departments are imported
    _zone = find
    return find


def use_sessions(factory: Callable[[], Session] | None) -> None:
    """Make sessions by ``factory``: tests join a transaction that they roll back."""
    global _factory  # noqa: PLW0603
    _factory = factory


def new_session() -> Session:
    """Return a fresh session: READ COMMITTED, never flushing by itself."""
    if _factory is not None:
        return _factory()
    session: Session = db.session.session_factory()
    return session


def current_work() -> Work:
    """Return the unit of work of the running request or job."""
    work = _current.get()
    if work is None:
        raise LookupError("outside a unit of work")
    return work


@contextmanager
def entered(work: Work) -> Iterator[Work]:
    """Make ``work`` the current one inside the block."""
    token = _current.set(work)
    try:
        yield work
    finally:
        _current.reset(token)


@contextmanager
def unit_of_work(actor: Actor, **about: Any) -> Iterator[Work]:
    """Run one transaction: it commits when the block ends, and rolls back when the block raises.

    Nothing is run again here: use ``run_work`` where a deadlock may strike.
    """
    session = new_session()
    work = Work(session, actor, **about)
    try:
        with entered(work):
            setup(session)
            yield work
            session.flush()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
    work.tell()


def run_work(actor: Actor, act: Callable[[Work], T], **about: Any) -> T:
    """Run ``act`` in one transaction, again with a fresh session when the database asks for it.

    Raises ``Conflict`` when it still collides after five tries; the caller's state was not changed.
    """
    for attempt in range(TRIES):
        try:
            with unit_of_work(actor, **about) as work:
                return act(work)
        except DBAPIError as error:
            if not is_retryable(error):
                raise
            log.info("unit of work collided (%s), try %d", number_of(error), attempt + 1)
        except StaleDataError:
            log.info("unit of work was overtaken, try %d", attempt + 1)
        time.sleep(random.uniform(0.005, 0.03) * (2**attempt))  # noqa: S311 - jitter, not a secret
    raise Conflict(_("Many people are changing this at once. Nothing was changed; try again."))


def is_retryable(error: DBAPIError) -> bool:
    """Return whether the database rolled back for a reason that passes.

    After a deadlock inside a savepoint the savepoint is gone as well: the complaint about that hides the reason.
    """
    reason: BaseException | None = error
    while reason is not None and number_of(reason) in {0, SAVEPOINT_GONE}:
        reason = reason.__context__
    return reason is not None and number_of(reason) in RETRY


def number_of(error: BaseException) -> int:
    """Return the server's number of an error, or 0."""
    arguments = getattr(getattr(error, "orig", error), "args", ())
    return int(arguments[0]) if arguments and isinstance(arguments[0], int) else 0


@contextmanager
def reading(actor: Actor, **about: Any) -> Iterator[Work]:
    """Open a unit of work that only reads; nothing is committed."""
    session = new_session()
    work = Work(session, actor, **about)
    try:
        with entered(work):
            setup(session)
            yield work
    finally:
        session.rollback()
        session.close()


@contextmanager
def snapshot(actor: Actor) -> Iterator[Work]:
    """Open a consistent snapshot for a report: every figure is of one instant."""
    if _factory is not None:
        with reading(actor) as work:
            yield work
        return
    session = new_session()
    try:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        session.execute(text("ROLLBACK"))
        session.execute(text("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"))
        work = Work(session, actor)
        with entered(work):
            yield work
    finally:
        session.rollback()
        session.close()
