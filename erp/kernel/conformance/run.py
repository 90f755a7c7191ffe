"""One case, or one variant of it, in a scratch company: what was made, on which days, under which conventions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from erp.kernel.change.work import Work, run_work
from erp.kernel.rights.actor import Actor, system_actor

T = TypeVar("T")
FIRST_DAY = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class Made:
    """A document that an event made."""

    kind: str
    id: int
    number: str | None


@dataclass
class Run:
    """The scratch company of a case and what happened in it so far. Departments keep their own facts in ``facts``."""

    code: str
    convention: dict[str, Any]
    given: dict[str, Any]
    company: int = 0
    today: date = FIRST_DAY
    actor: Actor = field(default_factory=lambda: system_actor("conformance"))
    documents: dict[str, Made] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def does(self, act: Callable[[Work], T]) -> T:
        """Run ``act`` in a transaction of its own, on the day of the event."""
        now = datetime.combine(self.today, time(12))
        return run_work(self.actor, act, now=now)

    def made(self, event_id: str, kind: str, record: Any) -> None:
        """Remember the document of an event."""
        self.documents[event_id] = Made(kind, record.id, getattr(record, "number", None))

    @property
    def currency(self) -> str:
        """Return the currency of the company."""
        return str(self.given.get("company_currency", "USD"))


def day_of(event: dict[str, Any], place: int) -> date:
    """Return the day of an event: its own, or the first day plus its place."""
    return date.fromisoformat(event["date"]) if "date" in event else FIRST_DAY + timedelta(days=place)
