"""From a document that is owed to the draft of its payment."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from erp.accounts.billing.crediting import read_head
from erp.accounts.payment.model import Payment
from erp.accounts.settlement.model import OpenItemAllocation
from erp.kernel.change import Work, command, labels, save
from erp.kernel.errors import Conflict
from erp.kernel.records import Voucher
from erp.kernel.text import _, _l

FlowStep = tuple[str, str, str | None, str, str]


def payment_draft(work: Work, document: Any) -> Payment:
    """Return the draft of a payment of what is open of ``document``; received where the party owes it."""
    if document.state != "submitted" or not document.outstanding:
        raise Conflict(_("Nothing of it is open. Nothing was changed."))
    receive = document.sign * document.outstanding > 0
    payload = {
        "company": document.company_id, document.__party__: document.party[1],
        "direction": "receive" if receive else "pay", "date": work.today(document.company_id),
        "allocations": [{"voucher": {"kind": document.__kind__, "id": document.id, "number": document.number}}],
    }  # fmt: skip
    return save(work, Payment, payload)


def payable(kind: type[Voucher]) -> Callable[..., Payment]:
    """Let documents of a kind be paid: the verb makes the draft of a payment of what is open."""

    @command(kind, "pay", route="payment", label=_l("Record payment"), told=_l("recorded a payment of this"),
             makes="payment", primary=True, when=is_payable)  # fmt: skip
    def pay(work: Work, document: Any, **given: Any) -> Payment:
        """Return the draft of a payment of what is open."""
        read_head(given)
        return payment_draft(work, document)

    return pay


def is_payable(document: Any) -> bool:
    """Return whether something of a posted document is open."""
    return bool(document.state == "submitted" and document.outstanding)


def payment_steps(work: Work, document: Any, money: Any) -> list[FlowStep]:
    """Return the payments of a document as steps of its flow, or the one that is still to come."""
    table = OpenItemAllocation
    own = table.item.startswith(f"{document.__kind__}:{document.id}:", autoescape=True)
    query = select(table.by_id, func.sum(table.amount)).where(own, table.by_kind == "payment")
    rows = [row for row in work.session.execute(query.group_by(table.by_id)) if row[1]]
    if not rows:
        due = _("open: %(amount)s", amount=money(document.outstanding or 0))
        return [(_("Payment"), "", None, due if document.state == "submitted" else "", "")]
    named = labels(work.session, "payment", [row[0] for row in rows])
    return [
        (_("Payment"), named[row[0]].number or "", f"/payments/{row[0]}", money(abs(row[1])), "done")
        for row in rows if row[0] in named
    ]  # fmt: skip
