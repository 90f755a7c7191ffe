"""What administrators and users do to logins, roles, rights and tokens; each writes its audit entry."""

import re
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, insert, select

from erp.kernel.change.audit import audit
from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Problems
from erp.kernel.rights import may, passwords, sessions, tokens
from erp.kernel.rights.actor import ADMINISTRATOR
from erp.kernel.rights.grants import ALL, NONE
from erp.kernel.rights.tables import EVERY_COMPANY, FieldRight, Role, RoleRight, UserKey, UserRole
from erp.kernel.rights.user import User, normal_login
from erp.kernel.text import _


def must(work: Work, verb: str, kind: str) -> None:
    """Raise ``NotAllowed`` unless the actor may."""
    if not may(work.actor, verb, kind):
        raise NotAllowed(_("You may not do this here. Nothing was changed."))


def add_user(
    work: Work, login: str, name: str, *, email: str | None = None, password: str | None = None,
    roles: Iterable[str] = (), companies: Iterable[int] | None = None, language: str = "en", timezone: str = "UTC",
) -> User:  # fmt: skip
    """Make a user with roles; ``companies`` None means every company. Without a password, invite him.

    Raises ``Problems`` when login or address are taken, a role is unknown, or the password is not acceptable.
    """
    must(work, "create", "user")
    problems = _taken(work, login, email) + _unknown_roles(work, roles)
    if password is not None:
        problems += passwords.password_problems(password, about=(login, email or ""))
    if problems:
        raise Problems(problems)
    user = User(
        code=login, name=name, email=email, language=language, timezone=timezone, must_change=False, state="active",
        password_hash=passwords.hash_password(password) if password else None, created_by_id=work.actor.user_id,
        updated_by_id=work.actor.user_id,
    )  # fmt: skip
    work.session.add(user)
    work.session.flush()
    audit(work, "create", user)
    keys = {EVERY_COMPANY} if companies is None else {f"company:{one}" for one in companies}
    set_roles(work, user, roles, keys)
    return user


def _taken(work: Work, login: str, email: str | None) -> list[Problem]:
    problems = []
    if not normal_login(login):
        problems.append(Problem("login", "required", _("Say under which name the user signs in.")))
    elif work.session.scalars(select(User.id).where(User.code == normal_login(login))).first():
        problems.append(Problem("login", "taken", _("This login is taken.")))
    if email and work.session.scalars(select(User.id).where(User.email == normal_login(email))).first():
        problems.append(Problem("email", "taken", _("This address belongs to another user.")))
    return problems


def _unknown_roles(work: Work, codes: Iterable[str]) -> list[Problem]:
    wanted = set(codes)
    known = set(work.session.scalars(select(Role.code).where(Role.code.in_(wanted)))) if wanted else set()
    return [
        Problem("roles", "unknown_role", _("There is no role “%(role)s”.", role=code))
        for code in sorted(wanted - known)
    ]


def roles_and_keys(work: Work, user_id: int) -> tuple[set[str], set[str]]:
    """Return the codes of the roles that a user plays, and the scope keys held."""
    roles = select(Role.code).join(UserRole, UserRole.role_id == Role.id).where(UserRole.user_id == user_id)
    return set(work.session.scalars(roles)), set(
        work.session.scalars(select(UserKey.key).where(UserKey.user_id == user_id))
    )


def set_roles(work: Work, user: User, roles: Iterable[str], keys: Iterable[str]) -> None:
    """Give a user exactly these roles and scope keys; both act at the next request.

    Raises ``Problems`` for unknown roles and ``Conflict`` when nobody would be left to administer.
    """
    must(work, "update", "role")
    wanted, keys = set(roles), set(keys)
    problems = _unknown_roles(work, wanted)
    if problems:
        raise Problems(problems)
    before_roles, before_keys = roles_and_keys(work, user.id)
    if ADMINISTRATOR in before_roles - wanted:
        _somebody_else_administers(work, user.id)
    work.session.execute(delete(UserRole).where(UserRole.user_id == user.id))
    work.session.execute(delete(UserKey).where(UserKey.user_id == user.id))
    ids = work.session.scalars(select(Role.id).where(Role.code.in_(wanted))).all() if wanted else []
    if ids:
        work.session.execute(insert(UserRole), [{"user_id": user.id, "role_id": one} for one in ids])
    if keys:
        work.session.execute(insert(UserKey), [{"user_id": user.id, "key": one} for one in sorted(keys)])
    changes = {}
    if before_roles != wanted:
        changes["roles"] = [sorted(before_roles), sorted(wanted)]
    if before_keys != keys:
        changes["keys"] = [sorted(before_keys), sorted(keys)]
    if changes:
        audit(work, "roles", user, changes)
        announce(work, user, "rights")


