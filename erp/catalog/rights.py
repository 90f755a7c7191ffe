"""Who may see and keep items; what an item costs is not for everybody."""

from erp.catalog.item import Item
from erp.catalog.item_group import ItemGroup
from erp.catalog.unit import Unit
from erp.kernel.rights import declare_role, grant_defaults
from erp.kernel.text import _l

declare_role("stock", _l("Stock"), home="/items")

KEEP = "read create update archive delete import export print comment attach"

for role in ("sales", "approver", "accounts", "stock", "buyer"):
    for kind in (Item, ItemGroup, Unit):
        grant_defaults(role, kind, "read")
for role in ("stock", "buyer", "accounts"):
    grant_defaults(role, Item, KEEP)
    grant_defaults(role, ItemGroup, KEEP)
grant_defaults("sales", Item, "create update export")
grant_defaults("stock", Unit, KEEP)
