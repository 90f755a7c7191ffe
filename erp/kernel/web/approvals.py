"""What waits for a decision: the inbox, one request in full, and the card that appears on the approver's page.

Decisions themselves are verbs of the document (``POST /<collection>/<id>/approval``): nothing here changes anything.
"""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.described import described
from erp.kernel.change.find import find, visible
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import NotFound
from erp.kernel.format import Format
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Voucher
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, _l
from erp.kernel.web.present import gather, shown

pages = Blueprint("approvals", __name__, url_prefix="/approvals")
ASKED_AT_MOST = 100
STATES = {
    approvals.PENDING: _l("Awaiting approval"), approvals.APPROVED: _l("Approved"),
    approvals.REJECTED: _l("Rejected"), approvals.RETURNED: _l("Returned"), approvals.WITHDRAWN: _l("Withdrawn"),
}  # fmt: skip


@pages.get("")
@surface("approvals.inbox", own=True, note="what waits for the reader, and what he asked")
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
    waiting = approvals.pending_for(work)
    shown_list = asked_by(work) if show == "asked" else waiting
    open_count = select(func.count()).where(
        Approval.state == approvals.PENDING, Approval.requested_by_id == work.actor.user_id
    )
    listed = cards(work, shown_list)
    opened = full(work, chosen) if chosen is not None else None
    return render_template(
        "approvals/inbox.html", title=_("Approvals"), approvals=listed, show=show, approval=opened,
        crumbs=[(_("Approvals"), "/approvals"), (opened["title"], None)] if opened else [(_("Approvals"), None)],
        counts={"mine": len(waiting), "asked": work.session.scalar(open_count) or 0},
    )  # fmt: skip


def asked_by(work: Work) -> list[Approval]:
    """Return what the actor asked of others, newest first."""
    query = select(Approval).where(Approval.requested_by_id == work.actor.user_id)
    return list(work.session.scalars(query.order_by(Approval.id.desc()).limit(ASKED_AT_MOST)))


def cards(work: Work, requests: Iterable[Approval]) -> list[dict[str, Any]]:
    """Return requests as the inbox, the card and the home page show them; documents one may not see are left out."""
    listed = list(requests)
    documents = _documents(work, listed)
    parties = _parties(work, documents.values())
    return [
        _not_said_yet(_card(approval, documents[approval.kind, approval.record_id], parties))
        for approval in listed
        if (approval.kind, approval.record_id) in documents
    ]


def _documents(work: Work, listed: list[Approval]) -> dict[tuple[str, int], Voucher]:
    """Return the documents behind the requests: one query for each kind."""
    found: dict[tuple[str, int], Voucher] = {}
    for name in sorted({approval.kind for approval in listed if has_kind(approval.kind)}):
        kind = kind_of(name)
        ids = [approval.record_id for approval in listed if approval.kind == name]
        for document in work.session.scalars(select(kind).where(kind.id.in_(ids), visible(work.actor, kind))):
            if isinstance(document, Voucher):
                found[name, document.id] = document
    return found


def _parties(work: Work, documents: Iterable[Voucher]) -> dict[tuple[str, int], str]:
    """Return with whom each document is: its first link that lists show."""
    links = [(document, info) for document in documents if (info := _party_field(work, document)) is not None]
    found = gather(work, ((info.link, getattr(document, info.attribute)) for document, info in links))
    return {
        (document.__kind__, document.id): shown(info, getattr(document, info.attribute), _format(), None, found)
        for document, info in links
    }


def _party_field(work: Work, document: Voucher) -> FieldInfo | None:
    fields = described(work, document.__kind__, "list").fields
    return next((info for info in fields if info.link and info.in_list and info.aspect is None), None)


def _format() -> Format:
    fmt: Format = g.format
    return fmt


def _card(approval: Approval, document: Voucher, parties: dict[tuple[str, int], str]) -> dict[str, Any]:
    fmt, base = _format(), f"/{document.__collection__}/{document.id}"
    return {
        "id": approval.id, "requester": approval.requested_by_name, "title": title_of(document),
        "party": parties.get((approval.kind, approval.record_id), ""), "when": fmt.ago(approval.requested_at),
        "amount": _amount(approval, fmt),
        "reasons": [("warn", _(sentence)) for sentence in approval.reason.split("\n") if sentence],
        "comment": approval.comment or "", "url": f"/approvals/{approval.id}", "document_url": base,
        "approve_url": f"{base}/approval", "reject_url": f"{base}/rejection", "return_url": f"{base}/return",
        "version": document.version, "key": uuid4().hex, "topic": document.topic,
        "status": "awaiting_approval" if approval.state == approvals.PENDING else approval.state,
        "status_label": STATES.get(approval.state, approval.state),
        "facts": [(_(label), str(text)) for label, text in (approval.facts or {}).items()],
    }  # fmt: skip


def _not_said_yet(card: dict[str, Any]) -> dict[str, Any]:
    """Return a card without the facts that it shows larger already: whose it is, and how much."""
    said = {card["party"], card["amount"]}
    return {**card, "facts": [(label, text) for label, text in card["facts"] if text not in said]}


def _amount(approval: Approval, fmt: Format) -> str:
    return "" if approval.amount is None else f"{approval.currency} {fmt.money(approval.amount, approval.currency)}"


def title_of(document: Voucher) -> str:
    """Return what the document is called in a sentence: "Sales order Draft 12"."""
    number = document.number or _("Draft %(id)s", id=document.id)
    return f"{document.__label__} {number}"


def full(work: Work, approval: Approval) -> dict[str, Any]:
    """Return one request with its facts and lines, for deciding."""
    document = find(work, kind_of(approval.kind), approval.record_id)
    card = cards(work, [approval])
    if not card or not isinstance(document, Voucher):
        raise NotFound
    waiting = approval.state == approvals.PENDING
    return {
        **card[0], "lines": _lines(work, document),
        "can_decide": waiting and approvals.may_decide(work, approval),
    }  # fmt: skip


def _lines(work: Work, document: Voucher) -> list[tuple[str, str, str, str]]:
    """Return the document's lines as (what, quantity, price, amount) where its lines have these."""
    fmt = _format()
    result = []
    for name, line in described(work, document.__kind__, "form").lines.items():
        rows = getattr(document, name)
        found = gather(
            work, ((info.link, getattr(row, info.attribute)) for row in rows for info in line.fields if info.link)
        )
        for row in rows:
            quantity, price, amount = (getattr(row, key, None) for key in ("quantity", "price", "amount"))
            figures = (fmt.number(quantity), fmt.number(price, 2), fmt.money(amount, document.currency))
            result.append((_words(line, row, found), *figures))
    return result


def _words(line: Description, row: Any, found: Any) -> str:
    """Return what a line is about: its description, else the record it names."""
    text = getattr(row, "description", None)
    if text:
        return str(text)
    named = (shown(info, getattr(row, info.attribute), _format(), None, found) for info in line.fields if info.link)
    return next((words for words in named if words), "")
