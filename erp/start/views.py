"""The pages of the first run and of the first steps."""

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from erp.company.company import FORMATS, LANGUAGES
from erp.company.countries import territories
from erp.company.fiscal_year import MONTHS
from erp.kernel.change import Work, current_work, reading, run_work
from erp.kernel.errors import NotFound, Problem, Problems
from erp.kernel.records.features import all_features
from erp.kernel.rights import signing_in, system_actor
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, language
from erp.kernel.web.chrome import frame
from erp.kernel.web.home import Desk, fills_home
from erp.kernel.web.login import browser
from erp.kernel.web.security import give_session
from erp.start import commands, wizard
from erp.start.commands import FirstRun, has_user, needs_first_run, set_up
from erp.start.steps import Step, steps

start = Blueprint("start", __name__)
UNTOUCHED = (
    "/first-run",
    "/static",
    "/bundle",
    "/api",
    "/healthz",
    "/readyz",
    "/metrics",
    "/logout",
    "/socket.io",
    "/internal",
    "/dev",
)


@start.before_app_request
def lead_here() -> ResponseReturnValue | None:
    """Show the first run to whoever opens a page while no company exists, the gate included."""
    if current_app.extensions.get("has company") or request.method != "GET" or request.path.startswith(UNTOUCHED):
        return None
    with reading(system_actor("first run")) as work:
        empty, users = needs_first_run(work), has_user(work)
    if not empty:
        current_app.extensions["has company"] = True
        return None
    # Whoever can sign in already does that first; where nobody can, the gate would lead nowhere.
    return None if users and request.path.startswith("/login") else redirect("/first-run", code=303)


@surface("start.first_run", gate=True)
@start.get("/first-run")
def first_run() -> ResponseReturnValue:
    """Show a page of the first run, with what was typed before."""
    pages = _open_pages()
    typed = {"language": language(), "login": "admin", **wizard.kept()}
    return _page(pages, wizard.step_number(pages, request.args.get("step")), typed, {})


@surface("start.run_first", gate=True)
@start.post("/first-run")
def run_first() -> ResponseReturnValue:
    """Go on, go back, or make the company; without a named page everything was sent at once."""
    pages = _open_pages()
    sent = request.form.get("step")
    number = wizard.step_number(pages, sent) if sent else len(pages)
    asked = [name for page in (pages if not sent else [pages[number - 1]]) for name in page.fields]
    typed = {"language": language(), **wizard.kept(), **{name: _sent(name) for name in asked}}
    if request.form.get("go") == "back":
        return wizard.keep(_to(number - 1), typed)
    if request.args.get("lang") in dict(LANGUAGES):
        return wizard.keep(_to(number), {**typed, "language": request.args["lang"]})
    if request.form.get("go") == "later":
        return wizard.keep(_later(pages, number, typed), typed)
    errors = _errors(_trial(typed)) if number < len(pages) else {}
    wrong = {name: texts for name, texts in errors.items() if name in pages[number - 1].fields}
    if wrong:
        return wizard.keep(make_response(_page(pages, number, typed, wrong), 422), typed)
    return wizard.keep(_to(number + 1), typed) if number < len(pages) else _make(pages, typed)


def _sent(name: str) -> str:
    if name == "features":
        return ",".join(request.form.getlist("features"))
    text = request.form.get(name, "")
    return text if name == wizard.SECRET else text.strip()


def _to(number: int) -> Response:
    return make_response(redirect(f"/first-run?step={max(number, 1)}", code=303))


def _later(pages: list[wizard.WizardStep], number: int, typed: dict[str, str]) -> Response:
    """Say that everything is kept; the page may be closed now."""
    return make_response(_page(pages, number, typed, {}, is_kept=True))


def _wanted(typed: dict[str, str]) -> FirstRun:
    chosen = tuple(key for key in typed.get("features", "").split(",") if key)
    return FirstRun(**{"name": "", "country": "", **typed, "features": chosen})  # type: ignore[arg-type]


