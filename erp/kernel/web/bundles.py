"""Our style and our scripts, each as one file: on a slow line every further file costs a round trip.

The files stay what they are, in layers and by subject; they are joined as they stand, once a process. Nothing is built.
"""

from functools import cache

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from erp.kernel.errors import NotFound
from erp.kernel.rights.registry import surface
from erp.kernel.text import _
from erp.kernel.web.chrome import STATIC

bundles = Blueprint("bundles", __name__, url_prefix="/bundle")
FOR_EVER = "public, max-age=31536000, immutable"
FILES = {
    "app.css": ("text/css", tuple(f"css/{layer}.css" for layer in ("tokens", "base", "shell", "ui", "data", "page", "util"))),
    "app.js": (
        "application/javascript",
        tuple(f"js/{name}.js" for name in ("core", "toast", "shell", "keys", "palette", "link", "grid", "form", "list")),
    ),
}  # fmt: skip


@surface("bundles.joined", public=True, bare=True, note="style and scripts of the product itself")
@bundles.get("/<name>")
def joined(name: str) -> ResponseReturnValue:
    """Return the joined files; their address holds the version, so browsers keep them for ever."""
    if name not in FILES:
        raise NotFound(_("Not found"))
    response = Response(joined_text(name), content_type=f"{FILES[name][0]}; charset=utf-8")
    response.headers["Cache-Control"] = FOR_EVER
    return response


@cache
def joined_text(name: str) -> bytes:
    return b"\n".join((STATIC / path).read_bytes() for path in FILES[name][1])
