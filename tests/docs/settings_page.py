"""The table of settings: ``.venv/bin/python -m tests.docs.settings_page`` writes it anew into its page."""

import re
from dataclasses import Field, fields
from typing import Any

from erp.settings import ROOT as PRODUCT
from erp.settings import Settings
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "operators" / "settings.md"


def rows() -> list[str]:
    """The rows of the table, in the order of the code."""
    return [f"| `ERP_{one.name.upper()}` | {one.metadata['help']} | {default_of(one)} |" for one in fields(Settings)]


def default_of(one: Field[Any]) -> str:
    """A setting's default as the page writes it."""
    default = one.default
    if one.metadata["required"]:
        return "required"
    if isinstance(default, bool):
        return "on" if default else "off"
    if default in (None, ()):
        return "–"
    return f"`{','.join(default) if isinstance(default, tuple) else str(default).replace(f'{PRODUCT}/', '')}`"


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = "\n".join(rows()) + "\n"
    PAGE.write_text(re.sub(r"(?:\| `ERP_.*\n)+", lambda _found: table, text), encoding="utf-8")


if __name__ == "__main__":
    main()
