"""Places on derived pages that others fill: linked documents, rail, navigation, home. The page knows none of them."""

from collections.abc import Callable
from typing import Any, TypeVar

from erp.kernel.change.work import Work
from erp.kernel.records.record import Record

F = TypeVar("F", bound=Callable[..., Any])

_flow: dict[str, Callable[[Work, Any], list[tuple[str, str, str | None, str, str]]]] = {}
_rail: list[Callable[[Work, Record], dict[str, Any]]] = []


def flow_of(kind: type[Record]) -> Callable[[F], F]:
    """Register the chain of linked documents of a kind: (label, title, url, text, state "done|now|")."""

    def register(fill: F) -> F:
        _flow[kind.__kind__] = fill
        return fill

    return register


def flow(work: Work, record: Record) -> list[tuple[str, str, str | None, str, str]]:
    """Return the chain of linked documents, or an empty list."""
    fill = _flow.get(record.__kind__)
    return fill(work, record) if fill else []


def fills_rail(fill: F) -> F:
    """Register a part of the context beside every document: files, comments, timeline.

    ``ways`` are links in its head, (icon, label, url); what several departments add stands side by side.
    """
    _rail.append(fill)
    return fill


def rail(work: Work, record: Record) -> dict[str, Any]:
    """Return the context of the rail."""
    context: dict[str, Any] = {}
    for fill in _rail:
        found = fill(work, record)
        context |= found | {"ways": [*context.get("ways", ()), *found.get("ways", ())]}
    return context
