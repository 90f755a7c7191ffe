"""What a sales invoice is. A credit note is an invoice with negative quantities."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped

from erp.accounts.billing.model import BillableDocument, CreditingLine, SettledDocument
from erp.accounts.billing.register import bills
from erp.accounts.billing.standing import Standing
from erp.kernel.records import Line, LongText, Name, Voucher, field, link, owner, rows
from erp.kernel.text import _l
from erp.selling.lines import FIELD_ORDER, SalesLine
from erp.selling.settings import sold


class SalesInvoiceLine(CreditingLine, SalesLine, Line):
    """One thing invoiced."""

    __field_order__ = FIELD_ORDER

    sales_invoice_id: Mapped[int] = owner("sales_invoice")
    order_line_id: Mapped[int | None] = field(
        _l("Order line"), BigInteger(), ForeignKey("sales_order_line.id", ondelete="RESTRICT"), name="order_line",
        index=True, in_form=False,
    )  # fmt: skip


@bills
@sold
class SalesInvoice(Standing, SettledDocument, BillableDocument, Voucher):
    """A demand for payment. Once submitted, only payments, credit notes and cancellation touch it."""

    __label__ = _l("Sales invoice")
    __plural_label__ = _l("Sales invoices")
    __icon__ = "receipt"
    __reference__ = "customer_reference"
    __default_sort__ = "-posting_date,-id"
    __on_home__ = True
    __extra_args__ = (Index("ix_sales_invoice_open_due", "company_id", "open_due"),)
    __field_order__ = (
        "number", "customer", "posting_date", "order", "customer_reference", "status", "total", "outstanding",
        "due_date",
    )  # fmt: skip
    __views__ = (
        (_l("Drafts"), "status=draft"),
        (_l("Unpaid"), "status__in=unpaid,partly_paid,overdue"),
        (_l("Overdue"), "status=overdue"),
    )

    customer_id: Mapped[int] = link("customer", _l("Customer"), in_list=True, in_filter=True, wide=True)
    order_id: Mapped[int | None] = link("sales_order", _l("Order"), in_filter=True)
    credits_id: Mapped[int | None] = link("sales_invoice", _l("Credits invoice"), in_filter=True, group="More")
    credit_note: Mapped[bool] = field(
        _l("Credit note"), default=False, in_filter=True, group="More", help=_l("Gives back without naming an invoice.")
    )
    customer_reference: Mapped[Name | None] = field(_l("Customer’s reference"), in_filter=True, search=True)
    price_list_id: Mapped[int | None] = link("price_list", _l("Price list"), group="More", index=False)
    note: Mapped[LongText | None] = field(_l("Note on the documents"), group="More")
    lines: Mapped[list[SalesInvoiceLine]] = rows("SalesInvoiceLine", _l("Lines"))

    @property
    def gives_back(self) -> bool:
        """Return whether this is a credit note."""
        return bool(self.credits_id or self.credit_note)

    @property
    def __series__(self) -> str:  # type: ignore[override]
        """Return the letters of its number: credit notes have numbers of their own."""
        return "CN" if self.gives_back else "SI"

    @property
    def series_key(self) -> str:
        """Return what counts its numbers."""
        return "sales_credit_note" if self.gives_back else "sales_invoice"
