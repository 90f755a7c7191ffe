"""The place of buying in the navigation."""

from erp.kernel.text import _l
from erp.kernel.web.chrome import Entry, Group, navigation

navigation(
    Group(
        "buying",
        _l("Buying"),
        "truck",
        (Entry(_l("Purchase invoices"), kind="purchase_invoice", letter="b"),),
        place=20,
    )
)
