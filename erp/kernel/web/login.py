"""The gate: sign in, sign out, ask for a new password, choose one by a mailed link."""

from urllib.parse import unquote

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.work import current_work
from erp.kernel.errors import Problems, TooManyRequests
from erp.kernel.rights import signing_in
from erp.kernel.rights.registry import surface
from erp.kernel.rights.sessions import end_session
from erp.kernel.rights.signing_in import Browser
from erp.kernel.text import _
from erp.kernel.web.answers import Answer
from erp.kernel.web.security import cookie_name, give_session, take_session

login = Blueprint("login", __name__)


def local_path(wanted: str | None) -> str:
    """Return ``wanted`` if it is a path of ours, else the home page: nobody is sent to another site."""
    path = wanted or ""
    plain = unquote(path)
    is_ours = path.startswith("/") and plain[1:2] not in {"/", "\\"} and "\\" not in plain
    is_clean = all(ord(sign) > 32 and ord(sign) != 127 for sign in plain)
    is_outside = path.startswith(("/login", "/logout"))
    return path if is_ours and is_clean and not is_outside else "/"


def browser() -> Browser:
    """Return what this request tells of its browser."""
    sid = request.cookies.get(cookie_name(), "")
    return Browser(request.remote_addr or "", request.headers.get("User-Agent", ""), sid)


def gate(template: str, status: int = 200, **context: object) -> Response:
    """Render a page outside the application."""
    return make_response(render_template(f"login/{template}.html", **context), status)


@surface("login.show", gate=True)
@login.get("/login")
def show() -> ResponseReturnValue:
    """Show the sign-in form; who is signed in already goes on."""
    goal = local_path(request.args.get("next"))
    if not g.actor.is_anonymous:
        return redirect(goal, code=303)
    return gate("login", title=_("Sign in"), goal=goal, login="", problem="")


@surface("login.sign_in", gate=True)
@login.post("/login")
def sign_in() -> ResponseReturnValue:
    """Sign in, or show the form again with why not."""
    name, password = request.form.get("login", ""), request.form.get("password", "")
    goal, staying = local_path(request.form.get("next")), bool(request.form.get("stay"))
    about = {"title": _("Sign in"), "goal": goal, "login": name}
    try:
        opened = signing_in.sign_in(current_work(), name, password, browser(), staying=staying)
    except TooManyRequests as wait:
        refused = gate("login", 429, **about, problem=wait.message)
        refused.headers["Retry-After"] = str(wait.retry_after)
        return refused
    if opened is None:
        return gate("login", 422, **about, problem=_("Name and password do not match."))
    sid, row = opened
    if goal == signing_in.COMMON_HOME:
        goal = signing_in.landing(current_work(), row.user_id)
    response = redirect(goal, code=303)
    give_session(response, sid, row.expires_at if staying else None)
    return response


@surface("login.sign_out", own=True)
@login.post("/logout")
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    if g.actor.session_id is not None:
        end_session(current_work().session, g.actor.session_id, current_work().now)
    response = redirect("/login", code=303)
    take_session(response)
    return response


@surface("login.forgotten", gate=True)
@login.get("/password")
def forgotten() -> ResponseReturnValue:
    """Ask for whom a new password is wanted."""
    return gate("forgotten", title=_("Forgot your password?"), sent=False)


@surface("login.ask_reset", gate=True)
@login.post("/password")
def ask_reset() -> ResponseReturnValue:
    """Mail a link if there is such a user; the answer is the same if there is none."""
    try:
        signing_in.ask_reset(current_work(), request.form.get("login", ""), browser())
    except TooManyRequests as wait:
        refused = gate("forgotten", 429, title=_("Forgot your password?"), sent=False, problem=wait.message)
        refused.headers["Retry-After"] = str(wait.retry_after)
        return refused
    return gate("forgotten", title=_("Look into your mail"), sent=True)


@surface("login.choose", gate=True)
@login.get("/password/<secret>")
def choose(secret: str) -> ResponseReturnValue:
    """Show the form behind a mailed link."""
    user = signing_in.user_of_link(current_work(), secret)
    return gate("choose", title=_("Choose your password"), user=user, problems={})


@surface("login.chosen", gate=True)
@login.post("/password/<secret>")
def chosen(secret: str) -> ResponseReturnValue:
    """Set the password and go on to sign in with it."""
    work = current_work()
    password, again = request.form.get("password", ""), request.form.get("password_again", "")
    try:
        signing_in.choose_password(work, secret, password, again)
    except Problems as refused:
        user = signing_in.user_of_link(work, secret)
        problems = {one.field: one.message for one in refused.problems}
        raise Answer(gate("choose", 422, title=_("Choose your password"), user=user, problems=problems)) from None
    return redirect("/login", code=303)
