"""Signing in and out, forgotten and first passwords: what the gate does, in one transaction each."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from erp.kernel.change.audit import audit
from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound, Problems, TooManyRequests
from erp.kernel.paper.mail import send_mail
from erp.kernel.records import ACTIVE
from erp.kernel.rights import onetime, passwords, sessions, throttle
from erp.kernel.rights.actor import ADMINISTRATOR
from erp.kernel.rights.secret import digest
from erp.kernel.rights.tables import Role, UserRole
from erp.kernel.rights.user import User, normal_login
from erp.kernel.text import _, in_language
from erp.settings import settings

COMMON_HOME = "/"


@dataclass(frozen=True, slots=True)
class Browser:
    """What is known of the browser at the gate; ``sid`` is the cookie it brought."""

    ip: str = ""
    agent: str = ""
    sid: str = ""


def find_user(work: Work, login: str) -> User | None:
    """Return the active user of this login or mail address."""
    name = normal_login(login)
    query = select(User).where(or_(User.code == name, User.email == name), User.state == ACTIVE)
    found = sorted(work.session.scalars(query), key=lambda user: user.code != name)
    return found[0] if found else None


def sign_in(
    work: Work, login: str, password: str, browser: Browser, *, staying: bool = False
) -> tuple[str, sessions.SessionRow] | None:  # fmt: skip
    """Return a fresh session, or None when name and password do not match; the failure is counted.

    Raises ``TooManyRequests`` while the account or the network must wait. The work done is the same for unknown names.
    """
    name = normal_login(login)[:254]
    wait = throttle.seconds_to_wait(work.session, name, browser.ip, work.now)
    if wait:
        raise TooManyRequests(_("Too many tries. Wait %(n)s seconds, then try again.", n=wait), wait)
    user = find_user(work, name)
    if not passwords.matches(password, user.password_hash if user else None) or user is None:
        throttle.failed(work.session, name, browser.ip, work.now)
        audit(work, "sign_in_failed", user, kind="user", note=name[:100])
        return None
    throttle.succeeded(work.session, name, browser.ip)
    if user.password_hash and passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return enter(work, user, browser, staying=staying)


def enter(work: Work, user: User, browser: Browser, *, staying: bool = False) -> tuple[str, sessions.SessionRow]:
    """Open a session for a proven user; the one the browser came with ends, so that nobody else knows the new one."""
    if browser.sid:
        old = select(sessions.SessionRow.id).where(sessions.SessionRow.hash == digest(browser.sid))
        old_id = work.session.scalars(old).one_or_none()
        if old_id is not None:
            sessions.end_session(work.session, old_id, work.now)
    opened = sessions.open_session(
        work.session, user.id, now=work.now, ip=browser.ip, agent=browser.agent, staying=staying
    )
    audit(work, "sign_in", user)
    return opened


def landing(work: Work, user_id: int) -> str:
    """Return the page on which a user lands: the home of the role played; of several with homes, the common one."""
    query = (
        select(Role.code, Role.home).join(UserRole, UserRole.role_id == Role.id)
        .where(UserRole.user_id == user_id, Role.state == ACTIVE)
    )  # fmt: skip
    homes = {row.code: row.home for row in work.session.execute(query)}
    own = set(homes.values()) - {COMMON_HOME}
    return own.pop() if len(own) == 1 and ADMINISTRATOR not in homes else COMMON_HOME


def ask_reset(work: Work, login: str, browser: Browser) -> None:
    """Mail a link to choose a new password, if there is such a user with an address; the answer never tells."""
    name = normal_login(login)[:254]
    wait = throttle.seconds_to_wait(work.session, f"reset {name}", browser.ip, work.now)
    if wait:
        raise TooManyRequests(_("Too many tries. Wait %(n)s seconds, then try again.", n=wait), wait)
    throttle.failed(work.session, f"reset {name}", browser.ip, work.now)
    user = find_user(work, name)
    if user is None or not user.email:
        return
    url = _link(onetime.make_link(work.session, user.id, onetime.RESET, work.now))
    with in_language(user.language):
        send_mail(
            work, to=[user.email], subject=_("Choose a new password"), about=("user", user.id),
            text=_("Hello %(name)s,\n\nopen this link within one hour to choose a new password:\n\n%(url)s\n\n"
                   "If you did not ask for it, do nothing: your password stays as it is.", name=user.name, url=url),
        )  # fmt: skip
    audit(work, "reset_asked", user)


def invite(work: Work, user: User) -> None:
    """Mail a user the link to choose the first password. Raises ``Problems`` for an address that is none."""
    url = _link(onetime.make_link(work.session, user.id, onetime.INVITATION, work.now))
    with in_language(user.language):
        send_mail(
            work, to=[user.email or ""], subject=_("Your access to Daifuku"), about=("user", user.id),
            text=_("Hello %(name)s,\n\n%(who)s invites you. Open this link within seven days to choose your "
                   "password:\n\n%(url)s\n\nYour login is %(login)s.",
                   name=user.name, who=work.actor.name, url=url, login=user.login),
        )  # fmt: skip
    audit(work, "invite", user)


def _link(secret: str) -> str:
    return f"{settings().base_url.rstrip('/')}/password/{secret}"


def user_of_link(work: Work, secret: str) -> User:
    """Return for whom a mailed link is. Raises ``NotFound`` when it was used, replaced or is too old."""
    link = onetime.find_link(work.session, secret, work.now)
    user = work.session.get(User, link.user_id) if link else None
    if user is None or not user.is_active:
        raise NotFound(_("This link was used already or is too old. Ask for a new one."))
    return user


def choose_password(work: Work, secret: str, password: str, again: str) -> User:
    """Set the password by a mailed link: every session of the user ends, the link is spent.

    Raises ``NotFound`` for a spent link and ``Problems`` for a password that is not acceptable.
    """
    if onetime.find_link(work.session, secret, work.now, for_update=True) is None:
        raise NotFound(_("This link was used already or is too old. Ask for a new one."))
    user = user_of_link(work, secret)
    set_password(work, user, password, again)
    onetime.spoil_links(work.session, user.id, work.now)
    return user


def set_password(
    work: Work, user: User, password: str, again: str | None = None, *, keep_session: int | None = None
) -> None:
    """Give a user a new password; all sessions but ``keep_session`` end. Raises ``Problems``."""
    problems = passwords.password_problems(password, again, about=(user.login, user.email or "", user.name))
    if problems:
        raise Problems(problems)
    user.password_hash = passwords.hash_password(password)
    user.must_change = False
    user.updated_at, user.updated_by_id = work.now, work.actor.user_id
    work.session.flush()
    sessions.end_sessions(work.session, user.id, work.now, but=keep_session)
    throttle.succeeded(work.session, user.login, "")
    audit(work, "password", user)
