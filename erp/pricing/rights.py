"""Who may see and keep prices."""

from erp.kernel.rights import grant_defaults
from erp.pricing.item_price import ItemPrice
from erp.pricing.price_list import PriceList

for role in ("sales", "approver", "accounts", "stock", "buyer"):
    for kind in (PriceList, ItemPrice):
        grant_defaults(role, kind, "read")
for kind in (PriceList, ItemPrice):
    grant_defaults("sales", kind, "create update archive delete import export")
