"""The place of the masters in the navigation: one group for what every department refers to."""

from erp.kernel.text import _l
from erp.kernel.web.chrome import Entry, Group, navigation

navigation(
    Group(
        "masters", _l("Master data"), "database",
        (
            Entry(_l("Customers"), kind="customer", letter="c"), Entry(_l("Suppliers"), kind="supplier", letter="v"),
            Entry(_l("Contacts"), kind="contact"), Entry(_l("Items"), kind="item", letter="m"),
            Entry(_l("Item groups"), kind="item_group"), Entry(_l("Units"), kind="unit"),
            Entry(_l("Price lists"), kind="price_list"),
        ),
        place=40,
    )
)  # fmt: skip
