"""Who may see and keep customers, suppliers and the people there."""

from erp.kernel.rights import grant_defaults
from erp.parties.contact import Contact
from erp.parties.customer import Customer
from erp.parties.supplier import Supplier
from erp.parties.territory import Territory

KEEP = "read create update archive delete import export print comment attach"

for role in ("sales", "approver", "accounts", "stock", "buyer"):
    for kind in (Customer, Supplier, Contact, Territory):
        grant_defaults(role, kind, "read")
for role in ("sales", "accounts"):
    grant_defaults(role, Customer, KEEP)
for role in ("buyer", "accounts"):
    grant_defaults(role, Supplier, KEEP)
for role in ("sales", "buyer", "accounts"):
    grant_defaults(role, Contact, "read create update delete export")
