"""How far a request is, step by step with its people, and what was said about it as one sentence each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval, ApprovalDecision
from erp.kernel.change.links import known_labels
from erp.kernel.change.seats import Seat, Standing, Step
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.kernel.text import _

NAMED_AT_MOST = 4
ICONS = {
    "approved": "circle-check", "opinion": "message-square", "rejected": "x", "returned": "undo-2",
    "step_back": "undo-2", "question": "message-square", "answer": "message-square", "delegated": "user",
    "reminded": "bell", "escalated": "bell",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeatView:
    """One seat: who is asked in words, what was said, by whom, and in whose place."""

    label: str
    consult: bool
    said: str = ""
    who: str = ""
    behalf: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: ``state`` is done, now or next; ``names`` are those who can decide now, ``more`` how many others can."""

    number: int
    name: str
    state: str
    rule: str
    seats: tuple[SeatView, ...]
    names: tuple[str, ...] = ()
    more: int = 0


def names_of(work: Work, ids: Iterable[int | None]) -> list[str]:
    """Return the names of users in order; one that is gone is a dash."""
    wanted = list(ids)
    known = known_labels(work, "user", [one for one in wanted if one])
    return [known[one].text if one in known else "–" for one in wanted]


def steps_of_request(work: Work, approval: Approval) -> list[StepView]:
    """Return every step of a request in order."""
    standing = approvals.standing_of(approval)
    waits = approval.state == approvals.PENDING
    deciders = [name for _id, name in approvals.deciders(work, approval)] if waits else []
    found = []
    for place in range(len(standing.plan.steps)):
        state = "now" if waits and place == standing.step else "done" if place <= standing.step else "next"
        people = deciders if state == "now" else []
        found.append(_step(work, standing, place, state, people))
    return found


def _step(work: Work, standing: Standing, place: int, state: str, people: list[str]) -> StepView:
    step = standing.plan.steps[place]
    taken = {one.seat: one for one in standing.taken if one.step == place}
    seats = []
    for number, seat in enumerate(step.seats):
        one = taken.get(number)
        who, behalf = names_of(work, [one.by, one.on_behalf]) if one is not None else ("", "")
        seats.append(SeatView(label_of(seat), seat.consult, one.what if one else "", who,
                              behalf if one is not None and one.on_behalf else ""))  # fmt: skip
    return StepView(
        place + 1, step.name or _("Step %(n)s", n=place + 1), state, rule_of(step), tuple(seats),
        tuple(people[:NAMED_AT_MOST]), max(0, len(people) - NAMED_AT_MOST),
    )  # fmt: skip


def label_of(seat: Seat) -> str:
    """Return in words who sits on a seat."""
    return seat.label or seat.role or _("Who may approve")


def rule_of(step: Step) -> str:
    """Return how many of a step's seats are enough, where that is not plain."""
    most = len(step.deciding)
    if most < 2:
        return ""
    if step.needed == most:
        return _("all of them")
    if step.needed == 1:
        return _("one of them")
    return _("%(n)s of %(all)s", n=step.needed, all=most)


def sentences(work: Work, requests: Iterable[Approval], fmt: Format) -> list[dict[str, Any]]:
    """Return what was said about requests, oldest first: icon, who, the sentence, when, and the words added."""
    return [
        {"icon": ICONS.get(row.what, "clock"), "who": row.user_name, "text": sentence(row), "when": fmt.ago(row.at),
         "said": "" if row.what == "requested" else row.comment or ""}
        for row in approvals.decisions(work, requests)
    ]  # fmt: skip


def sentence(row: ApprovalDecision) -> str:
    """Return one decision in words, behind the name of who made it."""
    said = {
        "requested": _("asked for approval"), "approved": _("approved"), "opinion": _("gave an opinion"),
        "rejected": _("rejected this"), "returned": _("returned this for changes"),
        "withdrawn": _("withdrew the request"), "question": _("asked"), "answer": _("answered"),
        "step_back": _("sent this back a step"), "delegated": _("handed the decision on to %(name)s", name=row.seat),
        "reminded": _("reminded those who have not decided"), "escalated": _("asked the next ones as well"),
    }.get(row.what, row.what)  # fmt: skip
    if row.behalf_name:
        said = _("%(did)s in place of %(name)s", did=said, name=row.behalf_name)
    if row.seat and row.what in {"approved", "opinion", "rejected", "returned"}:
        said = _("%(did)s as %(seat)s", did=said, seat=row.seat)
    return said