def _trial(typed: dict[str, str]) -> list[Problem]:
    with reading(system_actor("first run")) as work:
        return commands.company_problems(work, _wanted(typed))


def _errors(problems: list[Problem]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault("name" if problem.field == "code" else problem.field, []).append(str(problem.message))
    return errors


def _make(pages: list[wizard.WizardStep], typed: dict[str, str]) -> ResponseReturnValue:
    """Make everything in one transaction and sign the administrator in; a refusal shows the page that it is about."""
    try:
        run_work(system_actor("first run"), lambda work: set_up(work, _wanted(typed)))
    except Problems as refused:
        errors = _errors(refused.problems)
        number = next((n for n, page in enumerate(pages, 1) if errors.keys() & set(page.fields)), len(pages))
        safe = {**typed, wizard.SECRET: ""}
        return wizard.keep(make_response(_page(pages, number, safe, errors), 422), safe)
    response = make_response(redirect("/first-steps", code=303))
    if not g.actor.user_id:
        opened = signing_in.sign_in(current_work(), typed["login"], typed[wizard.SECRET], browser(), staying=False)
        if opened is not None:
            give_session(response, opened[0], None)
    wizard.forget(response)
    return response


def _open_pages() -> list[wizard.WizardStep]:
    """Return the pages; refuse once a company exists, and everybody but an administrator where users exist already."""
    work = current_work()
    users = has_user(work)
    if not needs_first_run(work) or (users and not g.actor.is_admin):
        raise NotFound
    return wizard.wizard_steps(asks_login=not users)


def _page(
    pages: list[wizard.WizardStep],
    number: int,
    typed: dict[str, str],
    errors: dict[str, list[str]],
    *,
    is_kept: bool = False,
) -> str:
    """Return one page with what it offers, and what is usual in the country chosen before."""
    country = typed.get("country", "")
    at_fields = {name: errors[name] for name in pages[number - 1].fields if name in errors}
    usual = {
        "timezone": commands.ZONES.get(country, "UTC"), "number_format": commands.FORMATS.get(country, ""),
        "chart": commands.chart_for(country),
    }  # fmt: skip
    return render_template(
        "start/first_run.html", title=pages[number - 1].title, pages=pages, number=number, typed=typed, errors=at_fields,
        countries=sorted(territories(language()).items(), key=lambda pair: pair[1]), languages=LANGUAGES,
        formats=FORMATS, months=MONTHS, zones=[(zone, zone) for zone in sorted(available_timezones())],
        charts=wizard.chart_offers(country), features=all_features(), is_kept=is_kept, usual=usual,
    )  # fmt: skip


@surface("start.first_steps", own=True)
@start.get("/first-steps")
def first_steps() -> ResponseReturnValue:
    """Show what is set up already and what comes next."""
    if not g.actor.is_admin:
        raise NotFound
    title = _("Getting started")
    return render_template("first_run.html", title=title, crumbs=[(title, None)], steps=steps(current_work()))


def _found(work: Work) -> list[Step]:
    """Return the first steps as they stand, asked once a page; nothing once all are done, or for others."""
    if not work.actor.is_admin or current_app.extensions.get("all steps done"):
        return []
    found: list[Step] = work.once(("first steps",), lambda: steps(work))
    if all(step.done for step in found):
        current_app.extensions["all steps done"] = True
        return []
    return found


@frame
def open_steps(work: Work) -> dict[str, Any]:
    """Tell administrators how many first steps are left, until all are done."""
    found = _found(work)
    return {"first_steps": f"{sum(step.done for step in found)} / {len(found)}"} if found else {}


@fills_home("steps")
def steps_on_home(desk: Desk) -> list[Step]:
    """Put what is left to do on an administrator's home page: an empty board would teach nothing."""
    return _found(desk.work)
