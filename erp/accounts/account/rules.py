"""What keeps a chart sound: a tree of one type each, whose accounts do not change what is booked on them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select

from erp.accounts.account.model import PARTY_ROLES, Account, DefaultAccount
from erp.accounts.ledger.model import LedgerEntry
from erp.kernel.change import Work, valid_if
from erp.kernel.errors import Problem
from erp.kernel.text import _


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """The account as it stands in the books, and the accounts above the one it shall stand below."""

    before: Any = None
    booked: bool = False
    parent: Any = None
    above: frozenset[int] = field(default_factory=frozenset)


def chart_facts(work: Work, account: Account) -> ChartFacts:
    """Find what the account was, whether it is booked on, and what is above it."""
    parent = _as_stored(work, account.parent_id)
    above: set[int] = set()
    place = parent
    while place is not None and place.id not in above:
        above.add(place.id)
        place = _as_stored(work, place.parent_id)
    if account.id is None:
        return ChartFacts(parent=parent, above=frozenset(above))
    booked = work.session.scalar(select(exists().where(LedgerEntry.account_id == account.id)))
    return ChartFacts(_as_stored(work, account.id), bool(booked), parent, frozenset(above))


def _as_stored(work: Work, account_id: int | None) -> Any:
    """Return an account as the database has it, whatever is being changed; None when there is none."""
    if account_id is None:
        return None
    columns = (Account.id, Account.root_type, Account.role, Account.is_group, Account.parent_id, Account.company_id)
    return work.session.execute(select(*columns).where(Account.id == account_id)).one_or_none()


@valid_if(Account, given=chart_facts)
def account_problems(account: Account, facts: ChartFacts) -> list[Problem]:
    """Refuse circles, mixed types, and changes that would tell another story of what is booked."""
    return [*_place_problems(account, facts), *_booked_problems(account, facts)]


def _place_problems(account: Account, facts: ChartFacts) -> list[Problem]:
    if account.parent_id is None:
        return []
    if account.id is not None and account.id in facts.above:
        return [Problem("parent", "circle", _("An account does not stand below itself."))]
    if facts.parent is None or facts.parent.company_id != account.company_id:
        return [Problem("parent", "other_company", _("This account is not of this company's chart."))]
    if facts.parent.root_type != account.root_type:
        return [Problem("root_type", "other_type", _("An account has the type of the one above it."))]
    return []


def _booked_problems(account: Account, facts: ChartFacts) -> list[Problem]:
    before = facts.before
    if before is None or not facts.booked:
        return []
    found = []
    if account.is_group and not before.is_group:
        found.append(Problem("is_group", "booked", _("Something is booked here; a group takes no entries.")))
    if account.root_type != before.root_type:
        found.append(Problem("root_type", "booked", _("Something is booked here, so the type stays.")))
    if account.role != before.role and {account.role, before.role} & set(PARTY_ROLES):
        found.append(Problem("role", "booked", _("Open items are booked here, so the role stays.")))
    return found


@valid_if(DefaultAccount, given=lambda work, default: work.session.get(Account, default.account_id or 0))
def default_problems(default: DefaultAccount, account: Account | None) -> list[Problem]:
    """Refuse a default account that could not be booked on."""
    if account is None:
        return []
    if account.company_id != default.company_id:
        return [Problem("account", "other_company", _("This account is not of this company's chart."))]
    if account.is_group:
        return [
            Problem("account", "account_is_group", _("%(code)s is a group and takes no entries.", code=account.code))
        ]
    if default.role in PARTY_ROLES and account.role != default.role:
        return [Problem("account", "other_role", _("This account keeps no open items of customers or suppliers."))]
    return []
