"""The place of selling in the navigation."""

from erp.kernel.text import _l
from erp.kernel.web.chrome import Entry, Group, navigation

navigation(
    Group(
        "selling", _l("Selling"), "shopping-cart",
        (Entry(_l("Sales orders"), kind="sales_order", letter="o"), Entry(_l("Sales invoices"), kind="sales_invoice", letter="i")),
        place=10,
    )
)  # fmt: skip
