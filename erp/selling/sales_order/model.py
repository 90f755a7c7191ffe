"""What a sales order is."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Mapped, synonym

from erp.accounts.billing.model import BillableDocument
from erp.accounts.billing.register import bills
from erp.accounts.billing.standing import ShownTotals
from erp.accounts.rounding import ZERO
from erp.kernel.records import Line, LongText, Money, Name, Quantity, Voucher, field, link, owner, rows
from erp.kernel.text import _l
from erp.selling.lines import FIELD_ORDER, SalesLine
from erp.selling.settings import sold


class SalesOrderLine(SalesLine, Line):
    """One thing ordered. ``billed_quantity`` is what submitted invoices took of it, less what was credited."""

    __field_order__ = FIELD_ORDER

    sales_order_id: Mapped[int] = owner("sales_order")
    billed_quantity: Mapped[Quantity] = field(_l("Invoiced"), default=ZERO, readonly=True, in_form=False)

    @property
    def unbilled_quantity(self) -> Decimal:
        """Return what is still to be invoiced."""
        return self.quantity - self.billed_quantity


@bills
@sold
class SalesOrder(ShownTotals, BillableDocument, Voucher):
    """What a customer wants. It books nothing; invoices are made from it."""

    __label__ = _l("Sales order")
    __plural_label__ = _l("Sales orders")
    __icon__ = "shopping-cart"
    __series__ = "SO"
    __date__ = "order_date"
    __default_sort__ = "-order_date,-id"
    __field_order__ = (
        "number", "customer", "order_date", "delivery_date", "customer_reference", "price_list", "status", "total",
    )  # fmt: skip
    __views__ = (
        (_l("Drafts"), "status=draft"),
        (_l("Awaiting approval"), "status=awaiting_approval"),
        (_l("To bill"), "status=to_bill"),
    )

    customer_id: Mapped[int] = link("customer", _l("Customer"), in_list=True, in_filter=True, wide=True)
    order_date: Mapped[date] = field(_l("Order date"), in_list=True, in_filter=True)
    posting_date = synonym("order_date")
    delivery_date: Mapped[date | None] = field(_l("Delivery date"), in_list=True, in_filter=True)
    customer_reference: Mapped[Name | None] = field(_l("Customer’s reference"), in_filter=True, search=True)
    price_list_id: Mapped[int | None] = link("price_list", _l("Price list"), group="More", index=False)
    note: Mapped[LongText | None] = field(_l("Note on the documents"), group="More")
    billed: Mapped[Money] = field(_l("Invoiced"), default=ZERO, readonly=True, in_form=False)
    lines: Mapped[list[SalesOrderLine]] = rows("SalesOrderLine", _l("Lines"))

    @property
    def is_to_bill(self) -> bool:
        """Return whether something of it can be invoiced now."""
        return self.state == "submitted" and self.status == "to_bill"

    def status_after_billing(self) -> str:
        """Return the status that follows from what was invoiced of its lines."""
        return "to_bill" if any(line.unbilled_quantity > 0 for line in self.lines) else "completed"

    __status_reads__ = ("status",)

    def status_on(self, today: date) -> str:  # noqa: ARG002 - an order's status does not hang on the day
        """Return the status as of a day."""
        return str(self.status)

    @classmethod
    def status_sql(cls, today: date) -> Any:  # noqa: ARG003
        """Return the status as of a day as a column: the twin of ``status_on``."""
        return cls.status
