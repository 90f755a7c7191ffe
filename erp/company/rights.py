"""Who may see and keep companies, branches, currencies and rates. Administrators may do everything."""

from erp.company.branch import Branch
from erp.company.company import Company
from erp.company.currency import Currency
from erp.company.exchange_rate import ExchangeRate
from erp.kernel.rights import grant_defaults

for role in ("sales", "approver", "accounts", "stock", "buyer"):
    for kind in (Company, Branch, Currency, ExchangeRate):
        grant_defaults(role, kind, "read")
grant_defaults("accounts", ExchangeRate, "create update delete import export")
grant_defaults("accounts", Currency, "create update archive export")
