"""Who may lend."""

from erp.kernel.rights import grant_defaults
from lending.loan import Loan

grant_defaults("sales", Loan, "read create update")
