"""What an item costs on a list, from one day to another, and from a quantity on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from erp.kernel.change import Work, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Price, Quantity, Record, field, link
from erp.kernel.text import _, _l
from erp.pricing.price_list import PriceList, period_problems


class ItemPrice(Record):
    """A price of an item. Of several that hold, the one for the largest quantity reached wins, then the latest."""

    __label__ = _l("Item price")
    __plural_label__ = _l("Item prices")
    __title__ = "price"
    __icon__ = "tag"
    __table_args__ = (Index("ix_item_price_list_item", "price_list_id", "item_id"),)

    price_list_id: Mapped[int] = link("price_list", _l("Price list"), in_list=True, in_filter=True, index=False)
    item_id: Mapped[int] = link("item", _l("Item"), in_list=True, in_filter=True)
    price: Mapped[Price] = field(_l("Price"), in_list=True)
    from_quantity: Mapped[Quantity] = field(_l("From quantity"), default=Decimal(0), in_list=True)
    valid_from: Mapped[date | None] = field(_l("From"), in_list=True)
    valid_to: Mapped[date | None] = field(_l("To"), in_list=True)


@valid_if(ItemPrice)
def item_price_problems(price: ItemPrice) -> list[Problem]:
    """Refuse negative prices and quantities, and a price that ends before it begins."""
    found = period_problems(price.valid_from, price.valid_to)
    for name in ("price", "from_quantity"):
        if getattr(price, name) is not None and getattr(price, name) < 0:
            found.append(Problem(name, "negative", _("This is not negative.")))
    return found


@dataclass(frozen=True, slots=True)
class DatedPrice:
    """A price as a fact: from which quantity and on which days it holds."""

    price: Decimal
    from_quantity: Decimal = Decimal(0)
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date, quantity: Decimal) -> bool:
        """Return whether it applies to ``quantity`` on a day; both limits of the period belong to it."""
        return (
            quantity >= self.from_quantity
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )


def price_on(prices: Iterable[DatedPrice], on: date, quantity: Decimal = Decimal(1)) -> Decimal | None:
    """Return the price in force on a day: of the largest quantity reached, then the one that began last."""
    holding = [price for price in prices if price.holds(on, abs(quantity))]
    if not holding:
        return None
    return max(holding, key=lambda price: (price.from_quantity, price.valid_from or date.min)).price


def prices_on_list(work: Work, price_list_id: int, item_ids: Iterable[int]) -> dict[int, list[DatedPrice]]:
    """Return the prices of some items on a list, by item; empty when the list is not in force is for ``price_on``."""
    wanted = {one for one in item_ids if one}
    found: dict[int, list[DatedPrice]] = {one: [] for one in wanted}
    if not wanted:
        return found
    query = select(
        ItemPrice.item_id, ItemPrice.price, ItemPrice.from_quantity, ItemPrice.valid_from, ItemPrice.valid_to,
        PriceList.valid_from, PriceList.valid_to,
    ).join(PriceList, PriceList.id == ItemPrice.price_list_id)  # fmt: skip
    for row in work.session.execute(
        query.where(ItemPrice.price_list_id == price_list_id, ItemPrice.item_id.in_(wanted))
    ):
        found[row[0]].append(DatedPrice(row[1], row[2], _later(row[3], row[5]), _earlier(row[4], row[6])))
    return found


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
