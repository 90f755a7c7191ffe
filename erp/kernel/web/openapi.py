"""OpenAPI 3.1 of what the caller may read and ask, and a page that lists it for people."""

from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from erp.kernel.change.described import described, offered
from erp.kernel.change.verbs import verbs_of
from erp.kernel.change.work import Work, current_work
from erp.kernel.paper.reports import all_reports, may_run
from erp.kernel.records.record import Record
from erp.kernel.rights import may
from erp.kernel.text import _
from erp.kernel.web import openapi_paths as paths
from erp.kernel.web import openapi_schemas as schemas
from erp.kernel.web import openapi_talk

openapi = Blueprint("openapi", __name__, url_prefix="/api")


@openapi.get("/v1/openapi.json")
def document() -> ResponseReturnValue:
    """Return the OpenAPI document of what this caller may read."""
    return jsonify(build(current_work()))


def build(work: Work) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document for the actor of this unit of work."""
    found = dict(schemas.COMMON)
    operations = (
        paths.single_paths()
        | openapi_talk.own_paths()
        | paths.report_paths(one for one in all_reports() if may_run(work.actor, one))
    )
    for kind in readable_kinds(work):
        description = described(work, kind.__kind__, "api")
        sent = schemas.sent(description)
        found[kind.__name__] = schemas.answered(description)
        found[f"{kind.__name__}New"] = {**sent, "required": schemas.needed(description)}
        found[f"{kind.__name__}Changed"] = sent
        operations |= paths.paths_of(kind, openapi_talk.beside())
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0", "info": {"title": "Daifuku", "version": "1"}, "paths": operations,
        "security": [{"token": []}], "components": {"schemas": found, "securitySchemes": {"token": bearer}},
    }  # fmt: skip


def readable_kinds(work: Work) -> list[type[Record]]:
    """Return the kinds that the API shows to this reader."""
    return [kind for kind in offered(work) if may(work.actor, "read", kind.__kind__) and getattr(kind, "__api__", True)]


@openapi.get("/docs")
def readable() -> ResponseReturnValue:
    """Show the API for people: collections, fields and verbs."""
    work = current_work()
    shown = [(kind, described(work, kind.__kind__, "api"), verbs_of(kind)) for kind in readable_kinds(work)]
    return render_template("help/api.html", kinds=shown, title=_("API"), crumbs=[(_("API"), None)])
