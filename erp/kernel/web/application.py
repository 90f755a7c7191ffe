"""The web application: one request is one unit of work; refusals become pages, fragments or problem details."""

import logging
from typing import Any

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.middleware.proxy_fix import ProxyFix

from erp import DEPARTMENTS
from erp.kernel.change.idempotency import remember, replayed
from erp.kernel.change.unique import refusal_of
from erp.kernel.change.work import AWAY, Work, number_of, reading, run_work
from erp.kernel.errors import Refused
from erp.kernel.logs import log_requests
from erp.kernel.modules import load_modules
from erp.kernel.records.base import db
from erp.kernel.rights.actor import anonymous
from erp.kernel.web import chrome, problems
from erp.kernel.web.answers import Answer
from erp.settings import Settings, settings

log = logging.getLogger("erp.web")
SAFE = {"GET", "HEAD", "OPTIONS"}
PASSES = {0, 1205, *AWAY}
"""What passes by itself: also a lock that was not given in time. Anything else is a fault of ours."""


class Daifuku(Flask):
    """Flask, with each request's view run inside a unit of work that this class alone commits."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view: reading for safe methods, committing (and repeating after a deadlock) for the others."""
        if request.url_rule is None or request.endpoint in {None, "static"} or request.endpoint in self.without_work:
            return super().dispatch_request()
        actor = getattr(g, "actor", None) or anonymous()
        identity = getattr(g, "identity", None)
        about = {
            "origin": request.headers.get("X-Tab", ""), "ip": request.remote_addr or "",
            "setup_version": identity.setup_version if identity is not None else None,
        }  # fmt: skip
        try:
            if request.method in SAFE:
                with reading(actor, **about):
                    return self.make_response(super().dispatch_request())
            request.get_data(cache=True, parse_form_data=True)
            return run_work(actor, self._changed, **about)
        except Answer as answer:
            return answer.response

    def _changed(self, work: Work) -> Response:
        """Do the whole request, from a body that was read before: also when it is done again after a collision."""
        for file in request.files.values():
            file.stream.seek(0)
        remembered = replayed(work)
        if remembered is not None:
            return remembered
        response = self.make_response(super().dispatch_request())
        remember(work, response)
        return response

    without_work: set[str] = set()


def create_app(given: Settings | None = None) -> Daifuku:
    """Return the application with every department loaded."""
    config = given or settings()
    app = Daifuku("erp", root_path=str(config.root), template_folder="templates", static_folder="static")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=config.engine_options(),
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=64 * 2**20,
        MAX_FORM_MEMORY_SIZE=16 * 2**20,
        MAX_FORM_PARTS=50_000,
        ERP=config,
    )
    app.url_map.strict_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
    db.init_app(app)
    log_requests(app)
    load_modules(app, DEPARTMENTS)
    chrome.init_app(app)
    _refusals(app)
    _database_refusals(app)
    return app


def _refusals(app: Flask) -> None:
    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        return problems.answer(error)

    @app.errorhandler(404)
    def missing(error: Any) -> ResponseReturnValue:  # noqa: ARG001
        return problems.missing()

    @app.errorhandler(405)
    def wrong_method(error: Any) -> ResponseReturnValue:
        return problems.plain_status(405, error)

    @app.errorhandler(400)
    @app.errorhandler(413)
    @app.errorhandler(415)
    def unreadable(error: Any) -> ResponseReturnValue:
        return problems.plain_status(error.code, error)

    @app.errorhandler(500)
    def broken(error: Any) -> ResponseReturnValue:  # noqa: ARG001 - Flask has logged it with its trace
        return problems.broken()


def _database_refusals(app: Flask) -> None:
    @app.errorhandler(IntegrityError)
    def taken(error: IntegrityError) -> ResponseReturnValue:
        log.info("constraint: %s", error.orig)
        return problems.answer(refusal_of(error))

    @app.errorhandler(OperationalError)
    def database(error: DBAPIError) -> ResponseReturnValue:
        if number_of(error) not in PASSES:
            raise error
        log.warning("database: %s", error.orig)
        return problems.unavailable()

    @app.errorhandler(NoConnection)
    def overrun(error: Any) -> ResponseReturnValue:  # noqa: ARG001
        log.warning("no database connection was free in time")
        return problems.unavailable()
