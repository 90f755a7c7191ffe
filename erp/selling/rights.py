"""Who may order, approve, invoice and credit. Administrators may do everything."""

from erp.kernel.rights import declare_role, grant_defaults
from erp.kernel.text import _l
from erp.selling.sales_invoice.model import SalesInvoice
from erp.selling.sales_order.model import SalesOrder

declare_role("sales", _l("Sales"), home="/sales-orders")
declare_role("approver", _l("Approver"), home="/approvals")

DRAFTS = "read create update delete print export comment attach"

grant_defaults("sales", SalesOrder, f"{DRAFTS} submit cancel close invoice mail import")
grant_defaults("sales", SalesInvoice, f"{DRAFTS} mail")
grant_defaults("approver", SalesOrder, "read approve print comment export")
grant_defaults("approver", SalesInvoice, "read approve print comment")
grant_defaults("accounts", SalesOrder, "read invoice print comment export")
grant_defaults("accounts", SalesInvoice, f"{DRAFTS} submit cancel credit pay mail import")
grant_defaults("stock", SalesOrder, "read print comment")
