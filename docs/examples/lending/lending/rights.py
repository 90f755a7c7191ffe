"""Who may lend. Administrators may do everything."""

from erp.kernel.rights import grant_defaults
from lending.loan.model import Loan

grant_defaults(
    "sales", Loan, "read create update delete submit cancel take_back print export import comment attach mail"
)
grant_defaults("accounts", Loan, "read print export comment")
