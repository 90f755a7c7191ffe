"""What a supplier's invoice is. A supplier's credit note is one with negative quantities."""

from sqlalchemy.orm import Mapped

from erp.accounts.billing.model import BillableDocument, BillableLine, CreditingLine, SettledDocument
from erp.accounts.billing.register import bills
from erp.accounts.billing.standing import Standing
from erp.kernel.records import Line, LongText, Name, Voucher, field, link, owner, rows
from erp.kernel.text import _l


class PurchaseInvoiceLine(CreditingLine, BillableLine, Line):
    """One thing a supplier bills."""

    __field_order__ = ("item", "description", "quantity", "unit", "price", "tax_codes", "account", "amount")

    purchase_invoice_id: Mapped[int] = owner("purchase_invoice")
    unit_id: Mapped[int | None] = link("unit", _l("Unit"), index=False)


@bills
class PurchaseInvoice(Standing, SettledDocument, BillableDocument, Voucher):
    """What a supplier demands. Once submitted, only payments, credit notes and cancellation touch it."""

    __label__ = _l("Purchase invoice")
    __plural_label__ = _l("Purchase invoices")
    __icon__ = "file-input"
    __reference__ = "supplier_reference"
    __side__ = "purchase"
    __party__ = "supplier"
    __default_sort__ = "-posting_date,-id"
    __field_order__ = (
        "number", "supplier", "supplier_reference", "posting_date", "status", "total", "outstanding", "due_date",
    )  # fmt: skip
    __views__ = (
        (_l("Drafts"), "status=draft"),
        (_l("Unpaid"), "status__in=unpaid,partly_paid,overdue"),
        (_l("Overdue"), "status=overdue"),
    )

    supplier_id: Mapped[int] = link("supplier", _l("Supplier"), in_list=True, in_filter=True, wide=True)
    supplier_reference: Mapped[Name | None] = field(
        _l("Supplier’s number"), in_filter=True, search=True, help=_l("The number on the supplier’s paper.")
    )
    credits_id: Mapped[int | None] = link("purchase_invoice", _l("Credits invoice"), in_filter=True, group="More")
    credit_note: Mapped[bool] = field(
        _l("Credit note"), default=False, in_filter=True, group="More", help=_l("Gives back without naming an invoice.")
    )
    note: Mapped[LongText | None] = field(_l("Note"), group="More")
    lines: Mapped[list[PurchaseInvoiceLine]] = rows("PurchaseInvoiceLine", _l("Lines"))

    @property
    def gives_back(self) -> bool:
        """Return whether this is a credit note."""
        return bool(self.credits_id or self.credit_note)

    @property
    def __series__(self) -> str:  # type: ignore[override]
        """Return the letters of its number: credit notes have numbers of their own."""
        return "PC" if self.gives_back else "PI"

    @property
    def series_key(self) -> str:
        """Return what counts its numbers."""
        return "purchase_credit_note" if self.gives_back else "purchase_invoice"
