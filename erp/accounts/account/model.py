"""Accounts of a company's chart, and the account that a company uses by default for each role."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from erp.kernel.records import Choice, CompanyBound, Currency, Master, Record, field, link
from erp.kernel.text import _l

ROOT_TYPES = (
    ("asset", _l("Asset")),
    ("liability", _l("Liability")),
    ("equity", _l("Equity")),
    ("income", _l("Income")),
    ("expense", _l("Expense")),
)
BALANCE_SHEET = frozenset({"asset", "liability", "equity"})
PROFIT_AND_LOSS = frozenset({"income", "expense"})

ROLES = (
    ("receivable", _l("Receivable")),
    ("payable", _l("Payable")),
    ("cash", _l("Cash")),
    ("bank", _l("Bank")),
    ("revenue", _l("Sales")),
    ("expense", _l("Purchases")),
    ("freight", _l("Freight")),
    ("tax_payable", _l("Tax payable")),
    ("tax_receivable", _l("Tax receivable")),
    ("cash_discount", _l("Cash discount")),
    ("write_off", _l("Write-off")),
    ("rounding", _l("Rounding")),
    ("fx_gain_loss", _l("Exchange gain or loss")),
    ("fx_unrealised", _l("Unrealised exchange difference")),
    ("customer_deposit", _l("Customer deposits")),
    ("withholding_payable", _l("Tax withheld")),
    ("cogs", _l("Cost of goods sold")),
    ("inventory", _l("Inventory")),
    ("grni", _l("Goods received, not invoiced")),
    ("shipped_not_invoiced", _l("Goods delivered, not invoiced")),
    ("retained_earnings", _l("Retained earnings")),
    ("income_summary", _l("Income summary")),
    ("dividends", _l("Dividends")),
    ("opening", _l("Opening balances")),
)
PARTY_ROLES = {"receivable": "customer", "payable": "supplier"}


class Account(Master, CompanyBound):
    """One account of a chart. Groups hold accounts and take no entries; accounts with a party keep open items."""

    __label__ = _l("Account")
    __plural_label__ = _l("Accounts")
    __company_bound__ = True
    __icon__ = "book"
    __setup__ = True

    parent_id: Mapped[int | None] = link("account", _l("Below"))
    is_group: Mapped[bool] = field(_l("Group"), default=False, in_filter=True)
    root_type: Mapped[Choice] = field(_l("Type"), in_list=True, in_filter=True, choices=ROOT_TYPES)
    role: Mapped[Choice | None] = field(_l("Role"), in_list=True, in_filter=True, choices=ROLES, group="More")
    currency: Mapped[Currency | None] = field(_l("Currency"), group="More")

    @property
    def party_kind(self) -> str | None:
        """Return whose open items stand on this account: customer, supplier, or nobody's."""
        return PARTY_ROLES.get(self.role or "")

    @property
    def is_debit_normal(self) -> bool:
        """Return whether a balance is usually on the debit side."""
        return self.root_type in {"asset", "expense"}


class DefaultAccount(Record, CompanyBound):
    """The account a company uses for a role where nothing more specific says otherwise."""

    __label__ = _l("Default account")
    __plural_label__ = _l("Default accounts")
    __title__ = "role"
    __listed__ = False
    __icon__ = "book"
    __setup__ = True
    __table_args__ = (UniqueConstraint("company_id", "role"), Index("ix_default_account_account_id", "account_id"))

    role: Mapped[Choice] = field(_l("Role"), in_list=True, choices=ROLES)
    account_id: Mapped[int] = link("account", _l("Account"), in_list=True, index=False)
