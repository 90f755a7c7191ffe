"""The page from which an administrator draws flows: those in force, some to start from, and what conditions may name."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.work import current_work
from erp.kernel.flows.facts import words_of
from erp.kernel.flows.kept import flows_for
from erp.kernel.flows.model import kinds_to_approve
from erp.kernel.flows.ready import begin_with, ready_flows
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, _l
from erp.kernel.web.account import page
from erp.kernel.web.pages import see_other

flow_pages = Blueprint("flow_pages", __name__, url_prefix="/settings/approvals")

TYPES = {"number": _l("number"), "text": _l("text"), "date": _l("date"), "truth": _l("yes or no")}


@surface("flow_pages.overview", kind="approval_flow", verb="create")
@flow_pages.get("")
def overview() -> ResponseReturnValue:
    """Show the flows in force by kind, ready-made ones, and the names for the conditions of one kind."""
    work = current_work()
    kinds = [(kind, str(label)) for kind, label in sorted(kinds_to_approve(), key=lambda one: str(one[1]))]
    known = dict(kinds)
    chosen = request.args.get("kind", "")
    chosen = chosen if chosen in known else next(iter(known), "")
    rows: list[tuple[str, Any]] = [(label, flow) for kind, label in kinds for flow in flows_for(work, kind)]
    words = [(name, str(TYPES[type_.base]), label) for name, type_, label in words_of(work, chosen)] if chosen else []
    return page(
        "approvals", _("Approval flows"), rows=rows, ready=ready_flows(), kinds=kinds, chosen=chosen, words=words
    )


@surface("flow_pages.begin", kind="approval_flow", verb="create")
@flow_pages.post("/ready/<key>")
def begin(key: str) -> ResponseReturnValue:
    """Begin with a ready-made flow, and open it."""
    flow = begin_with(current_work(), key)
    current_work().session.flush()
    return see_other(f"/approval-flows/{flow.id}")
