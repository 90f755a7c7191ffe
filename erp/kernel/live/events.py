"""Developers' own events: registered by name with the audience they may reach and the reasons they may carry."""

from dataclasses import dataclass
from typing import Any

AUDIENCES = ("user", "role", "company", "document")


@dataclass(frozen=True, slots=True)
class EventRule:
    """Who may hear an event, and which reasons it may carry."""

    name: str
    audience: str
    reasons: tuple[str, ...] = ()

    def address_of(self, record: Any) -> str:
        """Return the name of a user, role, company or document to whom, or of which, the event tells."""
        if self.audience == "document":
            return f"{record.__kind__}:{record.id}"
        return f"{record.__kind__}:{record.code if record.__kind__ == 'role' else record.id}"

    def check(self, to: str, reason: str) -> None:
        """Raise ``ValueError`` when the event is sent elsewhere, or with a reason nobody declared."""
        head, _colon, rest = to.partition(":")
        right = head == self.audience if self.audience != "document" else head not in {"user", "role", "company"}
        if not right or not rest:
            raise ValueError(f"{self.name} goes to {self.audience}:..., not to {to!r}")
        if reason and reason not in self.reasons:
            raise ValueError(f"{self.name} knows no reason {reason!r}")


_events: dict[str, EventRule] = {}


def event(name: str, *, audience: str, reasons: tuple[str, ...] = ()) -> EventRule:
    """Register an event; its name has a dot: ``app.something``."""
    if audience not in AUDIENCES or "." not in name:
        raise ValueError(name)
    _events[name] = EventRule(name, audience, reasons)
    return _events[name]


def audience_of(name: str) -> EventRule:
    """Return the rule of an event; raise ``LookupError`` when nobody registered it."""
    if name not in _events:
        raise LookupError(f"no event is called {name}")
    return _events[name]


def all_events() -> list[EventRule]:
    """Return every registered event."""
    return list(_events.values())
