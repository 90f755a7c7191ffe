"""The demo's users: one for each role, all with the same password."""

from dataclasses import dataclass

from sqlalchemy import select

from erp.kernel.change import Work
from erp.kernel.rights import ADMINISTRATOR
from erp.kernel.rights.commands import add_user
from erp.kernel.rights.user import User

PASSWORD = "daifuku-demo"  # noqa: S105 - public: it is printed on the first screen of a demo


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A login of the demo."""

    login: str
    name: str
    roles: tuple[str, ...]


USERS = (
    DemoUser("admin", "Amara Okafor", (ADMINISTRATOR,)),
    DemoUser("sales", "Mika Tanaka", ("sales",)),
    DemoUser("approver", "Jonas Weber", ("approver",)),
    DemoUser("accounts", "Priya Nair", ("accounts",)),
    DemoUser("stock", "Lena Hansen", ("stock",)),
    DemoUser("buyer", "Tom Reyes", ("buyer",)),
)


def add_demo_users(work: Work, *, company_id: int, timezone: str = "UTC") -> list[User]:
    """Add the demo's users who are missing; they may see every company and start in one."""
    there = set(work.session.scalars(select(User.code)))
    added = []
    for one in USERS:
        if one.login in there:
            continue
        user = add_user(
            work, one.login, one.name, email=f"{one.login}@northwind.example", password=PASSWORD, roles=one.roles,
            timezone=timezone,
        )  # fmt: skip
        user.current_company_id = company_id
        added.append(user)
    work.session.flush()
    return added
