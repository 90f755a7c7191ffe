"""Requests as people read them: a card on the page one is on, a row of the inbox, one in full with its lines."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from flask import g
from sqlalchemy import select

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.described import described
from erp.kernel.change.find import find, visible
from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound
from erp.kernel.flows.evidence import evidence
from erp.kernel.flows.receipts import receipts
from erp.kernel.flows.steps import names_of, sentences, steps_of_request
from erp.kernel.format import Format
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Voucher
from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.text import _, _l
from erp.kernel.web.present import gather, shown

STATES = {
    approvals.PENDING: _l("Awaiting approval"), approvals.APPROVED: _l("Approved"),
    approvals.REJECTED: _l("Rejected"), approvals.RETURNED: _l("Returned"), approvals.WITHDRAWN: _l("Withdrawn"),
}  # fmt: skip


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
        "approve_url": f"{base}/approval", "receipt_url": f"/approvals/{approval.id}/receipt",
        "reject_url": f"{base}/rejection", "return_url": f"{base}/return",
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
    chair = approvals.chair_of(work, approval) if approval.state == approvals.PENDING else None
    standing, base = approvals.standing_of(approval), card[0]["document_url"]
    return {
        **card[0], "lines": _lines(work, document), "can_decide": chair is not None,
        "consulted": chair is not None and standing.current.seats[chair.seat].consult,
        "instead_of": names_of(work, [chair.on_behalf])[0] if chair is not None and chair.on_behalf else "",
        "can_ask": chair is not None or (_waits(approval) and approval.requested_by_id == work.actor.user_id),
        "can_withdraw": _waits(approval) and approval.requested_by_id == work.actor.user_id,
        "ask_url": f"{base}/question", "hand_on_url": f"{base}/delegation", "withdraw_url": f"{base}/withdrawal",
        "back_to": [(place, step.name or _("Step %(n)s", n=place))
                    for place, step in enumerate(standing.plan.steps[: approval.step], 1)],
        "flow": standing.plan.name, "steps": steps_of_request(work, approval), "open_fields": standing.current.editable,
        "history": sentences(work, [approval], _format()), "evidence": evidence(work, approval, document, _format()),
        "receipts": receipts(work, approval, _format()),
    }  # fmt: skip


def _waits(approval: Approval) -> bool:
    return approval.state == approvals.PENDING


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
