"""Settings for administrators: users with their roles and companies, and the table of roles and verbs."""

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from erp.kernel.change.described import described, offered
from erp.kernel.change.verbs import verbs_of
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import Conflict, NotFound, Problem, Problems
from erp.kernel.records import Record, has_kind, kind_of
from erp.kernel.rights import commands, signing_in
from erp.kernel.rights.actor import ADMINISTRATOR
from erp.kernel.rights.grants import ALL, HIDDEN, NONE, OWN, READ, WRITE, other_rights
from erp.kernel.rights.registry import surface
from erp.kernel.rights.tables import FieldRight, Role, RoleRight, UserRole
from erp.kernel.rights.user import User, languages_offered
from erp.kernel.text import _, _l
from erp.kernel.web.account import page
from erp.kernel.web.answers import Answer
from erp.kernel.web.chrome import visible_groups

roles = Blueprint("roles", __name__, url_prefix="/settings")

VERBS = ("read", "create", "update", "delete", "print", "export", "import")
WORDS = {
    "read": _l("Read"), "create": _l("Create"), "update": _l("Change"), "delete": _l("Delete"), "print": _l("Print"),
    "export": _l("Export"), "import": _l("Import"),
}  # fmt: skip
LEVELS = ((WRITE, _l("Write")), (READ, _l("Only read")), (HIDDEN, _l("Hidden")))


def kinds_with_rights(work: Work) -> list[type[Record]]:
    """Return the kinds that the table of rights lists: what is in use, by department."""
    listed = (kind for kind in offered(work) if kind.__kind__ not in {"user", "role"})
    return sorted(listed, key=lambda kind: kind.__department__)


def verbs_with_words(kind: type[Record]) -> dict[str, str]:
    """Return every verb whose right can be given for a kind, with its word."""
    found = {verb: str(WORDS[verb]) for verb in VERBS}
    for verb in verbs_of(kind):
        found.setdefault("approve" if verb.seat else verb.right or verb.verb, str(verb.label))
    return found


def role_by_code(work: Work, code: str) -> Role:
    """Return the role, or raise ``NotFound``."""
    role = work.session.scalars(select(Role).where(Role.code == code)).one_or_none()
    if role is None:
        raise NotFound(_("Not found"))
    return role


@surface("roles.list_roles", kind="role", verb="read")
@roles.get("/roles")
def list_roles() -> ResponseReturnValue:
    """Show all roles with how many people play them."""
    work = current_work()
    players = select(UserRole.role_id, func.count()).group_by(UserRole.role_id)
    counts = {row[0]: row[1] for row in work.session.execute(players)}
    rows = work.session.scalars(select(Role).order_by(Role.name)).all()
    return page("roles", _("Roles and rights"), rows=rows, counts=counts, problems={})


@surface("roles.make_role", kind="role", verb="create")
@roles.post("/roles")
def make_role() -> ResponseReturnValue:
    """Make a role that may do nothing yet."""
    role = commands.add_role(current_work(), request.form.get("code", ""), request.form.get("name", ""))
    return redirect(f"/settings/roles/{role.code}", code=303)


@surface("roles.show_role", kind="role", verb="read")
@roles.get("/roles/<code>")
def show_role(code: str) -> ResponseReturnValue:
    """Show what a role may do: a row for each kind, a box for each verb."""
    work = current_work()
    role = role_by_code(work, code)
    held = _held(work, role)
    fields = select(FieldRight).where(FieldRight.role_id == role.id).order_by(FieldRight.kind, FieldRight.field)
    return page(
        "role", role.name, role=role, rows=[_row(work, kind, held) for kind in kinds_with_rights(work)],
        other=_other(held), homes=_homes(work, role), fixed=role.code == ADMINISTRATOR,
        fields=work.session.scalars(fields).all(), levels=LEVELS,
    )  # fmt: skip


def _other(held: dict[tuple[str, str], str]) -> list[tuple[str, str, bool]]:
    """Return the rights on what is no record (the ledger, features): their name, words, and whether the role has them."""
    return [(f"{kind}:{verb}", label, held.get((kind, verb), NONE) != NONE) for (kind, verb), label in other_rights()]


