"""The audit that runs by itself each night: clean it says nothing, otherwise administrators hear what it found."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select

from erp.kernel.change.audit_checks import Finding, run_audit
from erp.kernel.change.work import Work, snapshot
from erp.kernel.paper.letters import letter
from erp.kernel.paper.mail import send_mail
from erp.kernel.paper.notifications import JOB, N_, notice
from erp.kernel.records import ACTIVE
from erp.kernel.rights import system_actor
from erp.kernel.rights.actor import ADMINISTRATOR
from erp.kernel.rights.tables import Role, UserRole
from erp.kernel.rights.user import User
from erp.kernel.text import _, in_language
from erp.settings import settings

NAMED = 5
"""So many documents are named to a reader; ``erp audit`` names more."""


def audit_and_tell(work: Work) -> list[Finding]:
    """Audit what is committed, at one instant; tell every administrator of each check that failed. Return all findings."""
    with snapshot(system_actor("audit")) as seen:
        findings = run_audit(seen)
    broken = [one for one in findings if not one.ok]
    if broken:
        for user in administrators(work):
            with in_language(user.language):
                _tell(work, user, broken)
    return findings


def administrators(work: Work) -> Iterator[User]:
    """Return the active users who administer the installation."""
    plays = select(UserRole.user_id).join(Role, Role.id == UserRole.role_id).where(Role.code == ADMINISTRATOR)
    yield from work.session.scalars(select(User).where(User.state == ACTIVE, User.id.in_(plays)).order_by(User.id))


def _tell(work: Work, user: User, broken: list[Finding]) -> None:
    """Write a notification for each finding, and one mail about all of them where mail goes out."""
    told = [(_(one.name), named(one.documents)) for one in broken]
    for check, documents in told:
        words = {"check": check, "documents": documents}
        message = N_("The nightly check of the books failed: %(check)s. It names %(documents)s.")
        notice(work, user.id, message, values=words, url="/jobs", type=JOB)
    if user.email and settings().mail_url:
        draft = letter("audit", user.language, to=[user.email], name=user.name, findings=told)
        found = sha256(repr(told).encode()).hexdigest()[:16]
        key = f"audit:{work.today()}:{user.id}:{found}"
        send_mail(work, to=draft.to, subject=draft.subject, text=draft.text, about=user, key=key)


def named(documents: list[str]) -> str:
    """Return the first few documents in words, and how many more there are."""
    rest = len(documents) - NAMED
    return ", ".join([*documents[:NAMED], *([_("and %(n)s more", n=rest)] if rest > 0 else [])])
