"""The operator's commands for users, tokens and roles."""

import json
import sys

import click
from sqlalchemy import select

from erp.kernel.change.work import Work, unit_of_work
from erp.kernel.errors import Problem, Problems, Refused
from erp.kernel.records import has_kind, kind_of
from erp.kernel.rights import commands as rights_commands
from erp.kernel.rights import signing_in
from erp.kernel.rights.actor import system_actor
from erp.kernel.rights.seed import seed_rights
from erp.kernel.rights.tokens import life_of
from erp.kernel.rights.user import LANGUAGES, User, normal_login

OPERATOR = "operator"


def refuse(error: Refused) -> None:
    """Say every problem and leave with 1."""
    for problem in error.problems or [Problem("", error.code, error.message)]:
        click.echo(f"{problem.field}: {problem.message}" if problem.field else str(problem.message), err=True)
    sys.exit(1)


def user_by_login(work: Work, login: str) -> User:
    """Return the user, or raise ``Problems``."""
    found = work.session.scalars(select(User).where(User.code == normal_login(login))).one_or_none()
    if found is None:
        raise Problems([Problem("user", "not_found", f"There is no user {login}.")])
    return found


def company_ids(work: Work, codes: tuple[str, ...]) -> list[int]:
    """Return the ids of companies named by code or id. Raises ``Problems`` for unknown ones."""
    kind = kind_of("company") if has_kind("company") else None
    known = {row[0]: row[1] for row in work.session.execute(select(kind.code, kind.id))} if kind is not None else {}  # type: ignore[attr-defined]
    wrong = [code for code in codes if code not in known and not code.isdigit()]
    if wrong:
        raise Problems([Problem("company", "not_found", f"There is no company {code}.") for code in wrong])
    return [known[code] if code in known else int(code) for code in codes]


@click.group()
def user() -> None:
    """Users: who may sign in."""


@user.command("add")
@click.argument("login")
@click.option("--name", default="", help="As people say it; the login otherwise.")
@click.option("--email", default=None)
@click.option("--role", "roles", multiple=True, help="Code of a role; may be given several times.")
@click.option("--company", "companies", multiple=True, help="Code of a company; none: every company.")
@click.option("--language", type=click.Choice([code for code, _word in LANGUAGES]), default="en")
@click.option("--timezone", default="UTC")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
@click.option("--invite", is_flag=True, help="Mail a link to choose the password.")
@click.option("--json", "as_json", is_flag=True)
def add(
    login: str, *, name: str, email: str | None, roles: tuple[str, ...], companies: tuple[str, ...], language: str,
    timezone: str, password_stdin: bool, invite: bool, as_json: bool,
) -> None:  # fmt: skip
    """Add a user who may sign in as LOGIN."""
    password = None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif not invite:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        with unit_of_work(system_actor(OPERATOR)) as work:
            seed_rights(work.session)
            added = rights_commands.add_user(
                work, login, name or login, email=email, password=password, roles=roles,
                companies=company_ids(work, companies) or None, language=language, timezone=timezone,
            )  # fmt: skip
            if invite:
                signing_in.invite(work, added)
            facts = {"id": added.id, "login": added.login}
    except Refused as error:
        refuse(error)
        return
    click.echo(json.dumps(facts) if as_json else f"added {facts['login']}")


@user.command("password")
@click.argument("login")
def set_password(login: str) -> None:
    """Give a user a new password, read from the standard input or asked; all his sessions end."""
    ask = sys.stdin.isatty()
    password = (
        click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if ask
        else sys.stdin.readline().rstrip("\n")
    )
    try:
        with unit_of_work(system_actor(OPERATOR)) as work:
            signing_in.set_password(work, user_by_login(work, login), password)
    except Refused as error:
        refuse(error)
        return
    click.echo("changed")


@user.command("roles")
@click.argument("login")
@click.option("--role", "roles", multiple=True)
@click.option("--company", "companies", multiple=True, help="Code of a company; none: every company.")
def set_roles(login: str, roles: tuple[str, ...], companies: tuple[str, ...]) -> None:
    """Give a user exactly these roles and companies."""
    try:
        with unit_of_work(system_actor(OPERATOR)) as work:
            ids = company_ids(work, companies)
            keys = {f"company:{one}" for one in ids} or {rights_commands.EVERY_COMPANY}
            rights_commands.set_roles(work, user_by_login(work, login), roles, keys)
    except Refused as error:
        refuse(error)
        return
    click.echo("changed")


@click.group()
def token() -> None:
    """API tokens: keys for programs."""


@token.command("create")
@click.option("--user", "login", required=True, help="For whom the program acts.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    help="all, realtime, reports:NAME, COLLECTION:VERB; several by comma.",
)
@click.option("--company", default=None, help="Only this company, by code.")
@click.option("--expires-in", default="365d", show_default=True, help="As in 90d, 12h, 30m.")
@click.option("--name", default="")
@click.option("--json", "as_json", is_flag=True)
def create(
    login: str, scopes: tuple[str, ...], company: str | None, expires_in: str, name: str, *, as_json: bool
) -> None:
    """Make a token; it is printed once, last on the line."""
    try:
        life = life_of(expires_in)
    except ValueError:
        raise click.BadParameter("as in 90d, 12h, 30m", param_hint="--expires-in") from None
    wanted = [one.strip() for scope in scopes for one in scope.split(",") if one.strip()]
    try:
        with unit_of_work(system_actor(OPERATOR)) as work:
            company_id = company_ids(work, (company,))[0] if company else None
            owner = user_by_login(work, login)
            text, row = rights_commands.create_token(work, owner, wanted, name=name, company_id=company_id, life=life)
            token_id = row.id
    except Refused as error:
        refuse(error)
        return
    click.echo(json.dumps({"id": token_id, "token": text}) if as_json else f"token {token_id} for {login}: {text}")


commands: list[click.Command] = [user, token]