def _homes(work: Work, role: Role) -> list[tuple[str, str]]:
    """Return the pages on which a role's people may land."""
    entries = [entry for group in visible_groups(work.actor, work) for entry in group.entries]
    found = {"/": _("Home"), "/approvals": _("Approvals")} | {entry.url: entry.label for entry in entries}
    return list(({role.home: role.home} | found).items())


def _row(work: Work, kind: type[Record], held: dict[tuple[str, str], str]) -> dict[str, Any]:
    """Return a kind's row: a box for each verb, and the scope of those that are ticked."""
    name, words = kind.__kind__, verbs_with_words(kind)
    given = {verb: held.get((name, verb), NONE) for verb in words}
    scope = next((one for one in given.values() if one != NONE), ALL)
    boxes = [(verb, word, given[verb] != NONE) for verb, word in words.items()]
    return {
        "kind": name,
        "label": kind.__plural_label__,
        "scope": scope,
        "scopes": _scopes(work, kind, scope),
        "boxes": boxes,
    }


@surface("roles.save_fields", kind="role", verb="update")
@roles.post("/roles/<code>/fields")
def save_fields(code: str) -> ResponseReturnValue:
    """Say how far a role sees one field of a kind."""
    work, form = current_work(), request.form
    kind, name, level = form.get("kind", ""), form.get("field", "").strip(), form.get("level", "")
    known = {info.name for info in described(work, kind_of(kind).__kind__).fields} | {
        f"{lines}.{info.name}" for lines, line in described(work, kind).lines.items() for info in line.fields
    }
    if name not in known or level not in dict(LEVELS):
        raise Problems([Problem("field", "unknown_field", _("“%(field)s” is no field of this kind.", field=name))])
    commands.set_field_right(work, role_by_code(work, code), kind, name, level)
    return redirect(f"/settings/roles/{code}?done=1", code=303)


def _held(work: Work, role: Role) -> dict[tuple[str, str], str]:
    query = select(RoleRight.kind, RoleRight.verb, RoleRight.scope).where(RoleRight.role_id == role.id)
    return {(kind, verb): scope for kind, verb, scope in work.session.execute(query)}


def _scopes(work: Work, kind: type[Record], *held: str) -> list[tuple[str, str]]:
    """Return the scopes in which a right on a kind can be given; a key goes with its field, unless it is ``held``."""
    columns = {info.attribute for info in described(work, kind.__kind__).fields}
    known = [key for key, column in kind.__scope_keys__.items() if column in columns or key in held]
    keys = [(key, _("of one's %(key)s", key=key)) for key in known]
    return [(ALL, _("all")), (OWN, _("one's own")), *keys]


@surface("roles.save_role", kind="role", verb="update")
@roles.post("/roles/<code>")
def save_role(code: str) -> ResponseReturnValue:
    """Save the table of one role: what changed acts at everybody's next request."""
    work = current_work()
    role = role_by_code(work, code)
    held = _held(work, role)
    for name in request.form.getlist("kinds"):
        _save_kind(work, role, name, held)
    given = set(request.form.getlist("also"))
    for (name, verb), _label in other_rights():
        if "also.shown" in request.form:
            commands.set_right(work, role, name, verb, ALL if f"{name}:{verb}" in given else NONE)
    commands.set_home(work, role, request.form.get("home") or role.home)
    return redirect(f"/settings/roles/{role.code}?done=1", code=303)


def _save_kind(work: Work, role: Role, name: str, held: dict[tuple[str, str], str]) -> None:
    """Save one row of the table: what is ticked in its scope, what is not not at all."""
    kind = kind_of(name)
    scope, shown = request.form.get(f"{name}.scope", ALL), request.form.get(f"{name}.shown", "")
    if scope not in dict(_scopes(work, kind, shown)):
        raise Problems([Problem("scope", "unknown_scope", _("Choose one of the list."))])
    ticked = set(request.form.getlist(f"{name}.verbs"))
    for verb in verbs_with_words(kind):
        before = held.get((name, verb), NONE)
        kept = before if before != NONE and scope == shown else scope
        wanted = kept if verb in ticked else NONE
        if before != wanted:
            commands.set_right(work, role, name, verb, wanted)


