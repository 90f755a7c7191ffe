"""Asked the other way round: which users may do this?"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from erp.kernel.rights.actor import Actor
from erp.kernel.rights.grants import may
from erp.kernel.rights.loading import WHO, make_actor

EVERYBODY = text(f"SELECT {WHO} FROM `user` u WHERE u.state = 'active' ORDER BY u.name, u.id")  # noqa: S608


def who_may(
    session: Session, verb: str, kind: str, *, company_id: int | None = None, role: str = "", but: int | None = None
) -> list[tuple[int, str]]:  # fmt: skip
    """Return id and name of the active users who may, in this company, playing ``role`` if one is named."""
    found = []
    for row in session.execute(EVERYBODY):
        actor = make_actor(session, row)
        outside = company_id is not None and actor.companies is not None and company_id not in actor.companies
        lacks_role = bool(role) and role not in actor.roles and not actor.is_admin
        if (
            actor.user_id is not None
            and actor.user_id != but
            and not outside
            and not lacks_role
            and may(actor, verb, kind)
        ):
            found.append((actor.user_id, actor.name))
    return found


def active_actors(session: Session) -> list[Actor]:
    """Return every active user as the one who acts, by name: one statement."""
    return [make_actor(session, row) for row in session.execute(EVERYBODY)]
