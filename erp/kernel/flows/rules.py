"""What a flow and a deputy must be before they count."""

from collections.abc import Iterator
from typing import Any

from erp.kernel.change.hooks import valid_if
from erp.kernel.change.work import Work
from erp.kernel.errors import Problem
from erp.kernel.expressions import TRUTH, Broken, Kind, check, parse
from erp.kernel.flows import model
from erp.kernel.flows.facts import names_of
from erp.kernel.flows.model import ApprovalDeputy, ApprovalFlow, ApprovalFlowStep
from erp.kernel.records.description import Description, describe
from erp.kernel.records.registry import has_kind
from erp.kernel.records.setup import setup
from erp.kernel.text import _

MOST_PEOPLE = 20


def flow_names(work: Work, flow: ApprovalFlow) -> tuple[dict[str, Kind], Description | None]:
    """Return what conditions of a flow may name, and its documents' description."""
    if not flow.for_kind or not has_kind(flow.for_kind):
        return {}, None
    return names_of(work, flow.for_kind), describe(flow.for_kind, "form", setup(work.session))


@valid_if(ApprovalFlow, given=flow_names)
def flow_problems(flow: ApprovalFlow, known: tuple[dict[str, Kind], Description | None]) -> list[Problem]:
    """Refuse conditions that make no sense and steps without anybody."""
    names, described = known
    if described is None:
        return []
    found = list(_condition(flow.condition, names, "condition"))
    if flow.reopen_percent is not None and not 0 <= flow.reopen_percent <= 1000:
        found.append(Problem("reopen_percent", "negative", _("Enter a share from 0 to 1000.")))
    for place, step in enumerate(flow.steps, 1):
        found += [
            one.under("steps", place)
            for one in (*_condition(step.condition, names, "condition"), *_step(step, described))
        ]
    return found


def _condition(text: str | None, names: dict[str, Kind], field: str) -> Iterator[Problem]:
    if not text or not text.strip():
        return
    try:
        kind = check(parse(text), names)
    except Broken as broken:
        place = _("%(what)s (at character %(n)s)", what=broken.message, n=broken.place)
        yield Problem(field, "not_understood", place)
        return
    if kind != TRUTH:
        yield Problem(field, "not_a_condition", _("This gives no yes or no: compare it, as in total > 1000."))


def _step(step: ApprovalFlowStep, described: Description) -> Iterator[Problem]:
    needed = {model.ROLE: "role_id", model.USER: "user_id", model.FIELD: "document_field"}.get(step.who)
    if needed and not getattr(step, needed):
        yield Problem(needed.removesuffix("_id"), "required", _("Say who."))
    info = described.get(step.document_field or "")
    if step.who == model.FIELD and step.document_field and (info is None or info.link not in {"user", "employee"}):
        yield Problem("document_field", "not_found", _("There is no such field with a user or an employee."))
    if not 1 <= step.step <= 50:
        yield Problem("step", "not_whole", _("Enter a number from 1 to 50."))
    if not 1 <= step.people <= MOST_PEOPLE:
        yield Problem("people", "not_whole", _("Enter a number from 1 to 20."))
    if any((getattr(step, name) or 0) < 0 for name in ("quorum", "hours")):
        yield Problem("quorum" if (step.quorum or 0) < 0 else "hours", "negative", _("Enter a number above zero."))
    yield from _open_fields(step, described)


def _open_fields(step: ApprovalFlowStep, described: Description) -> Iterator[Problem]:
    for name in (part.strip() for part in (step.editable or "").split(",")):
        line, _dot, rest = name.partition(".")
        info = described.lines[line].get(rest) if line in described.lines else described.get(name)
        if name and (info is None or info.readonly):
            yield Problem("editable", "not_found", _("There is no field “%(name)s” to leave open.", name=name))


def who_asks(work: Work, deputy: ApprovalDeputy) -> Any:
    """Return who enters a deputy."""
    del deputy
    return work.actor


@valid_if(ApprovalDeputy, given=who_asks)
def deputy_problems(deputy: ApprovalDeputy, actor: Any) -> list[Problem]:
    """Refuse deputies of oneself, periods that end before they begin, and deputies of others by anybody but administrators."""
    found = []
    if deputy.absent_id and deputy.absent_id == deputy.deputy_id:
        found.append(Problem("deputy", "itself", _("Nobody is their own deputy.")))
    if deputy.from_day and deputy.to_day and deputy.to_day < deputy.from_day:
        found.append(Problem("to_day", "before_start", _("This is before the first day.")))
    if deputy.absent_id and deputy.absent_id != actor.user_id and not actor.is_admin:
        found.append(Problem("absent", "not_allowed", _("You may name a deputy for yourself only.")))
    return found
