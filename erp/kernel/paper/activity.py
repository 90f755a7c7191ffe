"""What happened last, on the home page: documents that somebody submitted, cancelled or decided about."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from erp.kernel.change.audit import AuditEntry
from erp.kernel.change.find import visible
from erp.kernel.records import Voucher, all_kinds
from erp.kernel.records.registry import kind_of
from erp.kernel.text import _
from erp.kernel.web.home import Desk, fills_home

SHOWN, LOOKED_AT, SEARCHED = 6, 60, 2000
Shown = tuple[str, str, str, str]


def told() -> dict[str, str]:
    """Return the actions worth telling, as sentences about a document."""
    return {
        "submit": _("submitted %(what)s"), "cancel": _("cancelled %(what)s"), "approved": _("approved %(what)s"),
        "rejected": _("rejected %(what)s"), "returned": _("returned %(what)s"), "request_approval": _("asked for approval of %(what)s"),
    }  # fmt: skip


@fills_home("activity")
def activity(desk: Desk) -> list[Shown]:
    """Return (who, what, when, where) of the last things done to documents that the reader may see."""
    sentences = told()
    kinds = [kind.__kind__ for kind in all_kinds() if issubclass(kind, Voucher) and desk.may("read", kind.__kind__)]
    newest = select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(SEARCHED).subquery()
    query = select(AuditEntry).join(newest, newest.c.id == AuditEntry.id)
    query = query.where(
        AuditEntry.kind.in_(kinds), AuditEntry.action.in_(sentences), AuditEntry.company_id == desk.company_id
    )
    rows = list(desk.work.session.scalars(query.order_by(AuditEntry.id.desc()).limit(LOOKED_AT)))
    titles = _titles(desk, rows)
    found: dict[tuple[str, int], Shown] = {}
    for row in rows:
        about = (row.kind, row.record_id or 0)
        if about in titles and about not in found:
            sentence = sentences[row.action] % {"what": titles[about]}
            url = f"/{kind_of(row.kind).__collection__}/{row.record_id}"
            found[about] = (row.user_name, sentence, desk.fmt.ago(row.at), url)
    return list(found.values())[:SHOWN]


def _titles(desk: Desk, rows: Iterable[AuditEntry]) -> dict[tuple[str, int], str]:
    """Return the numbers of the documents that the reader may see: one query for each kind."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, set()).add(row.record_id or 0)
    titles: dict[tuple[str, int], str] = {}
    for name, wanted in sorted(ids.items()):
        kind: Any = kind_of(name)
        query = select(kind.id, kind.number).where(kind.id.in_(wanted), visible(desk.work.actor, kind))
        for record_id, number in desk.work.session.execute(query):
            titles[name, record_id] = number or _("Draft %(id)s", id=record_id)
    return titles