@surface("roles.list_users", kind="role", verb="read")
@roles.get("/users")
def list_users() -> ResponseReturnValue:
    """Show everybody who can sign in, with their roles."""
    return _users({})


def _users(problems: dict[str, str], status: int = 200) -> ResponseReturnValue:
    work = current_work()
    held: dict[int, list[str]] = {}
    query = select(UserRole.user_id, Role.name).join(Role, Role.id == UserRole.role_id).order_by(Role.name)
    for user_id, name in work.session.execute(query):
        held.setdefault(user_id, []).append(name)
    rows = work.session.scalars(select(User).order_by(User.state, User.name)).all()
    choices = work.session.scalars(select(Role).where(Role.state == "active").order_by(Role.name)).all()
    return page(
        "users", _("Users"), status, rows=rows, held=held, roles=choices, languages=languages_offered(), problems=problems,
        sent=request.form,
    )  # fmt: skip


@surface("roles.make_user", kind="user", verb="create")
@roles.post("/users")
def make_user() -> ResponseReturnValue:
    """Make a user and mail the invitation to choose a password."""
    work, form = current_work(), request.form
    companies = None if work.actor.companies is None else sorted(work.actor.companies)
    try:
        if not form.get("email", "").strip():
            raise Problems([Problem("email", "required", _("The invitation needs an address."))])
        user = commands.add_user(
            work, form.get("login", ""), form.get("name", "").strip() or form.get("login", ""), email=form["email"],
            roles=form.getlist("roles"), companies=companies, language=form.get("language", "en"),
            timezone=work.actor.timezone,
        )  # fmt: skip
        signing_in.invite(work, user)
    except Problems as refused:
        raise Answer(_users({one.field: one.message for one in refused.problems}, 422)) from None
    return redirect(f"/settings/users/{user.id}?done=1", code=303)


def _user(work: Work, user_id: int) -> User:
    user = work.session.get(User, user_id)
    if user is None:
        raise NotFound(_("Not found"))
    return user


@surface("roles.show_user", kind="role", verb="read")
@roles.get("/users/<int:user_id>")
def show_user(user_id: int) -> ResponseReturnValue:
    """Show which roles a user plays and which keys he holds."""
    work = current_work()
    user = _user(work, user_id)
    held, keys = commands.roles_and_keys(work, user_id)
    choices = work.session.scalars(select(Role).where(Role.state == "active").order_by(Role.name)).all()
    return page(
        "user", user.name, user=user, roles=choices, held=held, companies=_companies(work),
        every=commands.EVERY_COMPANY in keys, keys=keys,
        other=" ".join(sorted(key for key in keys if not key.startswith("company:"))),
    )  # fmt: skip


def _companies(work: Work) -> list[tuple[int, str]]:
    """Return the companies that there are, if the installation has such a kind."""
    if not has_kind("company"):
        return []
    kind: Any = kind_of("company")
    return [(row[0], row[1]) for row in work.session.execute(select(kind.id, kind.name).order_by(kind.name))]


@surface("roles.save_user", kind="role", verb="update")
@roles.post("/users/<int:user_id>")
def save_user(user_id: int) -> ResponseReturnValue:
    """Save roles and keys; they act at the user's next request."""
    work, form = current_work(), request.form
    user = _user(work, user_id)
    keys = {f"company:{int(one)}" for one in form.getlist("companies") if one.isdigit()}
    if form.get("every"):
        keys = {commands.EVERY_COMPANY}
    keys |= {key for key in form.get("keys", "").split() if ":" in key and not key.startswith("company:")}
    commands.set_roles(work, user, form.getlist("roles"), keys)
    return redirect(f"/settings/users/{user.id}?done=1", code=303)


@surface("roles.invite_user", kind="user", verb="create")
@roles.post("/users/<int:user_id>/invitation")
def invite_user(user_id: int) -> ResponseReturnValue:
    """Mail the invitation again, or a way back in for who lost the password."""
    work = current_work()
    user = _user(work, user_id)
    if not user.is_active:
        raise Conflict(_("This user is archived."))
    signing_in.invite(work, user)
    return redirect(f"/settings/users/{user.id}?done=1", code=303)
