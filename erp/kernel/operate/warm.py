"""Load before the fork what every process needs sooner or later: what is loaded once is shared, and ready at once."""

import contextlib
import gc
from datetime import date
from decimal import Decimal

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers

from erp.kernel.change.work import unit_of_work
from erp.kernel.format import Format
from erp.kernel.logs import request_log
from erp.kernel.records.base import db
from erp.kernel.rights import system_actor
from erp.kernel.text import LANGUAGES, _, in_language


def warm(app: Flask) -> None:
    """Configure the records, read templates, words and locales; then keep it all out of the collector's way.

    A forked process writes into the pages of what it loads for itself: 30 MB each without this. What a parent has warmed
    stays so.
    """
    if gc.get_freeze_count():
        return
    configure_mappers()
    app.url_map.update()
    for name in app.jinja_env.list_templates(extensions=["html", "txt", "svg"]):
        app.jinja_env.get_template(name)
    for language in LANGUAGES:
        with in_language(language):
            _("Save")
            figures = Format(language)
            figures.money(Decimal("1.5"), symbol=True)
            figures.date(date(2000, 1, 1))
    _rehearse(app)
    gc.collect()
    gc.freeze()


def _rehearse(app: Flask) -> None:
    """Do once what every process does, a transaction and a page: what they compile and remember is shared, too.

    Without a database it is done as far as it goes. No connection is left open: it must not pass to a forked process.
    """
    request_log.disabled = True
    with app.app_context(), contextlib.suppress(DBAPIError), unit_of_work(system_actor("warm")) as work:
        work.session.execute(text("SELECT :one"), {"one": 1})
    app.test_client().get("/login")
    request_log.disabled = False
    with app.app_context():
        db.engine.dispose()
