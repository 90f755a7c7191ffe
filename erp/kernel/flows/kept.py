"""The flows and deputies in force, as plain facts kept for as long as the setup stands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from erp.kernel.change.kept import kept
from erp.kernel.change.work import Work
from erp.kernel.expressions import Node, parse
from erp.kernel.flows.model import ApprovalDeputy, ApprovalFlow, ApprovalFlowStep
from erp.kernel.records import ACTIVE
from erp.kernel.rights.tables import Role
from erp.kernel.rights.user import User


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One row of a flow with codes and names in place of ids."""

    step: int
    name: str
    who: str
    role: str
    role_name: str
    user: int
    user_name: str
    document_field: str
    text: str
    condition: Node | None
    people: int
    consult: bool
    quorum: int
    hours: int
    escalate: str
    editable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """A flow in force. ``version`` grows with every change of it."""

    id: int
    version: int
    name: str
    text: str
    condition: Node | None
    reason: str
    replaces_limits: bool
    own_requests: bool
    hold: bool
    mails: bool
    reopen_percent: Decimal | None
    notify: str
    assign: int
    only_company: int | None
    steps: tuple[StepFacts, ...]


@dataclass(frozen=True, slots=True)
class DeputyFacts:
    """Who stands in for whom, on which days."""

    absent: int
    deputy: int
    from_day: date
    to_day: date


def flows_for(work: Work, kind: str) -> tuple[FlowFacts, ...]:
    """Return the flows of a kind in the order in which they are asked."""
    return kept(work, ("approval flows", kind), lambda: _flows(work, kind))


def deputies(work: Work) -> tuple[DeputyFacts, ...]:
    """Return everybody who stands in for somebody, now or later."""
    return kept(work, "approval deputies", lambda: _deputies(work))


def _deputies(work: Work) -> tuple[DeputyFacts, ...]:
    rows = work.session.scalars(select(ApprovalDeputy).order_by(ApprovalDeputy.id))
    return tuple(DeputyFacts(row.absent_id, row.deputy_id, row.from_day, row.to_day) for row in rows)


def _flows(work: Work, kind: str) -> tuple[FlowFacts, ...]:
    query = select(ApprovalFlow).where(ApprovalFlow.for_kind == kind, ApprovalFlow.state == ACTIVE)
    query = query.options(selectinload(ApprovalFlow.steps)).order_by(ApprovalFlow.position, ApprovalFlow.id)
    flows = list(work.session.scalars(query))
    if not flows:
        return ()
    roles = {row.id: (row.code, row.name) for row in work.session.execute(select(Role.id, Role.code, Role.name))}
    users: dict[int, str] = {row.id: row.name for row in work.session.execute(select(User.id, User.name))}
    return tuple(_flow(flow, roles, users) for flow in flows)


def tree_of(text: str | None) -> Node | None:
    """Return the tree of a condition; None for an empty one, which always holds."""
    return parse(text) if text and text.strip() else None


def _flow(flow: ApprovalFlow, roles: dict[int, tuple[str, str]], users: dict[int, str]) -> FlowFacts:
    return FlowFacts(
        id=flow.id, version=flow.version, name=flow.name, text=(flow.condition or "").strip(),
        condition=tree_of(flow.condition), reason=flow.reason or "", replaces_limits=flow.replaces_limits,
        own_requests=flow.own_requests, hold=flow.after == "hold", mails=flow.mails, reopen_percent=flow.reopen_percent,
        notify=roles.get(flow.notify_role_id or 0, ("", ""))[0], only_company=flow.only_company_id,
        assign=flow.assign_to_id or 0,
        steps=tuple(_step(row, roles, users) for row in sorted(flow.steps, key=lambda row: (row.step, row.position))),
    )  # fmt: skip


def _step(row: ApprovalFlowStep, roles: dict[int, tuple[str, str]], users: dict[int, str]) -> StepFacts:
    role, role_name = roles.get(row.role_id or 0, ("", ""))
    return StepFacts(
        step=row.step, name=row.name or "", who=row.who, role=role, role_name=role_name, user=row.user_id or 0,
        user_name=users.get(row.user_id or 0, ""), document_field=row.document_field or "", text=row.condition or "",
        condition=tree_of(row.condition), people=row.people, consult=row.consult, quorum=row.quorum or 0,
        hours=row.hours or 0, escalate=roles.get(row.escalate_id or 0, ("", ""))[0],
        editable=tuple(part.strip() for part in (row.editable or "").split(",") if part.strip()),
    )  # fmt: skip
