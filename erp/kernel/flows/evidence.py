"""What an approver wants to see before deciding: papers, changes since the last decision, other open requests, prices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select

from erp.kernel.change import approvals
from erp.kernel.change.approvals import Approval
from erp.kernel.change.audit import AuditEntry
from erp.kernel.change.described import described
from erp.kernel.change.find import visible
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.kernel.paper.files import files_of
from erp.kernel.records.record import Record, Voucher
from erp.kernel.talk.deeds import changed_labels
from erp.kernel.text import _, ngettext

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing to look at: its label, what it says, and where it is to be seen."""

    label: str
    text: str
    url: str = ""


_sources: dict[str, list[Callable[[Work, Any, Format], list[Evidence]]]] = {}


def shows_evidence(kind: type[Record]) -> Callable[[F], F]:
    """Register what a department shows to approvers of a kind: ``find(work, document, fmt) -> list[Evidence]``."""

    def register(find: F) -> F:
        _sources.setdefault(kind.__kind__, []).append(find)
        return find

    return register


def evidence(work: Work, approval: Approval, document: Voucher, fmt: Format) -> list[Evidence]:
    """Return everything to look at before deciding about a document."""
    found = [Evidence(_("File"), file.name, f"/files/{file.id}") for file in files_of(work, document)]
    found += _changed_since(work, approval, document)
    found += _others_of_party(work, document)
    for find in _sources.get(document.__kind__, []):
        found += find(work, document, fmt)
    return found


def _changed_since(work: Work, approval: Approval, document: Voucher) -> list[Evidence]:
    """Say what was changed since somebody decided about the document before."""
    earlier = [one for one in approvals.history(work, document) if one.id < approval.id and one.decided_at]
    if not earlier:
        return []
    about = (AuditEntry.kind == document.__kind__, AuditEntry.record_id == document.id, AuditEntry.action == "update")
    rows = work.session.scalars(select(AuditEntry).where(*about, AuditEntry.at > earlier[-1].decided_at).limit(50))
    seen = described(work, document.__kind__, "form")
    names = list(dict.fromkeys(label for row in rows for label in changed_labels(row, seen)))
    return [Evidence(_("Changed since the last decision"), ", ".join(names) or _("nothing"))]


def _others_of_party(work: Work, document: Voucher) -> list[Evidence]:
    """Say what else waits for approval for the same customer or supplier."""
    info = next((one for one in described(work, document.__kind__, "list").fields
                 if one.link and one.in_list and one.aspect is None), None)  # fmt: skip
    if info is None:
        return []
    kind: Any = type(document)
    query = select(func.count()).where(
        getattr(kind, info.attribute) == getattr(document, info.attribute), kind.id != document.id,
        kind.approval_state == approvals.PENDING, visible(work.actor, kind),
    )  # fmt: skip
    count = work.session.scalar(query) or 0
    if not count:
        return []
    words = ngettext("%(n)s other document", "%(n)s other documents", count)
    where = f"/{kind.__collection__}?{info.name}={getattr(document, info.attribute)}&status=awaiting_approval"
    return [Evidence(_("Also awaiting approval"), words, where)]
