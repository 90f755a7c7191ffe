"""What the inbox does beside showing: receipts, several decisions at once, links from mails, and the preview."""

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.find import find
from erp.kernel.change.verbs import perform
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotFound, Refused
from erp.kernel.flows.cards import title_of
from erp.kernel.flows.kept import flows_for
from erp.kernel.flows.mailed import read_link
from erp.kernel.flows.preview import foreseen, has_rules
from erp.kernel.flows.receipts import note_receipt
from erp.kernel.records.record import Record, Voucher
from erp.kernel.records.registry import collection as kind_behind
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, ngettext
from erp.kernel.web.pages import see_other
from erp.kernel.web.slots import fills_rail

more = Blueprint("approval_pages", __name__, url_prefix="/approvals")
AT_ONCE = 100


@more.post("/<int:approval_id>/receipt")
@surface("approval_pages.receipt", own=True, note="only of those who may decide")
def receipt(approval_id: int) -> ResponseReturnValue:
    """Note that the reader's screen shows the request, or (``seen``) that he opened it."""
    work = current_work()
    approval = work.session.get(Approval, approval_id)
    if approval is None or not has_kind(approval.kind) or not approvals.may_decide(work, approval):
        raise NotFound
    if approval.state == approvals.PENDING:
        note_receipt(work, approval, seen=request.form.get("seen") == "1")
    return "", 204


@more.get("/by-mail/<token>")
@surface("approval_pages.by_mail", own=True, note="the one whom the mail went to, as long as he may decide")
def by_mail(token: str) -> ResponseReturnValue:
    """Go to the request that a mail told of; a link that is used, over or of somebody else leads nowhere."""
    work, way = current_work(), read_link(token)
    approval = work.session.get(Approval, way.approval) if way is not None else None
    if way is None or approval is None or way.user != work.actor.user_id:
        raise NotFound
    if approval.state != approvals.PENDING or approval.step != way.step or not approvals.may_decide(work, approval):
        return render_template(
            "approvals/over.html", title=_("Approvals"), crumbs=[(_("Approvals"), "/approvals")]
        ), 410
    return see_other(f"/approvals/{approval.id}")


@more.post("/decisions")
@surface("approval_pages.decide", own=True, note="each is the verb of its document")
def decide() -> ResponseReturnValue:
    """Approve several requests: each is approved or refused for itself, and what was refused is told."""
    work, done, refused = current_work(), 0, []
    for sent in request.form.getlist("request")[:AT_ONCE]:
        approval_id, _colon, version = sent.partition(":")
        approval = work.session.get(Approval, int(approval_id)) if approval_id.isdigit() else None
        if approval is None or not version.isdigit():
            continue
        try:
            with work.session.begin_nested():
                perform(work, kind_of(approval.kind), approval.record_id, "approval", {}, version=int(version))
            done += 1
        except Refused as error:
            refused.append((f"/approvals/{approval.id}", f"#{approval.record_id}", error.message))
    said = ngettext("%(n)s request approved.", "%(n)s requests approved.", done)
    return render_template(
        "approvals/decided.html", title=_("Approvals"), said=said, refused=refused,
        crumbs=[(_("Approvals"), "/approvals")],
    )  # fmt: skip


@more.get("/preview/<collection>/<int:record_id>")
@surface("approval_pages.preview", own=True, note="asks for the document")
def preview(collection: str, record_id: int) -> ResponseReturnValue:
    """Say who would have to approve a document as it stands, and why."""
    work, document = current_work(), _document(current_work(), collection, record_id)
    return render_template(
        "approvals/preview.html", title=_("Who would have to approve?"), document=document, called=title_of(document),
        found=foreseen(work, document, g.format),
        crumbs=[(title_of(document), f"/{collection}/{record_id}"), (_("Who would have to approve?"), None)],
    )  # fmt: skip


@fills_rail
def way_to_preview(work: Work, record: Record) -> dict[str, Any]:
    """Offer the preview beside drafts of kinds that somebody must approve."""
    if not isinstance(record, Voucher) or not record.is_draft:
        return {}
    if not has_rules(record) and not flows_for(work, record.__kind__):
        return {}
    url = f"/approvals/preview/{record.__collection__}/{record.id}"
    return {"ways": [("stamp", _("Who would have to approve?"), url)]}


def _document(work: Work, collection: str, record_id: int) -> Voucher:
    document = find(work, kind_behind(collection), record_id)
    if not isinstance(document, Voucher):
        raise NotFound
    return document
