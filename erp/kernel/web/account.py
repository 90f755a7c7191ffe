"""Settings that are one's own: profile, password, sessions, tokens."""

from zoneinfo import available_timezones

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.audit import audit
from erp.kernel.change.work import Work, current_work
from erp.kernel.errors import Problem, Problems
from erp.kernel.rights import commands, passwords, sessions, signing_in, throttle, tokens
from erp.kernel.rights.registry import surface
from erp.kernel.rights.user import User, languages_offered
from erp.kernel.text import _
from erp.kernel.web.answers import Answer

account = Blueprint("account", __name__, url_prefix="/settings")
LIVES = ("30d", "90d", "365d")


def page(name: str, title: str, status: int = 200, **context: object) -> ResponseReturnValue:
    """Render a page of settings."""
    crumbs = [(_("Settings"), "/settings"), (title, None)]
    messages = [{"text": _("Saved."), "tone": "ok"}] if request.args.get("done") else []
    text = render_template(
        f"settings/{name}.html", title=title, crumbs=crumbs, here="settings", messages=messages, **context
    )
    return make_response(text, status)


def own_user(work: Work) -> User:
    """Return the record of the reader."""
    return work.session.get_one(User, work.actor.user_id)


@surface("account.me", own=True)
@account.get("/me")
def me() -> ResponseReturnValue:
    """Show name, language and time zone."""
    return _profile(own_user(current_work()), {})


def _profile(user: User, problems: dict[str, str], status: int = 200) -> ResponseReturnValue:
    zones = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
    )
    return page(
        "me", _("Profile"), status, user=user, languages=languages_offered(), zones=["UTC", *zones], problems=problems
    )


@surface("account.save_me", own=True)
@account.post("/me")
def save_me() -> ResponseReturnValue:
    """Save one's own profile."""
    work = current_work()
    user = own_user(work)
    name, language = request.form.get("name", "").strip(), request.form.get("language", "")
    zone = request.form.get("timezone", "")
    problems = {}
    if not name:
        problems["name"] = _("%(field)s is missing.", field=_("Name"))
    if language not in dict(languages_offered()):
        problems["language"] = _("Choose one of the list.")
    if zone not in available_timezones():
        problems["timezone"] = _("Choose one of the list.")
    if problems:
        raise Answer(_profile(user, problems, 422))
    user.name, user.language, user.timezone = name[:255], language, zone
    user.updated_at, user.updated_by_id = work.now, user.id
    work.session.flush()
    audit(work, "update", user)
    return redirect("/settings/me?done=1", code=303)


@surface("account.password", own=True)
@account.get("/password")
def password() -> ResponseReturnValue:
    """Show the form for a new password."""
    return page("password", _("Password"), problems={})


@surface("account.save_password", own=True)
@account.post("/password")
def save_password() -> ResponseReturnValue:
    """Change one's own password; the present one is asked, other browsers are signed out."""
    work, form = current_work(), request.form
    user = own_user(work)
    wait = throttle.seconds_to_wait(work.session, user.login, request.remote_addr or "", work.now)
    if wait or not passwords.matches(form.get("current", ""), user.password_hash):
        throttle.failed(work.session, user.login, request.remote_addr or "", work.now)
        return page("password", _("Password"), 422, problems={"current": _("This is not your present password.")})
    try:
        signing_in.set_password(
            work, user, form.get("password", ""), form.get("password_again", ""), keep_session=work.actor.session_id
        )
    except Problems as refused:
        problems = {one.field: one.message for one in refused.problems}
        raise Answer(page("password", _("Password"), 422, problems=problems)) from None
    return redirect("/settings/password?done=1", code=303)


@surface("account.my_sessions", own=True)
@account.get("/sessions")
def my_sessions() -> ResponseReturnValue:
    """Show in which browsers one is signed in."""
    work = current_work()
    rows = sessions.open_sessions(work.session, work.actor.user_id or 0, work.now)
    return page("sessions", _("Where you are signed in"), rows=rows, this=work.actor.session_id)


@surface("account.end_session", own=True)
@account.post("/sessions/<int:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one browser out."""
    commands.end_my_session(current_work(), session_id)
    return redirect("/settings/sessions?done=1", code=303)


@surface("account.end_others", own=True)
@account.post("/sessions/end")
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    work = current_work()
    sessions.end_sessions(work.session, work.actor.user_id or 0, work.now, but=work.actor.session_id)
    return redirect("/settings/sessions?done=1", code=303)


@surface("account.my_tokens", own=True)
@account.get("/tokens")
def my_tokens() -> ResponseReturnValue:
    """Show the tokens of programs that act for the reader."""
    return _token_page({})


def _token_page(problems: dict[str, str], status: int = 200, *, fresh: str = "") -> ResponseReturnValue:
    work = current_work()
    rows = tokens.tokens_of(work.session, work.actor.user_id or 0, work.now)
    return page(
        "tokens", _("API tokens"), status, rows=rows, problems=problems, fresh=fresh, lives=LIVES, sent=request.form
    )


@surface("account.make_token", own=True)
@account.post("/tokens")
def make_token() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    work, form = current_work(), request.form
    scopes = form.get("scopes", "").replace(",", " ").split()
    try:
        if form.get("life") not in LIVES:
            raise Problems([Problem("life", "unknown", _("Choose one of the list."))])
        text, _row = commands.create_token(
            work, own_user(work), scopes, name=form.get("name", ""), life=tokens.life_of(form["life"])
        )
    except Problems as refused:
        problems = {one.field: one.message for one in refused.problems}
        raise Answer(_token_page(problems, 422)) from None
    return _token_page({}, 201, fresh=text)


@surface("account.revoke_token", own=True)
@account.post("/tokens/<int:token_id>/revocation")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make a token worthless."""
    commands.revoke_token(current_work(), token_id)
    return redirect("/settings/tokens?done=1", code=303)
