"""A reconciliation and the open items that it matches."""

from datetime import date

from sqlalchemy.orm import Mapped

from erp.kernel.records import Json, Line, Voucher, field, owner, rows
from erp.kernel.text import _l


class Reconciliation(Voucher):
    """Open items of one account, party and currency matched with each other; a rest may be written off."""

    __label__ = _l("Reconciliation")
    __plural_label__ = _l("Reconciliations")
    __series__ = "RC"
    __icon__ = "arrow-left-right"
    __reference__ = "reason"

    posting_date: Mapped[date] = field(_l("Date"), name="date", in_list=True, in_filter=True)
    reason: Mapped[str | None] = field(_l("Reason"), in_list=True, wide=True)
    write_off: Mapped[bool] = field(_l("Write off what is left"), default=False)
    lines: Mapped[list["ReconciliationLine"]] = rows("ReconciliationLine", _l("Items"))


class ReconciliationLine(Line):
    """One document whose open items are matched: ``{kind, number}``."""

    reconciliation_id: Mapped[int] = owner("reconciliation")
    voucher: Mapped[Json] = field(_l("Document"))
