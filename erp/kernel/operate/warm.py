"""Load before the fork what every process needs sooner or later: what is loaded once is shared, and ready at once."""

import contextlib
import gc
from datetime import date
from decimal import Decimal

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import configure_mappers

from erp.kernel.format import Format
from erp.kernel.records.base import db
from erp.kernel.text import LANGUAGES, _, in_language


def warm(app: Flask) -> None:
    """Configure the records, read templates, words and locales; then keep it all out of the collector's way.

    A forked process writes into the pages of what it loads for itself: 30 MB each without this. The database is greeted
    once, if it is there, because the driver prepares itself for it.
    """
    configure_mappers()
    with app.app_context(), contextlib.suppress(OperationalError):
        db.engine.connect().close()
        db.engine.dispose()
    app.url_map.update()
    for name in app.jinja_env.list_templates(extensions=["html", "txt", "svg"]):
        app.jinja_env.get_template(name)
    for language in LANGUAGES:
        with in_language(language):
            _("Save")
            figures = Format(language)
            figures.money(Decimal("1.5"), symbol=True)
            figures.date(date(2000, 1, 1))
    gc.collect()
    gc.freeze()
