"""The printed page: templates filled with plain strings, the same for the PDF and its preview in the browser."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, has_app_context
from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from erp.kernel.paper.assets import ASSET
from erp.kernel.text import _, in_language, ngettext

TEMPLATES = Path(__file__).parents[3] / "templates"
STYLE = "print.css"


@cache
def _environment(loader: BaseLoader) -> Environment:
    """Return an environment that knows words and nothing of the application: no request, no record, no session."""
    environment = Environment(
        loader=loader,
        autoescape=select_autoescape(["html"], default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update({"_": _, "ngettext": ngettext})
    return environment


@cache
def _own_loader() -> BaseLoader:
    return FileSystemLoader(TEMPLATES)


def fill(template: str, language: str, **parts: Any) -> str:
    """Return ``template`` filled with ``parts`` (plain dictionaries, lists and strings) in ``language``."""
    loader = current_app.jinja_env.loader if has_app_context() else None
    with in_language(language):
        return _environment(loader or _own_loader()).get_template(template).render(**parts)


def sheet(template: str, paper: dict[str, Any], css: str = ASSET + STYLE) -> str:
    """Return a print as HTML; ``css`` is the address of its style, by default the PDF worker's own."""
    return fill(template, paper["language"], paper=paper, css=css)


def style() -> bytes:
    """Return the style of printed pages."""
    return (TEMPLATES / "print" / STYLE).read_bytes()