def _somebody_else_administers(work: Work, but: int) -> None:
    others = (
        select(User.id).join(UserRole, UserRole.user_id == User.id).join(Role, Role.id == UserRole.role_id)
        .where(Role.code == ADMINISTRATOR, User.id != but, User.state == "active")
    )  # fmt: skip
    if work.session.scalars(others.limit(1)).first() is None:
        raise Conflict(_("Somebody must administer: give the role to another user first."))


def set_right(work: Work, role: Role, kind: str, verb: str, scope: str) -> None:
    """Let a role do a verb in a scope, or not at all ("none")."""
    must(work, "update", "role")
    if role.code == ADMINISTRATOR:
        raise Conflict(_("Administrators may do everything; there is nothing to change."))
    query = select(RoleRight).where(RoleRight.role_id == role.id, RoleRight.kind == kind, RoleRight.verb == verb)
    row = work.session.scalars(query).one_or_none()
    before = row.scope if row is not None else NONE
    if before == scope:
        return
    if row is None:
        work.session.add(RoleRight(role_id=role.id, kind=kind, verb=verb, scope=scope))
    else:
        row.scope = scope
    work.session.flush()
    audit(work, "right", role, {f"{kind}.{verb}": [before, scope]})
    announce(work, role, "rights")


def set_field_right(work: Work, role: Role, kind: str, field: str, level: str) -> None:
    """Say whether a role may write, only read, or not see a field."""
    must(work, "update", "role")
    where = (FieldRight.role_id == role.id, FieldRight.kind == kind, FieldRight.field == field)
    row = work.session.scalars(select(FieldRight).where(*where)).one_or_none()
    before = row.level if row is not None else "write"
    if row is None:
        row = FieldRight(role_id=role.id, kind=kind, field=field)
        work.session.add(row)
    row.level = level
    work.session.flush()
    audit(work, "field_right", role, {f"{kind}.{field}": [before, level]})


def set_home(work: Work, role: Role, path: str) -> None:
    """Say on which page the people of a role land after they sign in. Raises ``Problems`` for what is no page of ours."""
    must(work, "update", "role")
    if not re.fullmatch(r"/[A-Za-z0-9/_?=&-]*", path) or path.startswith("//"):
        raise Problems([Problem("home", "not_a_page", _("Choose a page of this product."))])
    if role.home != path:
        before, role.home = role.home, path
        work.session.flush()
        audit(work, "home", role, {"home": [before, path]})


def add_role(work: Work, code: str, name: str) -> Role:
    """Make a role that may do nothing yet. Raises ``Problems`` when the code is taken."""
    must(work, "create", "role")
    if not code.strip() or work.session.scalars(select(Role.id).where(Role.code == code)).first():
        raise Problems([Problem("code", "taken", _("Give the role a code that no other role has."))])
    role = Role(code=code, name=name or code, state="active", home="/", created_by_id=work.actor.user_id)
    work.session.add(role)
    work.session.flush()
    audit(work, "create", role)
    return role


def create_token(
    work: Work, user: User, scopes: list[str], *, name: str = "", company_id: int | None = None,
    life: timedelta = tokens.DEFAULT_LIFE,
) -> tuple[str, tokens.ApiToken]:  # fmt: skip
    """Make a token for oneself, or as administrator for anybody; the text is known only now."""
    if work.actor.token_id is not None or (user.id != work.actor.user_id and not work.actor.is_admin):
        raise NotAllowed(_("You may not do this here. Nothing was changed."))
    text, row = tokens.make_token(
        work.session, user.id, scopes, now=work.now, name=name, company_id=company_id, life=life, by=work.actor.user_id
    )
    audit(work, "token", user, {"scopes": [None, list(row.scopes)]}, note=name)
    return text, row


def revoke_token(work: Work, token_id: int) -> None:
    """Make one of one's own tokens worthless. Raises ``NotFound`` when there is none."""
    if work.actor.user_id is None or not tokens.revoke(work.session, token_id, work.actor.user_id, work.now):
        raise NotFound
    audit(work, "token_revoked", None, kind="user", record_id=work.actor.user_id)


def end_my_session(work: Work, session_id: int) -> None:
    """Sign one of one's own browsers out. Raises ``NotFound`` when it is not one's own."""
    own = [row.id for row in sessions.open_sessions(work.session, work.actor.user_id or 0, work.now)]
    if session_id not in own:
        raise NotFound
    sessions.end_session(work.session, session_id, work.now)


__all__ = [
    "ALL", "EVERY_COMPANY", "NONE", "add_role", "add_user", "create_token", "end_my_session", "revoke_token",
    "roles_and_keys", "set_field_right", "set_home", "set_right", "set_roles",
]  # fmt: skip
