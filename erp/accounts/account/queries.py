"""Which account plays a role in a company: asked once in a unit of work."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from erp.accounts.account.model import Account, DefaultAccount
from erp.kernel.change import Work, kept, kept_by_id
from erp.kernel.errors import Problem, Problems
from erp.kernel.text import _


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts of a company by role; those chosen as default come before those that merely have the role."""

    by_role: dict[str, int]

    def of(self, role: str) -> int:
        """Return the account of ``role``; raise ``Problems`` naming the role when the company has none."""
        found = self.by_role.get(role)
        if found is None:
            message = _("The company has no account for %(role)s; choose one under default accounts.", role=role)
            raise Problems([Problem("company", "no_default_account", message)])
        return found


COLUMNS = (
    Account.id, Account.code, Account.name, Account.role, Account.root_type, Account.is_group, Account.company_id,
)  # fmt: skip


def chart_of(work: Work, company_id: int) -> Chart:
    """Return the accounts by role of a company."""
    return kept(work, ("chart", company_id), lambda: _read(work, company_id))


CHOSEN = select(DefaultAccount.role, DefaultAccount.account_id).where(DefaultAccount.company_id == bindparam("company"))


def _read(work: Work, company_id: int) -> Chart:
    return Chart({row[0]: row[1] for row in work.session.execute(CHOSEN, {"company": company_id})})


def default_account(work: Work, company_id: int, role: str) -> int:
    """Return the id of the account that plays ``role`` in the company."""
    return chart_of(work, company_id).of(role)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What posting asks of an account."""

    id: int
    code: str
    name: str
    role: str | None
    root_type: str
    is_group: bool
    company_id: int


def accounts_by_id(work: Work, ids: Iterable[int]) -> dict[int, AccountFacts]:
    """Return accounts by id; unknown ones are absent."""
    return kept_by_id(work, "accounts", ids, lambda missing: _accounts(work, missing))


BY_ID = select(*COLUMNS).where(Account.id.in_(bindparam("ids", expanding=True)))


def _accounts(work: Work, ids: list[int]) -> dict[int, AccountFacts]:
    return {row[0]: AccountFacts(*row) for row in work.session.execute(BY_ID, {"ids": ids})}
