"""Structured logs: one JSON line an event, one line a request; never a secret."""

import json
import logging
import sys
import time
import uuid
from typing import Any

from flask import Flask, g, request
from flask.wrappers import Response
from sqlalchemy import event
from sqlalchemy.engine import Engine

from erp.settings import settings

request_log = logging.getLogger("erp.request")
KNOWN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time, level, logger, message, and what the caller added."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname, "log": record.name,
            "text": record.getMessage(),
        }  # fmt: skip
        line |= {key: value for key, value in record.__dict__.items() if key not in KNOWN}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def start_logging(process: str) -> None:
    """Send the logs of this process to standard error, one JSON line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=settings().log_level, handlers=[handler], force=True)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    logging.getLogger("rq").setLevel(logging.WARNING)
    logging.getLogger("erp").info("%s starts", process)


def log_requests(app: Flask) -> None:
    """Write one line for each request: id, user, path without query, status, duration, statements."""

    @app.before_request
    def begin() -> None:
        g.request_started, g.statements = time.perf_counter(), 0
        g.request_id = request.headers.get("X-Request-ID", "")[:64] or uuid.uuid4().hex[:16]

    @app.after_request
    def end(response: Response) -> Response:
        started = getattr(g, "request_started", None)
        if started is None or request.path.startswith(("/static/", "/healthz", "/internal/")):
            return response
        about = {
            "id": g.request_id, "user": getattr(getattr(g, "actor", None), "user_id", None), "method": request.method,
            "path": request.path, "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1), "queries": getattr(g, "statements", 0),
        }  # fmt: skip
        request_log.info("request", extra=about)
        response.headers["X-Request-ID"] = g.request_id
        return response


@event.listens_for(Engine, "before_cursor_execute")
def count_statement(*about: Any) -> None:
    """Count the statements of the running request."""
    del about
    if g:
        g.statements = getattr(g, "statements", 0) + 1
