"""A shop with people, and flows drawn for its orders."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from erp.kernel.change import approvals, find, save, submit
from erp.kernel.change.approvals import Approval, ApprovalDecision
from erp.kernel.change.verbs import perform, verbs_now
from erp.kernel.change.work import Work
from erp.kernel.flows.model import ApprovalFlow
from erp.kernel.rights import commands
from erp.kernel.rights.loading import actor_of
from erp.kernel.rights.seed import seed_rights
from erp.kernel.uid import new_uid
from erp.selling.sales_order.model import SalesOrder
from tests.selling.shop import Shop, open_shop


@dataclass
class Office:
    """People by login; each acts in a unit of work of his own, in the transaction of the test."""

    shop: Shop
    work: Work
    ids: dict[str, int] = field(default_factory=dict)

    def hire(self, login: str, *roles: str) -> int:
        """Make a user of the shop's company."""
        own = [self.shop.ledger.company]
        user = commands.add_user(self.work, login, login.title(), roles=list(roles), companies=own)
        self.ids[login] = user.id
        return int(user.id)

    def as_(self, login: str) -> Work:
        """Return a new unit of work of somebody."""
        self.work.session.flush()
        actor = actor_of(self.work.session, self.ids[login])
        assert actor is not None
        return Work(self.work.session, actor)

    def flow(self, *steps: dict[str, Any], **more: Any) -> ApprovalFlow:
        """Draw a flow for sales orders that replaces the limits of the house; each step is given once for each seat."""
        head = {
            "code": new_uid().hex[-12:],
            "name": "Test",
            "for_kind": "sales_order",
            "replaces_limits": True,
            "condition": "total > 100",
        }
        return save(self.work, ApprovalFlow, {**head, "steps": list(steps), **more})

    def order(self, quantity: str = "20", by: str = "mia", **more: Any) -> Any:
        """Ask for approval of an order: 20 apples come to 238 EUR with the tax."""
        work = self.as_(by)
        draft = Shop(work, self.shop.ledger).draft(SalesOrder, quantity, **more)
        submit(work, draft)
        return draft

    def do(self, login: str, order: Any, route: str, **values: Any) -> Any:
        """Let somebody do a verb with an order as it stands."""
        work = self.as_(login)
        work.session.flush()
        work.session.expire_all()
        return perform(work, SalesOrder, order.id, route, values)

    def can(self, login: str, order: Any) -> set[str]:
        """Return the verbs somebody is offered now."""
        work = self.as_(login)
        work.session.expire_all()
        return {verb.verb for verb in verbs_now(work, find(work, SalesOrder, order.id))}

    def save(self, login: str, order: Any, **values: Any) -> Any:
        """Let somebody change an order as it stands."""
        work = self.as_(login)
        work.session.expire_all()
        return save(work, SalesOrder, values, find(work, SalesOrder, order.id))

    def sees(self, order: Any) -> Any:
        """Return the order as it stands."""
        return self.shop.again(order)

    def request(self, order: Any) -> Approval:
        """Return the last request about an order."""
        self.work.session.expire_all()
        return approvals.history(self.work, order)[-1]

    def said(self, order: Any) -> list[tuple[str, str, str | None]]:
        """Return what was said about an order: what, by whom, in whose place."""
        rows: list[ApprovalDecision] = approvals.decisions(self.work, approvals.history(self.work, order))
        return [(row.what, row.user_name, row.behalf_name) for row in rows]


@pytest.fixture
def office(work: Work) -> Office:
    """Mia sells; Cho, Bu and Ed approve; Ann keeps the accounts."""
    found = Office(open_shop(work), work)
    seed_rights(work.session)
    for role in ("section", "department", "board"):
        made = commands.add_role(work, role, role.title())
        commands.set_right(work, made, "sales_order", "read", "all")
        for verb in ("read", "create", "update"):
            commands.set_right(work, made, "approval_deputy", verb, "own")
    found.hire("mia", "sales")
    found.hire("cho", "section")
    found.hire("bu", "department")
    found.hire("ed", "board")
    found.hire("ann", "accounts", "sales")
    return found


def seat(step: int, role: str, **more: Any) -> dict[str, Any]:
    """Return one row of a flow: a role in a step."""
    return {"step": step, "who": "role", "role": {"code": role}, **more}


Seat = Callable[..., dict[str, Any]]
