"""What waits for a decision: the inbox and its views, one request in full, the card on the approver's page.

Decisions themselves are verbs of the document (``POST /<collection>/<id>/approval``).
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.find import find
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotFound
from erp.kernel.flows.cards import cards, full
from erp.kernel.flows.lists import VIEWS, counts, listed
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, _l

pages = Blueprint("approvals", __name__, url_prefix="/approvals")
TEACHING = {
    "mine": _l("Nothing waits for you. What needs your decision appears here and on the page you are on."),
    "delegated": _l("Nobody has named you as a deputy for today, and nothing was handed on to you."),
    "team": _l("Nothing waits for others among the documents that you may see."),
    "asked": _l("You have asked for nothing. A document over a limit asks when you submit it, and its answer appears here."),
    "decided": _l("You have decided nothing yet. Your decisions stay here, with what you said."),
}  # fmt: skip


@pages.get("")
@surface(
    "approvals.inbox", own=True, note="what waits for the reader, what he asked or decided, and what waits for others"
)
def inbox() -> ResponseReturnValue:
    """Show what waits for the reader, or what the reader asked of others."""
    return _inbox(current_work(), None)


@pages.get("/<int:approval_id>")
@surface("approvals.review", own=True, note="asks for the document that the approval is about")
def review(approval_id: int) -> ResponseReturnValue:
    """Show one request in full beside the others."""
    work = current_work()
    return _inbox(work, _known(work, approval_id))


@pages.get("/<int:approval_id>/popup")
@surface("approvals.popup", own=True, note="only for those who may decide")
def popup(approval_id: int) -> ResponseReturnValue:
    """Return the card of a request that waits for the reader; nothing to anybody else."""
    work = current_work()
    approval = _known(work, approval_id)
    if approval.state != approvals.PENDING or not approvals.may_decide(work, approval):
        raise NotFound
    return render_template("approvals/_popup.html", approval=cards(work, [approval])[0])


def _known(work: Work, approval_id: int) -> Approval:
    """Return a request that the reader may see: to decide, because it is his own, or through its document."""
    approval = work.session.get(Approval, approval_id)
    if approval is None or not has_kind(approval.kind):
        raise NotFound
    find(work, kind_of(approval.kind), approval.record_id, lines=False)
    return approval


def _inbox(work: Work, chosen: Approval | None) -> ResponseReturnValue:
    show = request.args.get("show", "mine")
    show = show if show in VIEWS else "mine"
    opened = full(work, chosen) if chosen is not None else None
    shown = counts(work)
    views = [
        (key, label, shown.get(key))
        for key, label in VIEWS.items()
        if key != "delegated" or shown.get(key) or show == key
    ]
    return render_template(
        "approvals/inbox.html", title=_("Approvals"), approvals=cards(work, listed(work, show)), show=show, views=views,
        crumbs=[(_("Approvals"), "/approvals"), (opened["title"], None)] if opened else [(_("Approvals"), None)],
        approval=opened, teaching=TEACHING[show],
    )  # fmt: skip
