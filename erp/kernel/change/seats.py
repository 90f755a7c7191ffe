"""Who must approve: steps one after the other, seats side by side; a plan is made once and kept with the request.

Everything here is pure: a plan, what was decided so far, and who asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from erp.kernel.rights import may, token_covers
from erp.kernel.rights.actor import Actor

RIGHT, ROLE, USER = "right", "role", "user"
"""Who sits: anybody with the right to approve (and the role, if one is named), a role, or named users."""

APPROVED, OPINION = "approved", "opinion"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person to be asked. ``label`` says who in words; ``consult``: gives an opinion and cannot block.

    ``handed_on``: who sat here first gave the decision to somebody else.
    """

    who: str = RIGHT
    label: str = ""
    role: str = ""
    users: tuple[int, ...] = ()
    consult: bool = False
    handed_on: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Seats asked at the same time. ``quorum``: how many of those that decide must approve; 0 is all of them.

    ``hours`` is the time after which it is reminded of, twice that the time after which ``escalate`` (a role) may
    decide as well. ``editable``: the fields that may be changed while it waits here.
    """

    name: str = ""
    seats: tuple[Seat, ...] = (Seat(),)
    quorum: int = 0
    hours: int = 0
    escalate: str = ""
    editable: tuple[str, ...] = ()

    @property
    def deciding(self) -> tuple[int, ...]:
        """Return the places of the seats that approve; where all only consult, of all of them."""
        found = tuple(place for place, seat in enumerate(self.seats) if not seat.consult)
        return found or tuple(range(len(self.seats)))

    @property
    def needed(self) -> int:
        """Return how many seats must be taken before the next step begins."""
        most = len(self.deciding)
        return min(self.quorum, most) if self.quorum > 0 else most


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything agreed when approval was asked: a flow that is changed later changes no request under way.

    ``reopen_percent``: by how much the amount of an approved document may change without asking again; None: not at
    all. ``hold``: an approved document waits for its requester to submit it. ``notify``: a role told of the decision.
    ``assign``: the user who is asked to see to it once it is approved; 0: nobody.
    ``mails``: those who may decide get a mail as well.
    """

    steps: tuple[Step, ...] = (Step(),)
    flow_id: int | None = None
    flow_version: int = 0
    name: str = ""
    own_requests: bool = False
    reopen_percent: Decimal | None = None
    hold: bool = False
    notify: str = ""
    assign: int = 0
    mails: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the plan as it is kept with a request."""
        share = None if self.reopen_percent is None else str(self.reopen_percent)
        return {**asdict(self), "reopen_percent": share}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None, role: str = "") -> "Plan":
        """Return a plan that was kept; requests from before there were flows have one seat for the right."""
        if kept is None:
            return cls(steps=(Step(seats=(Seat(role=role),)),))
        steps = tuple(
            Step(**{**step, "seats": tuple(Seat(**{**seat, "users": tuple(seat["users"])}) for seat in step["seats"]),
                    "editable": tuple(step["editable"])})
            for step in kept["steps"]
        )  # fmt: skip
        share = kept["reopen_percent"]
        return cls(**{**kept, "steps": steps, "reopen_percent": None if share is None else Decimal(share)})


@dataclass(frozen=True, slots=True)
class Taken:
    """A seat that was taken in this round: in which step, what was said, by whom, and for whom if not for himself."""

    step: int
    seat: int
    what: str
    by: int | None
    on_behalf: int | None = None


@dataclass(frozen=True, slots=True)
class Chair:
    """The seat an actor may take now, and the user in whose place (None: his own)."""

    seat: int
    on_behalf: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a request has come: where it is, what was said so far, and whether its deadline is over."""

    kind: str
    company_id: int | None
    requested_by: int | None
    plan: Plan
    step: int = 0
    taken: tuple[Taken, ...] = ()
    escalated: bool = False

    @property
    def current(self) -> Step:
        """Return the step that it waits in."""
        return self.plan.steps[min(self.step, len(self.plan.steps) - 1)]

    @property
    def open_seats(self) -> list[int]:
        """Return the places of the seats nobody has taken in this step."""
        gone = {one.seat for one in self.taken if one.step == self.step}
        return [place for place in range(len(self.current.seats)) if place not in gone]

    @property
    def is_passed(self) -> bool:
        """Return whether the step has as many approvals as it needs."""
        deciding = set(self.current.deciding)
        said = {one.seat for one in self.taken if one.step == self.step and one.seat in deciding}
        return len(said) >= self.current.needed

    def chair_for(self, actor: Actor, absent: Iterable[Actor] = ()) -> Chair | None:
        """Return the seat that ``actor`` may take now, deciding ones first, for himself before others; None: no seat.

        ``absent`` are those whose deputy the actor is today. Nobody takes two seats of one step, and nobody decides
        about his own request (nor about that of whom he stands in for) unless the flow allows it.
        """
        if not self._may_sit(actor):
            return None
        places = sorted(self.open_seats, key=lambda place: self.current.seats[place].consult)
        for person in (actor, *(one for one in absent if one.user_id != actor.user_id)):
            if person is not actor and not self._may_sit(person):
                continue
            for place in places:
                if self._fits(person, self.current.seats[place]):
                    return Chair(place, None if person is actor else person.user_id)
        return None

    def _may_sit(self, actor: Actor) -> bool:
        if actor.is_anonymous or not token_covers(actor, "approve", self.kind):
            return False
        if self.company_id and actor.companies is not None and self.company_id not in actor.companies:
            return False
        if actor.user_id == self.requested_by and not self.plan.own_requests:
            return False
        people = {who for one in self.taken if one.step == self.step for who in (one.by, one.on_behalf) if who}
        return actor.user_id not in people

    def _fits(self, actor: Actor, seat: Seat) -> bool:
        if not may(actor, "read", self.kind):
            return False
        if self.escalated and self.current.escalate and self.current.escalate in actor.roles:
            return True
        if seat.who == USER:
            return actor.user_id in seat.users
        if seat.who == RIGHT and not may(actor, "approve", self.kind):
            return False
        return actor.is_admin or not seat.role or seat.role in actor.roles


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the approvers: the plan, and why, in sentences; ``facts`` are label and text pairs."""

    plan: Plan
    reason: str = ""
    role: str = ""
    amount: Decimal | None = None
    facts: tuple[tuple[str, str], ...] = field(default_factory=tuple)
