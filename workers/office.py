"""Web and background processes of one host under one parent: loaded once, forked, each started again when it dies."""

import signal
import sys

from flask import Flask
from gunicorn.app.wsgiapp import WSGIApplication

from erp.kernel.work.office import BACKGROUND, die_with_parent, keep_office
from workers import web


def serve_web(app: Flask) -> None:
    """Be gunicorn's parent, with the application that is loaded already.

    It must not outlive its own parent: while it finished its requests it would take the socket from the next one.
    """
    del app
    die_with_parent(signal.SIGKILL)
    sys.argv = ["gunicorn", "-c", "python:workers.web", "workers.web:app"]
    WSGIApplication("%(prog)s").run()


if __name__ == "__main__":
    keep_office(web.app, {"web": serve_web, **BACKGROUND})
