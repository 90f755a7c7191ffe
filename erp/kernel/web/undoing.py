"""For ten seconds the next page offers to take back what was just done: by a cookie that lives as long."""

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from erp.kernel.change.undo import OFFERED, take_back
from erp.kernel.change.work import Work, current_work
from erp.kernel.rights.registry import surface
from erp.kernel.text import _, _l
from erp.kernel.web.chrome import frame
from erp.kernel.web.pages import see_other

undoing = Blueprint("undoing", __name__)
COOKIE = "undo"
SAID = {
    "deleted": _l("It was deleted."),
    "mailed": _l("The mail leaves in ten seconds."),
    "assigned": _l("It was assigned."),
}


def offer_undo(work: Work) -> None:
    """Let the next page offer to take back what this unit of work did, if it can be."""
    g.undo = work.facts.get("undo")


@surface("undoing.undo", own=True, note="what one did oneself, a moment ago")
@undoing.post("/undo/<int:step_id>")
def undo(step_id: int) -> ResponseReturnValue:
    """Take back what one did a moment ago."""
    g.undo = None
    url = take_back(current_work(), step_id)
    g.forget_undo = True
    return see_other(url)


@undoing.after_app_request
def remember(response: Response) -> Response:
    """Keep which step may be taken back as long as it may be."""
    step, forget = g.pop("undo", None), g.pop("forget_undo", False)
    if step is not None and response.status_code < 400:
        value, seconds = f"{step[0]}.{step[1]}", int(OFFERED.total_seconds())
        response.set_cookie(COOKIE, value, max_age=seconds, secure=request.is_secure, httponly=True, samesite="Lax")
    elif forget:
        response.delete_cookie(COOKIE, secure=request.is_secure, httponly=True, samesite="Lax")
    return response


@frame
def offered(work: Work) -> dict[str, object]:
    """Return what the page may offer to take back: where, and what it was."""
    del work
    step_id, _dot, what = request.cookies.get(COOKIE, "").partition(".")
    if not step_id.isdigit() or what not in SAID:
        return {}
    return {"undo": {"url": f"/undo/{step_id}", "said": str(SAID[what]), "word": _("Undo")}}
