"""Which account plays a role in a company: asked once in a unit of work."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from erp.accounts.account.model import Account, DefaultAccount
from erp.kernel.change import Work
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
    return work.once(("chart", company_id), lambda: _read(work, company_id))


def _read(work: Work, company_id: int) -> Chart:
    chosen = select(DefaultAccount.role, *COLUMNS).join(Account, Account.id == DefaultAccount.account_id)
    rows = work.session.execute(chosen.where(DefaultAccount.company_id == company_id)).all()
    known: dict[int, AccountFacts] = work.once("accounts", dict)
    known.update({row[1]: AccountFacts(*row[1:]) for row in rows})
    return Chart({row[0]: row[1] for row in rows})


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
    """Return accounts by id; each is read once in a unit of work."""
    wanted = set(ids)
    known: dict[int, AccountFacts] = work.once("accounts", dict)
    missing = wanted - known.keys()
    if missing:
        found = work.session.execute(select(*COLUMNS).where(Account.id.in_(missing)))
        known.update({row.id: AccountFacts(*row) for row in found})
    return {one: known[one] for one in wanted if one in known}
