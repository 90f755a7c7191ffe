"""The settings: one line a page, only those that the reader may open; and in which company he works."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from erp.kernel.change.work import current_work
from erp.kernel.errors import NotFound
from erp.kernel.records.setup import Setup, setup
from erp.kernel.rights import may
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.registry import surface
from erp.kernel.rights.user import User
from erp.kernel.text import _, _l
from erp.kernel.web.login import local_path

settings_index = Blueprint("settings", __name__)


@dataclass(frozen=True, slots=True)
class SettingsLine:
    """One page of settings. ``right`` is (verb, kind); lines without it are everybody's own."""

    label: str
    help: str
    url: str
    group: str
    right: tuple[str, str] | None = None
    feature: str | None = None


_lines: list[SettingsLine] = []
YOURS, PEOPLE, COMPANY, SYSTEM = _l("Yours"), _l("People"), _l("Company"), _l("System")


def settings_line(
    label: str, help: str, url: str, *, group: str = COMPANY, right: tuple[str, str] | None = None,
    feature: str | None = None,
) -> None:  # fmt: skip
    """Add a page to the settings."""
    _lines.append(SettingsLine(label, help, url, group, right, feature))


settings_line(_l("Profile"), _l("Name, language, time zone."), "/settings/me", group=YOURS)
settings_line(_l("Password"), _l("Change it; other browsers are signed out."), "/settings/password", group=YOURS)
settings_line(_l("Where you are signed in"), _l("End sessions you do not know."), "/settings/sessions", group=YOURS)
settings_line(_l("API tokens"), _l("Keys for programs that act for you."), "/settings/tokens", group=YOURS)
settings_line(
    _l("Users"), _l("Invite people, give them roles."), "/settings/users", group=PEOPLE, right=("read", "role")
)
settings_line(
    _l("Roles and rights"), _l("What each role may do."), "/settings/roles", group=PEOPLE, right=("read", "role")
)
settings_line(
    _l("Features"), _l("Parts of the product that wait until you want them."), "/settings/features", group=SYSTEM,
    right=("update", "feature"),
)  # fmt: skip


def open_lines(actor: Actor, now: Setup) -> list[SettingsLine]:
    """Return the pages of settings that somebody may open, in order of declaration."""
    return [line for line in _lines if now.is_on(line.feature) and (line.right is None or may(actor, *line.right))]


@surface("settings.index", own=True)
@settings_index.get("/settings")
def index() -> ResponseReturnValue:
    """Show what the reader may set."""
    groups: dict[str, list[SettingsLine]] = {}
    for line in open_lines(g.actor, setup(current_work().session)):
        groups.setdefault(str(line.group), []).append(line)
    title = _("Settings")
    return render_template("settings/index.html", title=title, crumbs=[(title, None)], here="settings", groups=groups)


@surface("settings.work_in", own=True)
@settings_index.post("/settings/company")
def work_in() -> ResponseReturnValue:
    """Work in another of one's companies from now on."""
    wanted = request.form.get("company", "")
    companies = g.actor.companies
    if not wanted.isdigit() or (companies is not None and int(wanted) not in companies):
        raise NotFound(_("Not found"))
    current_work().session.execute(
        update(User).where(User.id == g.actor.user_id).values(current_company_id=int(wanted))
    )
    came_from = urlsplit(request.referrer or "")
    goal = came_from.path + ("?" + came_from.query if came_from.query else "")
    return redirect(local_path(goal if came_from.netloc == request.host else "/"), code=303)
