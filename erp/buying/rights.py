"""Who may enter, post and credit suppliers' invoices. Administrators may do everything."""

from erp.buying.purchase_invoice.model import PurchaseInvoice
from erp.kernel.rights import declare_role, grant_defaults
from erp.kernel.text import _l

declare_role("buyer", _l("Buyer"), home="/purchase-invoices")

DRAFTS = "read create update delete print export comment attach import"

grant_defaults("buyer", PurchaseInvoice, f"{DRAFTS} submit")
grant_defaults("accounts", PurchaseInvoice, f"{DRAFTS} submit cancel credit pay")
grant_defaults("approver", PurchaseInvoice, "read print comment")
