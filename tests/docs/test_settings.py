"""The page of settings is the table of the code."""

from dataclasses import fields

from erp.settings import ROOT as PRODUCT
from erp.settings import Settings
from tests.docs.pages import ROOT

ELSEWHERE = {"ERP_BROWSER_URL", "ERP_BROWSER_DATA", "ERP_DOCS_DATA", "ERP_KEEP_PICTURE"}


def default_of(one: object) -> str:
    """A setting's default as the page writes it."""
    default, required = one.default, one.metadata["required"]  # type: ignore[attr-defined]
    if required:
        return "required"
    if isinstance(default, bool):
        return "on" if default else "off"
    if default in (None, ()):
        return "–"
    return f"`{','.join(default) if isinstance(default, tuple) else str(default).replace(f'{PRODUCT}/', '')}`"


def test_every_setting_is_documented_with_its_meaning_and_default():
    text = (ROOT / "docs" / "operators" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `ERP_")]
    wanted = [f"| `ERP_{one.name.upper()}` | {one.metadata['help']} | {default_of(one)} |" for one in fields(Settings)]
    assert rows == wanted


def test_no_page_names_a_setting_that_is_not_there():
    import re

    known = {f"ERP_{one.name.upper()}" for one in fields(Settings)} | ELSEWHERE
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        named = set(re.findall(r"\bERP_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
        assert named <= known, f"{page.name} names {named - known}"
