"""The page that explains what is the same everywhere: documents, typing, keys, approvals."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from erp.kernel.rights.registry import surface
from erp.kernel.text import _

pages = Blueprint("help", __name__)


@surface("help.show", own=True, note="the same words for every reader")
@pages.get("/help")
def show() -> ResponseReturnValue:
    """Show the help that every page links to."""
    return render_template("help/index.html", title=_("Help"), crumbs=[(_("Help"), None)])
