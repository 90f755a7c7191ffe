"""Links of the documentation lead somewhere, and the commands that it names exist."""

import re
from pathlib import Path

import click
import pytest

from erp.kernel.cli import cli
from tests.docs.pages import LINK, ROOT, blocks_of, pages, prose_of

COMMAND = re.compile(r"(?<![\w/.-])(?:\.venv/bin/)?erp ((?:--data \S+ )?[a-z][a-z-]*(?: [a-z][a-z-]*)?)")
PROGRAM = re.compile(r"\bbin/[a-z]+\b")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    heads = [line.lstrip("#").strip() for line in prose_of(page).splitlines() if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_lead_somewhere(page: Path):
    for target in LINK.findall(prose_of(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _hash, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), f"{name_of(page)} links to {target}"
        assert goal.is_relative_to(ROOT), f"{name_of(page)} links out of the repository: {target}"
        if anchor and goal.suffix == ".md":
            assert anchor in anchors(goal), f"{name_of(page)} links to {target}"


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_named_commands_exist(page: Path):
    for words in _code(page):
        for found in COMMAND.finditer(words):
            _exists(page, re.sub(r"^--data \S+ ", "", found.group(1)).split(), words)
        for program in PROGRAM.findall(words.replace(".venv/bin/", "")):
            assert (ROOT / program).exists(), f"{name_of(page)} names {program}"


def _code(page: Path) -> list[str]:
    """Every command line on a page: lines of shell blocks, and code within sentences."""
    lines = [line for block in blocks_of(page) if block.language == "sh" for line in block.text.splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", prose_of(page))


def _exists(page: Path, words: list[str], line: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, words[0])
    assert command is not None, f"{name_of(page)} names erp {words[0]}: {line}"
    if isinstance(command, click.Group) and len(words) > 1:
        command = command.get_command(context, words[1])
        assert command is not None, f"{name_of(page)} names erp {' '.join(words)}"
    known = {option for one in (cli, command) for parameter in one.params for option in parameter.opts}
    told = re.split(r"\||&&", line.split("erp ", 1)[1])[0]
    unknown = set(OPTION.findall(told)) - known - {"--help"}
    assert not unknown, f"{name_of(page)}: erp {words[0]} has no {', '.join(sorted(unknown))}"
