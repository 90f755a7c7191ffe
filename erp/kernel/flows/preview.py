"""Who would have to approve this one, and why: every condition tried, with the values it was decided by."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from erp.kernel.change import approvals
from erp.kernel.change.approvals import still_approved
from erp.kernel.change.hooks import rules
from erp.kernel.change.seats import Standing
from erp.kernel.change.work import Work
from erp.kernel.flows.kept import FlowFacts
from erp.kernel.flows.planning import Weighed, choose, weigh
from erp.kernel.flows.steps import NAMED_AT_MOST, label_of, rule_of
from erp.kernel.format import Format
from erp.kernel.records.record import Voucher
from erp.kernel.rights import active_actors
from erp.kernel.text import _


@dataclass(frozen=True, slots=True)
class Tried:
    """A condition that was tried: whose it is, its text, whether it held, and by which values."""

    name: str
    text: str
    held: bool
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StepAhead:
    """One step to come: who is asked in words, how many are enough, and who that is today."""

    number: int
    name: str
    seats: tuple[str, ...]
    rule: str
    people: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a submit would ask: nothing (``steps`` empty), or these steps for these reasons."""

    reasons: tuple[str, ...]
    tried: tuple[Tried, ...]
    steps: tuple[StepAhead, ...]
    stands: bool


def foreseen(work: Work, document: Voucher, fmt: Format) -> Foreseen:
    """Return who would have to approve a document if the actor submitted it as it stands."""
    asked = approvals.need_of(work, document)
    flow, facts, weighed = choose(work, document, work.actor)
    tried = [_tried(one, fmt) for one in weighed]
    if flow is not None:
        tried += [_tried(one, fmt) for one in _of_steps(flow, facts)]
    steps = []
    for place, step in enumerate(asked.plan.steps if asked is not None else ()):
        people = _people(work, Standing(document.__kind__, document.company_id, work.actor.user_id, asked.plan, place))  # type: ignore[union-attr]
        labels = tuple(f"{label_of(seat)}{' (' + _('opinion') + ')' if seat.consult else ''}" for seat in step.seats)
        steps.append(
            StepAhead(place + 1, step.name or _("Step %(n)s", n=place + 1), labels, rule_of(step),
                      tuple(people[:NAMED_AT_MOST]), max(0, len(people) - NAMED_AT_MOST))
        )  # fmt: skip
    reasons = tuple(_(line) for line in asked.reason.split("\n") if line) if asked is not None else ()
    return Foreseen(reasons, tuple(tried), tuple(steps), asked is not None and still_approved(work, document))


def has_rules(document: Voucher) -> bool:
    """Return whether a kind asks for approvals by rules of its own."""
    return bool(rules("needs_approval", document.__kind__))


def _of_steps(flow: FlowFacts, facts: Any) -> list[Weighed]:
    return [
        weigh(f"{flow.name} · {row.name or _('Step %(n)s', n=row.step)}", row.text, row.condition, facts)
        for row in flow.steps
        if row.condition is not None
    ]


def _tried(one: Weighed, fmt: Format) -> Tried:
    return Tried(one.name, one.text, one.held, tuple((name, _words(value, fmt)) for name, value in one.values))


def _words(value: Any, fmt: Format) -> str:
    if value is None:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | int):
        return fmt.number(value)
    if isinstance(value, list | tuple):
        return ", ".join(_words(one, fmt) for one in value[:10]) or _("empty")
    return fmt.date(value) if hasattr(value, "isoformat") else str(value)


def _people(work: Work, standing: Standing) -> list[str]:
    return [one.name for one in active_actors(work.session) if one.user_id and standing.chair_for(one)]
