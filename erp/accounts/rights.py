"""Who may see and keep the books. Administrators may do everything."""

from erp.accounts.account.model import Account, DefaultAccount
from erp.accounts.journal_entry.model import JournalEntry
from erp.accounts.payment.model import Payment
from erp.accounts.payment_terms.model import PaymentTerms
from erp.accounts.reconciliation.model import Reconciliation
from erp.accounts.tax.model import Tax
from erp.company.company import Company
from erp.kernel.rights import declare_right, declare_role, grant_defaults
from erp.kernel.text import _l

declare_role("accounts", _l("Accounts"))
declare_right("ledger", "read", _l("Read the ledger and its reports"))
grant_defaults("accounts", "ledger", "read")

grant_defaults("accounts", Company, "close_books close_year")

for role in ("sales", "approver", "stock", "buyer"):
    for shared in (Account, Tax, PaymentTerms):
        grant_defaults(role, shared, "read")
for master in (Account, DefaultAccount, Tax, PaymentTerms):
    grant_defaults("accounts", master, "read create update delete archive import export")
for voucher in (JournalEntry, Payment, Reconciliation):
    grant_defaults("accounts", voucher, "read create update delete submit cancel print import export")
grant_defaults("sales", Payment, "read")
grant_defaults("buyer", Payment, "read")
