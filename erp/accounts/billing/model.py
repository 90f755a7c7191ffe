"""The columns that billable documents share, so that each of them is one short declaration."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from erp.accounts.rounding import ZERO
from erp.accounts.settlement.documents import first_open_due, settlement_status, total
from erp.accounts.settlement.model import CREDIT_NOTE, INVOICE
from erp.kernel.records import CANCELLED, Factor, Json, JsonList, Money, Percent, Price, Quantity, Tags, field, link
from erp.kernel.text import _l

HUNDRED = Decimal(100)


class BillableDocument:
    """Mixed into vouchers with lines that add up: orders and invoices of both sides.

    The class says ``__side__`` ("sale" or "purchase") and ``__party__`` ("customer" or "supplier"), and has a column
    ``<party>_id`` and ``lines`` of a class with ``BillableLine``.
    """

    __side__: ClassVar[str] = "sale"
    __party__: ClassVar[str] = "customer"

    posting_date: Mapped[date] = field(_l("Date"), in_list=True, in_filter=True)
    rate: Mapped[Factor | None] = field(_l("Exchange rate"), group="More")
    company_amount: Mapped[Money | None] = field(
        _l("Total in company currency"), group="More", in_form=False, help=_l("In place of an exchange rate.")
    )
    prices_include_tax: Mapped[bool] = field(_l("Prices include tax"), default=False, group="More")
    discount: Mapped[Json | None] = field(_l("Discount"), group="More", in_form=False)
    allowances: Mapped[JsonList | None] = field(_l("Allowances and charges"), group="More", in_form=False)
    charges: Mapped[JsonList | None] = field(_l("Charges"), group="More", in_form=False)
    manual_taxes: Mapped[JsonList | None] = field(_l("Taxes entered by hand"), group="More", in_form=False)
    prepaid: Mapped[Money] = field(_l("Prepaid"), default=ZERO, group="More", in_form=False)
    rounding_given: Mapped[Money | None] = field(_l("Rounding by hand"), group="More", in_form=False)
    net: Mapped[Money] = field(_l("Net"), default=ZERO, readonly=True, in_form=False, total=True)
    tax: Mapped[Money] = field(_l("Tax"), default=ZERO, readonly=True, in_form=False, total=True)
    total: Mapped[Money] = field(_l("Total"), default=ZERO, readonly=True, in_form=False, in_list=True, total=True)
    rounding: Mapped[Money] = field(_l("Rounding"), default=ZERO, readonly=True, in_form=False)
    payable: Mapped[Money] = field(_l("Payable"), default=ZERO, readonly=True, in_form=False)
    taxes: Mapped[JsonList | None] = field(_l("Taxes"), readonly=True, in_form=False)
    instalments: Mapped[JsonList | None] = field(_l("Instalments"), readonly=True, in_form=False)
    breakdown: Mapped[Json | None] = field(_l("Breakdown"), readonly=True, in_form=False)

    @declared_attr
    @classmethod
    def terms_id(cls) -> Mapped[int | None]:
        """Return the terms of payment; empty: those of the party, else of the company."""
        return link("payment_terms", _l("Terms"), group="More", index=False, nullable=True)

    @property
    def sign(self) -> int:
        """Return 1 where the party owes the document, -1 where the company owes it."""
        return 1 if self.__side__ == "sale" else -1

    @property
    def party(self) -> tuple[str, int]:
        """Return who is billed, or bills."""
        return self.__party__, getattr(self, f"{self.__party__}_id")


class SettledDocument:
    """Mixed into billable documents that are owed once submitted: invoices and credit notes of both sides."""

    due_date: Mapped[date | None] = field(_l("Due"), in_list=True, in_filter=True)
    outstanding: Mapped[Money] = field(
        _l("Outstanding"), default=ZERO, readonly=True, in_form=False, in_list=True, total=True
    )

    @property
    def is_credit_note(self) -> bool:
        """Return whether the document gives back: it credits another, or its total is negative."""
        document: Any = self
        given = getattr(document, "credits_id", None) or getattr(document, "credit_note", False)
        return bool(given) or document.total < 0

    @property
    def open_item_nature(self) -> str:
        """Return what the open items of this document are."""
        return CREDIT_NOTE if self.is_credit_note else INVOICE

    def apply_settlement(self, items: list[Any], today: date) -> None:
        """Set what is open, the status and the instalments from the open items, given oldest first."""
        document: Any = self
        self.outstanding = document.sign * total(items, "outstanding")
        shown = {item.instalment: item for item in items}
        document.instalments = [
            {**row, **_settled(shown.get(place), document.sign)} for place, row in enumerate(document.instalments, 1)
        ]
        if document.state != CANCELLED:
            invoiced, credited = total(items, "invoiced"), total(items, "credited")
            left = total(items, "outstanding")
            document.status = settlement_status(invoiced, left, credited, first_open_due(items), today)


def _settled(item: Any, sign: int) -> dict[str, str]:
    if item is None:
        return {}
    return {"outstanding": plain(sign * item.outstanding), "paid": plain(sign * (item.invoiced - item.outstanding))}


def plain(amount: Decimal) -> str:
    """Return an amount as JSON keeps it: a string without needless zeros beyond the cent."""
    text = format(amount.normalize(), "f")
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}" if decimals else text


class CreditingLine:
    """Mixed into the lines of invoices: which line of the credited invoice a line of a credit note takes back."""

    credits_line_id: Mapped[int | None] = field(
        _l("Credited line"), BigInteger(), name="credits_line", in_form=False, group="More",
        help=_l("The line of the credited invoice that this one takes back."),
    )  # fmt: skip


class BillableLine:
    """Mixed into the lines of billable documents."""

    description: Mapped[str | None] = field(_l("Description"), wide=True)
    quantity: Mapped[Quantity] = field(_l("Quantity"), default=Decimal(1))
    price: Mapped[Price] = field(_l("Price"), default=ZERO)
    base_quantity: Mapped[Quantity] = field(_l("Price is for"), default=Decimal(1), group="More", in_form=False)
    discount_percent: Mapped[Percent] = field(_l("Discount %"), default=ZERO, when_used=True)
    tax_codes: Mapped[Tags | None] = field(_l("Taxes"))
    amount: Mapped[Money] = field(_l("Amount"), default=ZERO, readonly=True)
    amount_given: Mapped[Money | None] = field(_l("Amount by hand"), group="More", in_form=False)
    allowances: Mapped[JsonList | None] = field(_l("Allowances and charges"), group="More", in_form=False)
    deductible_percent: Mapped[Percent] = field(_l("Deductible %"), default=HUNDRED, group="More", in_form=False)
    dimensions: Mapped[Json | None] = field(_l("Dimensions"), group="More", in_form=False)
    tax_amounts: Mapped[JsonList | None] = mapped_column()

    @declared_attr
    @classmethod
    def item_id(cls) -> Mapped[int | None]:
        """Return what is bought or sold; a line without an item has an account."""
        return link("item", _l("Item"), index=True, nullable=True)

    @declared_attr
    @classmethod
    def account_id(cls) -> Mapped[int | None]:
        """Return the account of the line; empty: that of its item, else the company's."""
        return link("account", _l("Account"), group="More", in_form=False, index=False, nullable=True)
