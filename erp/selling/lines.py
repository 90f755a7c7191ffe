"""What every line of a sale has: an item in a unit at a price."""

from sqlalchemy.orm import Mapped, declared_attr

from erp.accounts.billing.model import BillableLine
from erp.kernel.records import Price, field, link
from erp.kernel.text import _l

FIELD_ORDER = (
    "item", "quantity", "unit", "price", "discount_percent", "tax_codes", "description", "account", "amount",
)  # fmt: skip


class SalesLine(BillableLine):
    """Mixed into the lines of orders and invoices; an empty price is found on the price list."""

    price: Mapped[Price] = field(_l("Price"), required=False)

    @declared_attr
    @classmethod
    def unit_id(cls) -> Mapped[int | None]:
        """Return the unit of quantity and price; empty: that of the item."""
        return link("unit", _l("Unit"), index=False, nullable=True)
