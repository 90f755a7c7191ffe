"""Which flow counts for a document, and what it asks: the plan kept with the request."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from erp.kernel.change.approvals import amount_of
from erp.kernel.change.hooks import names_absent, plans_approvals
from erp.kernel.change.seats import Asked, Plan, Step
from erp.kernel.change.work import Work
from erp.kernel.expressions import evaluate, names_in
from erp.kernel.flows.facts import Facts
from erp.kernel.flows.kept import FlowFacts, StepFacts, deputies, flows_for
from erp.kernel.flows.people import seats_of
from erp.kernel.records.record import Voucher
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.loading import actor_of
from erp.kernel.text import _


@dataclass(frozen=True, slots=True)
class Weighed:
    """A condition that was tried on a document: whether it held, and the values it was decided by."""

    name: str
    text: str
    held: bool
    values: tuple[tuple[str, Any], ...] = ()


@plans_approvals
def planned(work: Work, document: Voucher, asked: Asked | None) -> Asked | None:
    """Return what is asked of whom: by the first flow whose condition holds, after what the kind's own rules ask."""
    flow, facts, _weighed = choose(work, document, work.actor)
    return asked if flow is None else combined(work, document, flow, facts, asked)


def choose(work: Work, document: Voucher, requester: Actor) -> tuple[FlowFacts | None, Facts, list[Weighed]]:
    """Return the flow that counts, the facts it was chosen by, and every condition tried on the way."""
    facts, tried = Facts(work, document, requester), []
    for flow in flows_for(work, document.__kind__):
        if flow.only_company is not None and flow.only_company != document.company_id:
            continue
        tried.append(weigh(flow.name, flow.text, flow.condition, facts))
        if tried[-1].held:
            return flow, facts, tried
    return None, facts, tried


def weigh(name: str, text: str, condition: Any, facts: Facts) -> Weighed:
    """Try a condition on a document; an empty one holds."""
    if condition is None:
        return Weighed(name, "", True)
    held = evaluate(condition, facts) is True
    return Weighed(name, text, held, tuple((one, facts(one)) for one in sorted(names_in(condition))))


def combined(
    work: Work, document: Voucher, flow: FlowFacts, facts: Facts, asked: Asked | None
) -> Asked | None:  # fmt: skip
    """Return the plan of a flow, with what the kind's own rules ask as its first step unless the flow replaces it."""
    steps = steps_of(work, document, flow, facts)
    before = asked if asked is not None and not flow.replaces_limits else None
    if before is not None:
        limits = tuple(
            replace(step, name=step.name or _("Limit"), seats=tuple(replace(seat, label=seat.label or _("Who may approve"))
                    for seat in step.seats)) for step in before.plan.steps
        )  # fmt: skip
        steps = (*limits, *steps)
    if not steps:
        return None
    plan = Plan(
        steps, flow_id=flow.id, flow_version=flow.version, name=flow.name, own_requests=flow.own_requests,
        reopen_percent=flow.reopen_percent, hold=flow.hold, mails=flow.mails, notify=flow.notify,
        assign=flow.assign,
    )  # fmt: skip
    why = [flow.reason or (f"{flow.name}: {flow.text}" if flow.text else flow.name)]
    reason = "\n".join([*([before.reason] if before is not None else []), *why])
    amount = asked.amount if asked is not None and asked.amount is not None else amount_of(document)
    return Asked(plan, reason, amount=amount, facts=asked.facts if asked is not None else ())


def steps_of(work: Work, document: Voucher, flow: FlowFacts, facts: Facts) -> tuple[Step, ...]:
    """Return the steps of a flow whose conditions hold; rows of the same number are asked at the same time."""
    found = []
    for number, group in groupby(flow.steps, key=lambda row: row.step):
        rows = [row for row in group if weigh(row.name, row.text, row.condition, facts).held]
        if rows:
            found.append(_step(work, document, number, rows, facts.requester))
    return tuple(found)


def _step(work: Work, document: Voucher, number: int, rows: list[StepFacts], requester: Actor) -> Step:
    return Step(
        name=next((row.name for row in rows if row.name), _("Step %(n)s", n=number)),
        seats=tuple(seat for row in rows for seat in seats_of(work, document, row, requester)),
        quorum=max(row.quorum for row in rows), hours=max(row.hours for row in rows),
        escalate=next((row.escalate for row in rows if row.escalate), ""),
        editable=tuple(dict.fromkeys(name for row in rows for name in row.editable)),
    )  # fmt: skip


@names_absent
def absent_now(work: Work, user_id: int) -> list[Actor]:
    """Return those whose deputy a user is today."""
    today = work.today()
    ids = {one.absent for one in deputies(work) if one.deputy == user_id and one.from_day <= today <= one.to_day}
    known: dict[int, Actor | None] = work.once("absent actors", dict)
    for one in ids - known.keys():
        known[one] = actor_of(work.session, one)
    return [actor for one in sorted(ids) if (actor := known[one])]
