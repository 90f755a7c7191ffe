"""The rights that a new installation, or a new release, starts with; what an administrator changed stays."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from erp.kernel.records.types import utc_now
from erp.kernel.rights.actor import ADMINISTRATOR
from erp.kernel.rights.grants import declare_role, declared, declared_roles
from erp.kernel.rights.tables import FieldRight, RightsVersion, Role, RoleRight, bump
from erp.kernel.text import _l, in_language
from erp.kernel.uid import new_uid

declare_role(ADMINISTRATOR, _l("Administrator"))


def seed_rights(session: Session) -> int:
    """Add roles and rights that code declares and the tables do not have; return how many rows were added.

    A right taken away stays as "none" in its row, so that it is not given again. Runs as often as one likes.
    """
    roles = _seed_roles(session)
    added = roles[1] + _seed_rights(session, roles[0]) + _seed_fields(session, roles[0])
    if added or session.get(RightsVersion, 1) is None:
        bump(session)
    return added


def _seed_roles(session: Session) -> tuple[dict[str, int], int]:
    known = set(session.scalars(select(Role.code)))
    with in_language("en"):
        new = [
            {"uid": new_uid(), "version": 1, "created_at": utc_now(), "updated_at": utc_now(), "code": spec.code,
             "name": str(spec.label), "state": "active", "home": spec.home}
            for spec in declared_roles().values() if spec.code not in known
        ]  # fmt: skip
    if new:
        session.execute(insert(Role), new)
    return {row.code: row.id for row in session.execute(select(Role.code, Role.id))}, len(new)


def _seed_rights(session: Session, roles: dict[str, int]) -> int:
    known = {tuple(row) for row in session.execute(select(RoleRight.role_id, RoleRight.kind, RoleRight.verb))}
    new = [
        {"role_id": roles[role], "kind": kind, "verb": verb, "scope": scope}
        for role, rights in declared().rights.items() for (kind, verb), scope in rights.items()
        if (roles[role], kind, verb) not in known
    ]  # fmt: skip
    if new:
        session.execute(insert(RoleRight), new)
    return len(new)


def _seed_fields(session: Session, roles: dict[str, int]) -> int:
    known = {tuple(row) for row in session.execute(select(FieldRight.role_id, FieldRight.kind, FieldRight.field))}
    new = [
        {"role_id": roles[role], "kind": kind, "field": name, "level": level}
        for role, fields in declared().fields.items() for (kind, name), level in fields.items()
        if (roles[role], kind, name) not in known
    ]  # fmt: skip
    if new:
        session.execute(insert(FieldRight), new)
    return len(new)
