"""Where departments attach their rules: plain functions, registered by a decorator that is visible at the function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from erp.kernel.records.record import Record

F = TypeVar("F", bound=Callable[..., Any])
Facts = Callable[..., Any] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A pure function and the function that finds the facts it needs."""

    act: Callable[..., Any]
    given: Facts

    def run(self, work: Any, document: Record) -> Any:
        """Find the facts, then apply the rule to the document."""
        return self.act(document, self.given(work, document)) if self.given else self.act(document)


class Submitted:
    """The document was frozen and posted."""


class Cancelled:
    """The document was cancelled and its effects were reversed."""


class Saved:
    """The document was created or changed."""


_rules: dict[tuple[str, str], list[Rule]] = {}
_after: dict[tuple[type, str], list[Callable[..., None]]] = {}
_listeners: list[Callable[..., None]] = []


def _attach(hook: str, kind: type[Record], given: Facts) -> Callable[[F], F]:
    def attach(act: F) -> F:
        _rules.setdefault((hook, kind.__kind__), []).append(Rule(act, given))
        return act

    return attach


def rules(hook: str, kind: str) -> list[Rule]:
    """Return the rules attached to ``kind``, in order of their departments."""
    return _rules.get((hook, kind), [])


def fills_in(kind: type[Record], given: Facts = None) -> Callable[[F], F]:
    """Fill empty fields before totals are computed: ``act(document, facts)`` (prices, taxes, dates)."""
    return _attach("fills_in", kind, given)


def computes(kind: type[Record], given: Facts = None) -> Callable[[F], F]:
    """Set derived columns at every save: ``act(document, facts)``, pure but for the document itself."""
    return _attach("computes", kind, given)


def valid_if(kind: type[Record], given: Facts = None) -> Callable[[F], F]:
    """Check at every save: ``act(document, facts) -> list[Problem]``; what is refused here is not even a draft."""
    return _attach("valid_if", kind, given)


def checks(kind: type[Record], given: Facts = None) -> Callable[[F], F]:
    """Check at submit: ``act(document, facts) -> list[Problem]``, all problems at once."""
    return _attach("checks", kind, given)


def cancel_checks(kind: type[Record], given: Facts = None) -> Callable[[F], F]:
    """Check before a cancellation: ``act(document, facts) -> list[Problem]``; what others build on stays."""
    return _attach("cancel_checks", kind, given)


def posts(kind: type[Record], given: Facts = None) -> Callable[[F], F]:
    """Say what a submit books: ``act(document, facts) -> list[entry]``, pure; entries go to their writers."""
    return _attach("posts", kind, given)


def needs_approval(kind: type[Record], given: Facts = None) -> Callable[[F], F]:
    """Say whether somebody must approve first: ``act(document, facts) -> ApprovalNeed | None``, pure."""
    return _attach("needs_approval", kind, given)


def after(event: type, kind: type[Record]) -> Callable[[F], F]:
    """Keep one's own tables in step, in the same transaction: ``act(work, document)``."""

    def attach(act: F) -> F:
        _after.setdefault((event, kind.__kind__), []).append(act)
        return act

    return attach


def run_after(event: type, work: Any, document: Record) -> None:
    """Run what waits for ``event`` of this kind."""
    for act in _after.get((event, document.__kind__), []):
        act(work, document)


def on_change(listen: F) -> F:
    """Be told of every change of every record: ``listen(work, record, event)``, inside the transaction."""
    _listeners.append(listen)
    return listen


def announce(work: Any, record: Record, event: str) -> None:
    """Tell the listeners (live topics, search, subscriptions) that ``record`` changed."""
    for listen in _listeners:
        listen(work, record, event)


_approval_listeners: list[Callable[..., None]] = []


def on_approval(listen: F) -> F:
    """Be told of requests and decisions: ``listen(work, approval, event)``, inside the transaction."""
    _approval_listeners.append(listen)
    return listen


def announce_approval(work: Any, approval: Any, event: str) -> None:
    """Tell the listeners that an approval was requested or decided."""
    for listen in _approval_listeners:
        listen(work, approval, event)


_planner: Callable[..., Any] | None = None
_deputies: Callable[..., Any] | None = None


def plans_approvals(plan: F) -> F:
    """Register who knows the approval flows: ``plan(work, document, asked) -> Asked | None``.

    ``asked`` is what the kind's own rules ask for, or None; the answer is everything that is asked.
    """
    global _planner  # noqa: PLW0603 - set once while the kernel is imported
    _planner = plan
    return plan


def planned_approval(work: Any, document: Record, asked: Any) -> Any:
    """Return what has to be approved before ``document`` is submitted, by flows and by the kind's own rules."""
    return _planner(work, document, asked) if _planner is not None else asked


def names_absent(find: F) -> F:
    """Register who knows the deputies: ``find(work, user_id)`` gives the actors in whose place a user may decide now."""
    global _deputies  # noqa: PLW0603 - set once while the kernel is imported
    _deputies = find
    return find


def absent_for(work: Any, user_id: int | None) -> tuple[Any, ...]:
    """Return those in whose place a user may decide today."""
    return tuple(_deputies(work, user_id)) if _deputies is not None and user_id else ()
