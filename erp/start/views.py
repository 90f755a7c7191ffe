"""The pages of the first run and of the first steps."""

from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from erp.accounts.charts.commands import TEMPLATES
from erp.company.company import FORMATS, LANGUAGES
from erp.company.countries import territories
from erp.kernel.change import Work, current_work, reading, run_work
from erp.kernel.errors import NotFound, Problems
from erp.kernel.rights import system_actor
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, language
from erp.kernel.web.chrome import frame
from erp.start.commands import FirstRun, has_user, needs_first_run, set_up
from erp.start.steps import steps

start = Blueprint("start", __name__)
FIELDS = ("name", "country", "language", "currency", "timezone", "chart", "login", "person", "email", "password")
UNTOUCHED = (
    "/first-run",
    "/static",
    "/api",
    "/healthz",
    "/readyz",
    "/metrics",
    "/logout",
    "/socket.io",
    "/internal",
    "/login",
    "/dev",
)


@start.before_app_request
def lead_here() -> ResponseReturnValue | None:
    """Show the first run to whoever opens a page while no company exists."""
    if current_app.extensions.get("has company") or request.method != "GET" or request.path.startswith(UNTOUCHED):
        return None
    with reading(system_actor("first run")) as work:
        empty = needs_first_run(work)
    if not empty:
        current_app.extensions["has company"] = True
        return None
    return redirect("/first-run", code=303)


@surface("start.first_run", gate=True)
@start.get("/first-run")
def first_run() -> ResponseReturnValue:
    """Ask for the first company and its administrator."""
    _must_be_open()
    return _page({"language": language(), "country": "", "login": "admin"}, {})


@surface("start.run_first", gate=True)
@start.post("/first-run")
def run_first() -> ResponseReturnValue:
    """Set everything up, or show the form again with all that is wrong."""
    _must_be_open()
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    typed["password"] = request.form.get("password", "")
    try:
        run_work(system_actor("first run"), lambda work: set_up(work, FirstRun(**typed)))
    except Problems as refused:
        errors: dict[str, list[str]] = {}
        for problem in refused.problems:
            errors.setdefault("name" if problem.field == "code" else problem.field, []).append(str(problem.message))
        return _page({**typed, "password": ""}, errors), 422
    return redirect("/first-steps" if g.actor.user_id else "/login?next=/first-steps", code=303)


def _must_be_open() -> None:
    """Refuse once a company exists; where users exist already, only an administrator may go on."""
    work = current_work()
    if not needs_first_run(work) or (has_user(work) and not g.actor.is_admin):
        raise NotFound


def _page(typed: dict[str, str], errors: dict[str, list[str]]) -> str:
    names = sorted(territories(language()).items(), key=lambda pair: pair[1])
    return render_template(
        "start/first_run.html", title=_("Set up your company"), typed=typed, errors=errors, countries=names,
        charts=TEMPLATES, languages=LANGUAGES, formats=FORMATS, asks_login=not has_user(current_work()),
    )  # fmt: skip


@surface("start.first_steps", own=True)
@start.get("/first-steps")
def first_steps() -> ResponseReturnValue:
    """Show what is set up already and what comes next."""
    if not g.actor.is_admin:
        raise NotFound
    title = _("Getting started")
    return render_template("first_run.html", title=title, crumbs=[(title, None)], steps=steps(current_work()))


@frame
def open_steps(work: Work) -> dict[str, Any]:
    """Tell administrators how many first steps are left, until all are done."""
    if not work.actor.is_admin or current_app.extensions.get("all steps done"):
        return {}
    found = steps(work)
    done = sum(step.done for step in found)
    if done == len(found):
        current_app.extensions["all steps done"] = True
        return {}
    return {"first_steps": f"{done} / {len(found)}"}
