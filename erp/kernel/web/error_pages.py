"""The page to which the ``type`` of a problem leads: one place for each code, from the one list in ``docs/errors.md``."""

import re
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from erp.kernel.rights.registry import surface
from erp.kernel.text import _
from erp.settings import ROOT

error_pages = Blueprint("error_pages", __name__)
SOURCE = ROOT / "docs" / "errors.md"


@dataclass(frozen=True, slots=True)
class Row:
    """Codes that mean the same, the status of the answer where there is one, and the meaning in English."""

    codes: tuple[str, ...]
    status: str
    meaning: str


@cache
def listed() -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Return the sections of the list: a heading and its rows."""
    found: list[tuple[str, list[Row]]] = []
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found.append((line[3:].strip(), []))
        elif line.startswith("| `"):
            codes, *status, meaning = (cell.strip() for cell in line.strip("| ").split("|"))
            found[-1][1].append(Row(tuple(re.findall(r"`([a-z_]+)`", codes)), "".join(status), meaning))
    return tuple((heading, tuple(rows)) for heading, rows in found)


def in_words(meaning: str) -> Markup:
    """Return a meaning in the reader's language; what stands between backquotes is code."""
    parts = re.split(r"`([^`]+)`", _(meaning))
    return Markup("").join(
        Markup("<code>{}</code>").format(one) if n % 2 else escape(one) for n, one in enumerate(parts)
    )


@surface("error_pages.show", public=True, note="what the codes of refusals mean; no business data")
@error_pages.get("/docs/errors")
def show() -> ResponseReturnValue:
    """Say what each code means and what to do."""
    seen: set[str] = set()
    sections = []
    for heading, rows in listed():
        shown = []
        for row in rows:
            shown.append(([(code, code not in seen) for code in row.codes], row.status, in_words(row.meaning)))
            seen |= set(row.codes)
        sections.append((_(heading), shown))
    return render_template(
        "help/errors.html", sections=sections, title=_("Errors"), crumbs=[(_("Help"), "/help"), (_("Errors"), None)]
    )
