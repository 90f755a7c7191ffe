"""Templates keep to the security policy and to their size, and name only icons that exist."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "templates"
PRINTED = {"print", "mail"}
SHEETS = {"report/print.html"}
PAGES = sorted(
    path
    for path in FOLDER.rglob("*.html")
    if path.relative_to(FOLDER).parts[0] not in PRINTED and str(path.relative_to(FOLDER)) not in SHEETS
)
INLINE = re.compile(
    r"""\sstyle=["'{]|\son[a-z]+=["'{]|<style|<script(?![^>]*\ssrc=)|javascript:|hx-on|hx-vals=["']js:"""
)
TRIGGER_FILTER = re.compile(r'hx-trigger="[^"]*\[')
SPRITE = (ROOT / "static/icons.svg").read_text()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_template_has_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text()

    assert INLINE.search(text) is None
    assert TRIGGER_FILTER.search(text) is None, "trigger filters are evaluated as script"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_template_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 150


@pytest.mark.parametrize(
    "path",
    sorted(FOLDER.rglob("*.html")),
    ids=lambda path: str(path.relative_to(FOLDER)),
)
def test_a_template_is_correct_jinja(path: Path) -> None:
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, extensions=["jinja2.ext.i18n"])

    environment.parse(path.read_text())


def test_every_icon_named_by_a_template_is_in_the_sprite() -> None:
    used = {name for path in PAGES for name in re.findall(r"""icon\(["']([a-z0-9-]+)["']""", path.read_text())}

    assert {name for name in used if f'id="i-{name}"' not in SPRITE} == set()


def test_every_icon_named_by_a_department_is_in_the_sprite() -> None:
    named = r"""(?:__icon__(?::[^=]+)?\s*=|icon=)\s*["']([a-z0-9-]+)["']"""
    grouped = r"""Group\(\s*"\w+",\s*_l\("[^"]+"\),\s*"([a-z0-9-]+)\""""
    sources = [path.read_text() for path in (ROOT / "erp").rglob("*.py")]
    used = {name for text in sources for pattern in (named, grouped) for name in re.findall(pattern, text)}

    assert {name for name in used if f'id="i-{name}"' not in SPRITE} == set()
