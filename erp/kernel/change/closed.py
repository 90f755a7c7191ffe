"""Who may still change a record, and what of it, once it is no longer a draft."""

from typing import Any

from erp.kernel.change.audit import differences
from erp.kernel.change.content import content_of
from erp.kernel.change.deciding import editable_now, sits
from erp.kernel.change.described import described
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict
from erp.kernel.records.record import Record, Voucher
from erp.kernel.rights import may
from erp.kernel.text import _


def may_save(work: Work, kind: type[Record], record: Record | None) -> bool:
    """Return whether the actor may make or change it; who decides about it may change what its step leaves open."""
    if may(work.actor, "create" if record is None else "update", kind.__kind__, record):
        return True
    return isinstance(record, Voucher) and bool(editable_now(work, record)) and sits(work, record)


def check_open(work: Work, record: Record) -> None:
    """Raise ``Conflict`` for a document of which nothing can be changed any more."""
    if isinstance(record, Voucher) and not record.is_draft and not editable_now(work, record):
        raise Conflict(_("Only a draft can be changed. Nothing was changed."))


def refuse_closed(work: Work, target: Record, before: dict[str, Any]) -> None:
    """Refuse changes of what a request for approval has locked: everything but what its step leaves open."""
    if not before or not isinstance(target, Voucher) or target.is_draft:
        return
    seen, free = described(work, target.__kind__, "form"), editable_now(work, target)
    for path in differences(before, content_of(work, target)):
        name, _dot, rest = path.partition(".")
        field = f"{name}.{rest.partition('.')[2]}" if name in seen.lines else path
        info = seen.lines[name].get(rest.partition(".")[2]) if name in seen.lines else seen.get(path)
        if field not in free and info is not None and not info.spec.readonly:
            raise Conflict(
                _("%(field)s is locked while an approval is awaited. Nothing was changed.", field=info.label)
            )
