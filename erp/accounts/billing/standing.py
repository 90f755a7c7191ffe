"""Where a posted document stands on a day, and its totals in words: the same for every billable document."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import case, literal
from sqlalchemy.orm import Mapped

from erp.accounts.billing.shapes import number
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.documents import first_open_due
from erp.kernel.records import field
from erp.kernel.text import _, _l

OPEN = ("unpaid", "partly_paid", "overdue")


class ShownTotals:
    """Mixed into billable documents: the box of totals below the lines."""

    def shown_totals(self, fmt: Any) -> list[tuple[str, str, str]]:
        """Return (label, amount, look) of each total, the one to pay last."""
        document: Any = self
        currency = document.currency

        def money(amount: Decimal) -> str:
            return str(fmt.money(amount, currency))

        shown = [(_("Net"), money(document.net or ZERO), "")]
        for row in document.taxes or ():
            words = _("%(tax)s on %(base)s", tax=_tax_words(row, fmt), base=money(number(row["base"])))
            shown.append((words, money(number(row["amount"])), ""))
        charges = (document.breakdown or {}).get("charges", ())
        shown += [(str(row["charge"]) or _("Charge"), money(number(row["amount"])), "") for row in charges]
        if document.rounding:
            shown.append((_("Rounding"), money(document.rounding), ""))
        if document.prepaid:
            shown.append((_("Prepaid"), money(-document.prepaid), ""))
        return [*shown, (_("Total, %(currency)s", currency=currency or ""), money(document.payable or ZERO), "g")]


def _tax_words(row: Any, fmt: Any) -> str:
    return f"{row['code']} {fmt.percent(number(row['rate_percent']))}"


class Standing(ShownTotals):
    """Mixed into documents that are owed: overdue is derived from the day, never assigned."""

    __status_reads__: ClassVar[tuple[str, ...] | None] = (
        "state",
        "status",
        "outstanding",
        "open_due",
        "total",
        "rounding",
    )

    open_due: Mapped[date | None] = field(_l("Next due"), readonly=True, in_form=False, api=False)

    def apply_settlement(self, items: list[Any], today: date) -> None:
        """Set what is open from the open items, and the day on which the oldest of them is due."""
        super().apply_settlement(items, today)  # type: ignore[misc]
        self.open_due = first_open_due(items)

    def status_on(self, today: date) -> str:
        """Return the status as of a day."""
        document: Any = self
        if document.state != "submitted" or not document.outstanding:
            return str(document.status)
        if document.outstanding > 0 and self.open_due is not None and self.open_due < today:
            return "overdue"
        return "unpaid" if document.outstanding == document.total + document.rounding else "partly_paid"

    @classmethod
    def status_sql(cls, today: date) -> Any:
        """Return the status as of a day as a column: the twin of ``status_on``."""
        table: Any = cls
        is_open = (table.state == "submitted") & (table.outstanding != 0)
        whole = table.outstanding == table.total + table.rounding
        return case(
            (~is_open, table.status),
            ((table.outstanding > 0) & (table.open_due < today), literal("overdue")),
            (whole, literal("unpaid")),
            else_=literal("partly_paid"),
        )


def open_due_of(document: Any) -> date | None:
    """Return the day on which a document that is being posted is first due."""
    days = [row["due"] for row in document.instalments or ()]
    return date.fromisoformat(min(days)) if days else None
