"""Refusals as people and programs read them: a page, a fragment, or RFC 9457 problem details."""

from urllib.parse import urlsplit

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from erp.kernel.errors import NotFound, NotSignedIn, Refused
from erp.kernel.text import _


def wants_json() -> bool:
    """Return whether the caller is a program."""
    return request.path.startswith(("/api/", "/internal/", "/live/", "/readyz", "/healthz"))


def answer(error: Refused) -> ResponseReturnValue:
    """Return the answer to a refusal, in the caller's own form."""
    response = _json(error) if wants_json() else _page(error)
    retry = getattr(error, "retry_after", None)
    if retry is not None:
        response.headers["Retry-After"] = str(retry)
    if isinstance(error, NotSignedIn) and wants_json():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def problem_body(error: Refused) -> dict[str, object]:
    """Return the RFC 9457 body of a refusal."""
    return {
        "type": f"/docs/errors#{error.code}", "title": HTTP_STATUS_CODES.get(error.status, "Refused"),
        "status": error.status, "code": error.code, "detail": error.message,
        "errors": [
            {"field": one.field, "line": one.line, "code": one.code, "message": str(one.message)} for one in error.problems
        ],
    }  # fmt: skip


def _json(error: Refused) -> Response:
    response = jsonify(problem_body(error))
    response.status_code = error.status
    response.mimetype = "application/problem+json"
    return response


def _page(error: Refused) -> Response:
    if isinstance(error, NotSignedIn) and request.headers.get("Authorization"):
        return _json(error)
    if isinstance(error, NotSignedIn):
        target = url_for("login.show", next=came_from())
        if request.headers.get("HX-Request"):
            response = make_response("", 401)
            response.headers["HX-Redirect"] = target
            return response
        return make_response("", 303, {"Location": target})
    status = 409 if error.status in {412, 428} else error.status
    template = {403: "errors/403.html", 404: "errors/404.html", 409: "errors/409.html", 429: "errors/429.html"}.get(
        status, "errors/422.html"
    )
    return make_response(render_template(template, error=error, problems=error.problems, message=error.message), status)


def came_from() -> str | None:
    """Return the page to go on with after signing in: the one asked for, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    page = urlsplit(request.referrer or "")
    return page._replace(scheme="", netloc="", fragment="").geturl() if page.netloc == request.host else None


def missing() -> ResponseReturnValue:
    """Return the one answer for what does not exist or may not be seen."""
    return answer(NotFound(_("Not found")))


def plain_status(status: int, error: HTTPException) -> ResponseReturnValue:
    """Return the answer to a request that cannot be served as it stands."""
    refused = Refused(error.description or HTTP_STATUS_CODES.get(status, ""))
    refused.status, refused.code = status, HTTP_STATUS_CODES.get(status, "refused").lower().replace(" ", "_")
    response = make_response(answer(refused))
    methods = getattr(error, "valid_methods", None)
    if methods:
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response


def unavailable() -> ResponseReturnValue:
    """Return the answer while the database is away: nothing was changed, what was typed is kept."""
    if wants_json():
        refused = Refused(_("The database does not answer. Nothing was changed; try again in a moment."))
        refused.status, refused.code = 503, "unavailable"
        response = _json(refused)
    else:
        response = make_response(
            render_template(
                "errors/503.html",
                what=_("The database does not answer. It is being started again, which usually takes a few seconds."),
            ),
            503,
        )
    response.headers["Retry-After"] = "5"
    return response


def broken() -> ResponseReturnValue:
    """Return the answer to a fault of ours: nothing was changed."""
    if wants_json():
        refused = Refused(_("Something is broken on our side. Nothing was changed."))
        refused.status, refused.code = 500, "internal"
        return _json(refused)
    return make_response(render_template("errors/500.html"), 500)
