"""A payment and the documents it is meant for."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from erp.accounts.payloads import party_fields, party_of
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.documents import total
from erp.accounts.settlement.model import PAYMENT
from erp.kernel.records import CANCELLED, Choice, Factor, Json, JsonList, Line, Money, Voucher, field, link, owner, rows
from erp.kernel.text import _l

DIRECTIONS = (("receive", _l("Received")), ("pay", _l("Paid out")))
EXCESS = (("keep", _l("Keep on account")), ("write_off", _l("Write off")))


class Payment(Voucher):
    """Money received from a customer or paid to a supplier; refunds go the other way.

    What is not allocated stays on the party's account as an open item of the payment.
    """

    __label__ = _l("Payment")
    __plural_label__ = _l("Payments")
    __series__ = "PAY"
    __icon__ = "credit-card"
    __reference__ = "reference"
    open_item_nature = PAYMENT

    direction: Mapped[Choice] = field(
        _l("Direction"), default="receive", in_list=True, in_filter=True, choices=DIRECTIONS
    )
    customer_id: Mapped[int | None] = link("customer", _l("Customer"), in_list=True, in_filter=True)
    supplier_id: Mapped[int | None] = link("supplier", _l("Supplier"), in_list=True, in_filter=True)
    posting_date: Mapped[date] = field(_l("Date"), name="date", in_list=True, in_filter=True)
    account_id: Mapped[int] = link("account", _l("Bank or cash account"), index=False)
    amount: Mapped[Money] = field(_l("Amount"), in_list=True, total=True)
    reference: Mapped[str | None] = field(_l("Reference"), search=True)
    rate: Mapped[Factor | None] = field(_l("Exchange rate"), group="More")
    company_amount: Mapped[Money | None] = field(_l("Amount in company currency"), group="More")
    excess: Mapped[Choice] = field(_l("Amount not allocated"), default="keep", group="More", choices=EXCESS)
    take_discount: Mapped[bool] = field(_l("Take the cash discount"), default=False, group="More")
    manual_taxes: Mapped[JsonList | None] = field(_l("Taxes entered by hand"), group="More", in_form=False)
    unallocated: Mapped[Money] = field(_l("Not allocated"), default=ZERO, readonly=True, in_form=False, in_list=True)
    allocations: Mapped[list["PaymentAllocation"]] = rows("PaymentAllocation", _l("Allocations"))

    @classmethod
    def read_payload(cls, payload: dict[str, Any]) -> dict[str, Any]:
        """Understand ``party: {customer | supplier: ...}`` beside the two fields."""
        return party_fields(payload)

    def api_extra(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Return what an answer of the API carries beside the fields."""
        return {"party": party_of(shown)}

    @property
    def sign(self) -> int:
        """Return 1 for money received, -1 for money paid."""
        return 1 if self.direction == "receive" else -1

    @property
    def party(self) -> tuple[str, int] | None:
        """Return who paid or was paid."""
        if self.customer_id:
            return "customer", self.customer_id
        return ("supplier", self.supplier_id) if self.supplier_id else None

    def apply_settlement(self, items: list[Any], today: date) -> None:  # noqa: ARG002
        """Set what is not allocated yet, positive as the payment is."""
        self.unallocated = -self.sign * total(items, "outstanding")
        if self.state == CANCELLED:
            self.unallocated = ZERO


class PaymentAllocation(Line):
    """A part of a payment for one document: ``amount`` is what it settles there, discount and write-off included."""

    __table_args__ = (Index("ix_payment_allocation_voucher", "voucher_kind", "voucher_id"),)

    payment_id: Mapped[int] = owner("payment")
    voucher: Mapped[Json] = field(_l("Document"))
    instalment: Mapped[int | None] = field(_l("Instalment"))
    amount: Mapped[Money | None] = field(_l("Amount"))
    discount: Mapped[Money | None] = field(_l("Discount"))
    write_off: Mapped[Money | None] = field(_l("Write-off"))
    voucher_kind: Mapped[Choice | None] = mapped_column()
    voucher_id: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def voucher_key(self) -> tuple[str, int] | None:
        """Return the document as kind and id, once it was found."""
        if self.voucher_kind is None or self.voucher_id is None:
            return None
        return self.voucher_kind, self.voucher_id

    @property
    def extras(self) -> Decimal:
        """Return the part that no money pays: discount and write-off."""
        return (self.discount or ZERO) + (self.write_off or ZERO)
