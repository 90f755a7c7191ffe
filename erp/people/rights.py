"""Who may see employees: everybody their names; their birthdays stay with the administrator."""

from erp.kernel.rights import grant_defaults, restrict_field
from erp.people.employee import Employee

for role in ("sales", "approver", "accounts", "stock", "buyer"):
    grant_defaults(role, Employee, "read")
    restrict_field(role, Employee, "born_on", "hidden")
