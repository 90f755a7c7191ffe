"""Who draws flows (administrators), and who names a deputy (everybody for himself)."""

from erp.kernel.flows.model import ApprovalDeputy, ApprovalFlow
from erp.kernel.rights import grant_defaults

for role in ("sales", "approver", "accounts", "stock", "buyer"):
    grant_defaults(role, ApprovalFlow, "read")
    grant_defaults(role, ApprovalDeputy, "read create update delete", "own")
