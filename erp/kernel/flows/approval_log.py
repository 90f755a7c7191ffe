"""The auditor's view of approvals: who could decide, who did, in whose place, how long it took, and where it waits."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from erp.kernel.change import approvals
from erp.kernel.change.approvals import PENDING, Approval, ApprovalDecision
from erp.kernel.change.hooks import absent_for
from erp.kernel.change.work import Work
from erp.kernel.flows.cards import STATES
from erp.kernel.flows.steps import label_of, sentence
from erp.kernel.format import Format
from erp.kernel.paper.reports import CHOICE, DATE, LIMIT, Column, Parameter, Table, report
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.rights import active_actors, declare_right
from erp.kernel.text import _, _l, language

declare_right("approval", "audit", _l("Read who approved what"))

HOUR = Decimal(3600)
NAMED = 8


@report(
    "approval-log", _l("Approvals: who, when, how long"), right=("audit", "approval"),
    parameters=(
        Parameter("from", _l("From"), DATE), Parameter("to", _l("To"), DATE),
        Parameter("state", _l("Decision"), CHOICE, choices=tuple(STATES.items())),
    ),
)  # fmt: skip
def approval_log(work: Work, asked: Mapping[str, Any]) -> Table:
    """Return every request of a company with its decisions below it; hours are elapsed hours, newest request first.

    A request that waits tells who can decide it now. Totals count requests, and average the hours of those decided.
    """
    where = _asked_for(work, asked)
    count = int(work.session.scalar(select(func.count()).select_from(Approval).where(*where)) or 0)
    query = select(Approval).where(*where).order_by(Approval.id.desc()).limit(asked[LIMIT])
    requests = list(work.session.scalars(query))
    numbers, said, waiting = _numbers(work, requests), _said(work, requests), Waiting(work)
    rows: list[dict[str, Any]] = []
    for one in requests:
        rows.append(_request(work, one, numbers, waiting))
        rows += _decisions(one, said.get(one.id, []))
    hours = [_hours(one.requested_at, one.decided_at) for one in requests if one.decided_at is not None]
    totals: dict[str, Any] = {"document": _("%(n)s requests", n=count)}
    if hours:
        totals["hours"] = _tenth(sum(hours, Decimal(0)) / len(hours))
    columns = [
        Column("document", _("Document")), Column("who", _("Person")), Column("what", _("What happened")),
        Column("could", _("Who could decide")), Column("at", _("When"), "instant"), Column("hours", _("Hours"), "number"),
        Column("amount", _("Amount"), "label"), Column("said", _("Comment")),
    ]  # fmt: skip
    note = _("The hours at the bottom are the average until a decision.") if hours else ""
    return Table(columns, rows, totals, note=note, left=max(0, count - len(requests)))


def _asked_for(work: Work, asked: Mapping[str, Any]) -> list[Any]:
    company, zone = asked["company"], work.zone(asked["company"])
    where: list[Any] = [Approval.company_id == company]
    if asked.get("from"):
        where.append(Approval.requested_at >= _midnight(asked["from"], zone))
    if asked.get("to"):
        where.append(Approval.requested_at < _midnight(asked["to"] + timedelta(days=1), zone))
    if asked.get("state"):
        where.append(Approval.state == asked["state"])
    return where


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins where the company is, in UTC without zone."""
    return datetime.combine(day, time(), zone).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _numbers(work: Work, requests: Iterable[Approval]) -> dict[tuple[str, int], str]:
    """Return what each document is called, also one that its reader may not open: one query for each kind."""
    ids: dict[str, set[int]] = {}
    for one in requests:
        ids.setdefault(one.kind, set()).add(one.record_id)
    found: dict[tuple[str, int], str] = {}
    for name in sorted(name for name in ids if has_kind(name)):
        kind: Any = kind_of(name)
        for record_id, number in work.session.execute(select(kind.id, kind.number).where(kind.id.in_(ids[name]))):
            found[name, record_id] = number or _("Draft %(id)s", id=record_id)
    return found


def _said(work: Work, requests: Iterable[Approval]) -> dict[int, list[ApprovalDecision]]:
    found: dict[int, list[ApprovalDecision]] = {}
    for row in approvals.decisions(work, requests):
        found.setdefault(row.approval_id, []).append(row)
    return found


class Waiting:
    """Who can decide what waits now: everybody is asked for once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.people: list[tuple[Any, tuple[Any, ...]]] | None = None

    def on(self, approval: Approval) -> str:
        """Return the names of those who can decide a request now."""
        if self.people is None:
            everybody = active_actors(self.work.session)
            self.people = [(one, absent_for(self.work, one.user_id)) for one in everybody]
        standing = approvals.standing_of(approval)
        names = [one.name for one, absent in self.people if standing.chair_for(one, absent)]
        more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
        return ", ".join(names[:NAMED]) + more or _("nobody")


def _request(work: Work, one: Approval, numbers: Mapping[tuple[str, int], str], waiting: Waiting) -> dict[str, Any]:
    """Return the row of a request: until when it took, or how long it waits already."""
    known = has_kind(one.kind)
    name = numbers.get((one.kind, one.record_id), f"#{one.record_id}")
    label = f"{kind_of(one.kind).__label__} {name}" if known else name
    could = waiting.on(one) if one.state == PENDING else "; ".join(_seats(one))
    amount = Format(language(), work.actor.timezone).money(one.amount, one.currency) if one.amount is not None else ""
    return {
        "document": label, "who": one.requested_by_name, "what": str(STATES.get(one.state, one.state)), "could": could,
        "at": one.requested_at, "hours": _hours(one.requested_at, one.decided_at or work.now), "said": one.reason,
        "amount": f"{one.currency} {amount}".strip() if amount else "", "depth": 0,
        "url": f"/{kind_of(one.kind).__collection__}/{one.record_id}" if known else None,
    }  # fmt: skip


def _seats(one: Approval) -> list[str]:
    """Return who was asked in each step, in words."""
    steps = approvals.standing_of(one).plan.steps
    return [", ".join(label_of(seat) for seat in step.seats) for step in steps]


def _decisions(one: Approval, said: Iterable[ApprovalDecision]) -> list[dict[str, Any]]:
    """Return a row for each thing that was said, with the hours since the one before it."""
    steps = approvals.standing_of(one).plan.steps
    rows, before = [], one.requested_at
    for row in said:
        if row.what == "requested":
            continue
        asked = steps[row.step].seats if row.step < len(steps) else ()
        rows.append({
            "document": steps[row.step].name or _("Step %(n)s", n=row.step + 1) if asked else "", "who": row.user_name,
            "what": sentence(row), "could": ", ".join(label_of(seat) for seat in asked), "at": row.at,
            "hours": _hours(before, row.at), "said": row.comment or "", "amount": "", "depth": 1,
        })  # fmt: skip
        before = row.at
    return rows


def _hours(began: datetime, ended: datetime) -> Decimal:
    """Return elapsed hours with one decimal."""
    return _tenth(Decimal((ended - began).total_seconds()) / HOUR)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
