"""What a loan books."""

from dataclasses import dataclass

from erp.accounts.account.queries import chart_of
from erp.accounts.company import books_of
from erp.accounts.ledger.entry import Entry, credit, debit
from erp.accounts.parties import party_accounts
from erp.kernel.change import Work, fills_in, posts
from lending.loan.model import Loan


@dataclass(frozen=True, slots=True)
class LoanAccounts:
    """The accounts a loan needs, looked up before, so that posting stays pure."""

    receivable: int
    income: int


def accounts_for(work: Work, loan: Loan) -> LoanAccounts:
    """Find where the customer stands, and where fees are earned."""
    chart = chart_of(work, loan.company_id)
    own = party_accounts(work, "customer", loan.customer_id).account
    return LoanAccounts(receivable=own or chart.of("receivable"), income=chart.of("revenue"))


@fills_in(Loan, given=lambda work, loan: books_of(work, loan.company_id).currency)
def in_company_currency(loan: Loan, currency: str) -> None:
    """Fees are in the company's currency."""
    loan.currency = currency


@posts(Loan, given=accounts_for)
def loan_entries(loan: Loan, accounts: LoanAccounts) -> list[Entry]:
    """The customer owes the fee by the day the tools come back; the fee is earned."""
    customer = ("customer", loan.customer_id)
    owed = debit(accounts.receivable, loan.total, "loan", party=customer, due=loan.due_date, instalment=1)
    return [owed, credit(accounts.income, loan.total, "loan")]
