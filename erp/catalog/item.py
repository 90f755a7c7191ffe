"""An item: a thing or a service that has a price."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped

from erp.company.shared import SharedOrOwn
from erp.kernel.change import Work, valid_if
from erp.kernel.errors import Problem
from erp.kernel.records import Choice, LongText, Master, Price, field, link
from erp.kernel.text import _, _l

TYPES = (("stock", _l("Stock")), ("service", _l("Service")), ("bundle", _l("Bundle")))


class Item(SharedOrOwn, Master):
    """Something the business sells, buys, makes or keeps. Prices are in the currency of the company that uses it."""

    __label__ = _l("Item")
    __plural_label__ = _l("Items")
    __icon__ = "package"
    __field_order__ = ("code", "name", "type", "group", "unit", "sales_price", "standard_cost", "description")

    type: Mapped[Choice] = field(_l("Type"), default="stock", in_list=True, in_filter=True, choices=TYPES)
    unit_id: Mapped[int] = link("unit", _l("Unit"), in_list=True)
    group_id: Mapped[int | None] = link("item_group", _l("Group"), in_list=True, in_filter=True)
    sales_price: Mapped[Price | None] = field(_l("Sales price"), in_list=True)
    standard_cost: Mapped[Price | None] = field(_l("Standard cost"), help=_l("For the margin shown to approvers."))
    description: Mapped[LongText | None] = field(_l("Description"), translate=True, wide=True)
    barcode: Mapped[str | None] = field(_l("Barcode (GTIN)"), String(40), search=True, group="More")


@valid_if(Item)
def item_problems(item: Item) -> list[Problem]:
    """Refuse negative prices and barcodes whose check digit is wrong."""
    found = [
        Problem(name, "negative", _("This is not negative."))
        for name in ("sales_price", "standard_cost")
        if getattr(item, name) is not None and getattr(item, name) < 0
    ]
    if item.barcode and not is_gtin(item.barcode):
        found.append(Problem("barcode", "wrong_check_digit", _("This is no GTIN; please check the digits.")))
    return found


def is_gtin(barcode: str) -> bool:
    """Return whether ``barcode`` is a GTIN of 8, 12, 13 or 14 digits with a right check digit."""
    if not barcode.isascii() or not barcode.isdigit() or len(barcode) not in {8, 12, 13, 14}:
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(barcode)))
    return total % 10 == 0


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What documents ask of an item."""

    id: int
    code: str
    name: str
    type: str
    unit_id: int
    sales_price: Decimal | None
    standard_cost: Decimal | None
    description: str | None


def items_by_id(work: Work, ids: Iterable[int]) -> dict[int, ItemFacts]:
    """Return items by id; each is read once in a unit of work."""
    known: dict[int, ItemFacts] = work.once("items", dict)
    missing = {one for one in ids if one} - known.keys()
    if missing:
        columns = (
            Item.id, Item.code, Item.name, Item.type, Item.unit_id, Item.sales_price, Item.standard_cost,
            Item.description,
        )  # fmt: skip
        known.update(
            {row.id: ItemFacts(*row) for row in work.session.execute(select(*columns).where(Item.id.in_(missing)))}
        )
    return known
