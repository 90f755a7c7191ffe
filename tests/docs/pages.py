"""The pages of the documentation, their blocks of code and their links.

How a page says what happens to a block, in the line above it:

- nothing: ``python`` and ``sh`` blocks are run, in order, as one session of the page;
- ``*File* `lending/tool.py`:`` - the block is (a part of) that file of the example app, which is installed and run;
- ``*Not run:* why`` - the block is only shown;
- a line that ends with ``prints:`` - the block is what the block before it printed; ``...`` stands for anything.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "lending"
FENCE = re.compile(r"^( *)```(\w*)\s*$")
FILE = re.compile(r"^\*File\* `([^`]+)`:$")
NOT_RUN = re.compile(r"^\*Not run:\* (\S.*)$")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """One block of code and the line above it."""

    page: Path
    line: int
    language: str
    text: str
    above: str

    @property
    def file(self) -> str | None:
        """The file of the example app that the block shows."""
        found = FILE.match(self.above)
        return found.group(1) if found else None

    @property
    def reason(self) -> str | None:
        """Why the block is not run."""
        found = NOT_RUN.match(self.above)
        return found.group(1) if found else None

    @property
    def is_output(self) -> bool:
        """Whether the block is what the one before it printed."""
        return self.above.endswith("prints:")

    @property
    def runs(self) -> bool:
        return self.language in {"python", "sh"} and not (self.file or self.reason or self.is_output)

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Every page that people read."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    found: list[Block] = []
    inside: tuple[int, str, str] | None = None
    kept: list[str] = []
    above = ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if inside is None and fence:
            inside, kept = (number, fence.group(1), fence.group(2)), []
        elif inside is not None and line == f"{inside[1]}```":
            text = "\n".join(one.removeprefix(inside[1]) for one in kept) + "\n"
            found.append(Block(page, inside[0], inside[2], text, above))
            inside, above = None, ""
        elif inside is not None:
            kept.append(line)
        elif line.strip():
            above = line.strip()
    assert inside is None, f"{page}: a block does not end"
    return found


def prose_of(page: Path) -> str:
    """A page without its blocks."""
    text, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            text.append(line)
    return "\n".join(text)
