"""The page of settings is the table of the code."""

import re
from dataclasses import fields

from erp.settings import Settings
from tests.docs.pages import ROOT
from tests.docs.settings_page import PAGE, rows

OF_TESTS = {"ERP_BROWSER_URL", "ERP_BROWSER_DATA", "ERP_DOCS_DATA", "ERP_KEEP_PICTURE"}


def test_every_setting_is_documented_with_its_meaning_and_default():
    found = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `ERP_")]
    assert found == rows(), "run .venv/bin/python -m tests.docs.settings_page"


def test_no_page_names_a_setting_that_is_not_there():
    known = {f"ERP_{one.name.upper()}" for one in fields(Settings)} | OF_TESTS
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        named = set(re.findall(r"\bERP_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
        assert named <= known, f"{page.name} names {named - known}"
