"""What a loan is."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, literal
from sqlalchemy.orm import Mapped

from erp.kernel.records import Line, Money, Voucher, field, link, owner, rows
from erp.kernel.records.features import feature

ZERO = Decimal(0)
CONDITION = feature("lending.condition", "Condition of tools", help="Note in which condition each tool is lent.")


class LoanLine(Line):
    """One tool that is lent. ``amount`` is its fee for all days of the loan."""

    loan_id: Mapped[int] = owner("loan")
    tool_id: Mapped[int] = link("tool", "Tool")
    note: Mapped[str | None] = field("Condition", wide=True, feature=CONDITION.key)
    amount: Mapped[Money] = field("Fee", default=ZERO, readonly=True)


class Loan(Voucher):
    """Tools that a customer takes away for some days. The fee is owed when he takes them."""

    __label__ = "Loan"
    __plural_label__ = "Loans"
    __icon__ = "handshake"
    __series__ = "LO"

    customer_id: Mapped[int] = link("customer", "Customer", in_list=True, in_filter=True, wide=True)
    posting_date: Mapped[date] = field("Lent on", in_list=True, in_filter=True)
    due_date: Mapped[date] = field("Due back", in_list=True, in_filter=True)
    returned_on: Mapped[date | None] = field("Returned on", readonly=True, in_form=False)
    total: Mapped[Money] = field("Fee", default=ZERO, readonly=True, in_form=False, in_list=True, total=True)
    lines: Mapped[list[LoanLine]] = rows("LoanLine", "Tools")

    @property
    def days(self) -> int:
        """Return for how many days the tools are lent; one at the least."""
        return max(1, (self.due_date - self.posting_date).days)

    @property
    def is_out(self) -> bool:
        """Return whether the tools are still with the customer."""
        return self.state == "submitted" and self.returned_on is None

    def status_on(self, today: date) -> str:
        """Return the status as of a day: overdue is derived, never assigned."""
        if self.is_out and self.due_date < today:
            return "overdue"
        return "completed" if self.returned_on else str(self.status)

    @classmethod
    def status_sql(cls, today: date) -> Any:
        """Return the same as a column, by which lists filter and sort."""
        late = (cls.state == "submitted") & cls.returned_on.is_(None) & (cls.due_date < today)
        return case((late, literal("overdue")), (cls.returned_on.is_not(None), literal("completed")), else_=cls.status)
