"""Every block of code in the documentation is run, is a file that is run, or says why it is only shown."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from tests.docs.conftest import Page
from tests.docs.pages import EXAMPLE, ROOT, blocks_of, pages

SHOWN_ONLY = {"text", "json", "html", "csv", "yaml", "ini"}
RUN = [page for page in pages() if any(block.runs for block in blocks_of(page))]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("path", RUN, ids=name_of)
def test_the_blocks_of_a_page_run_in_order(path: Path, page: Page):
    printed = ""
    for block in blocks_of(path):
        if block.runs:
            printed = page.run(block)
        elif block.is_output:
            expected = re.escape(page.instance.shown(block.text).strip()).replace(r"\.\.\.", r"[\s\S]*?")
            assert re.fullmatch(expected, printed.strip()), f"{block}: it printed\n{printed}"


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_a_block_that_is_not_run_says_so(path: Path):
    for block in blocks_of(path):
        known = block.runs or block.file or block.reason or block.is_output or block.language in SHOWN_ONLY
        assert known, f"{block}: a block of {block.language or 'no language'} is run by nothing and gives no reason"


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_a_shown_file_is_a_file_of_the_example(path: Path):
    for block in blocks_of(path):
        if block.file:
            assert is_part(block.text, (EXAMPLE / block.file).read_text(encoding="utf-8")), (
                f"{block} differs from docs/examples/lending/{block.file}"
            )


def is_part(shown: str, whole: str) -> bool:
    """Whether the lines of ``shown`` stand in ``whole`` one after the other; indentation of all and blank lines aside."""
    part, lines = ([line for line in text.splitlines() if line.strip()] for text in (shown, whole))
    places = range(len(lines) - len(part) + 1)
    return any(dedent("\n".join(lines[n : n + len(part)])) == dedent("\n".join(part)) for n in places)


def test_every_file_of_the_example_is_explained():
    shown = {block.file for page in pages() for block in blocks_of(page) if block.file}
    files = {str(path.relative_to(EXAMPLE)) for path in EXAMPLE.rglob("*") if path.suffix in {".py", ".html", ".toml"}}
    assert files - shown == {"lending/__init__.py", "lending/loan/__init__.py"}
