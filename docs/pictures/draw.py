"""Draw the picture of the whole: ``whole.txt`` becomes ``whole.svg``. ``python3 docs/pictures/draw.py``."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent
SOURCE, PICTURE = FOLDER / "whole.txt", FOLDER / "whole.svg"
MARGIN = 60
STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 14px; fill: #16211f; }
.name { font-weight: 600; font-size: 16px; }
.words { font-size: 13px; fill: #35504c; paint-order: stroke; stroke: #ffffff; stroke-width: 5px; }
.box { fill: #ffffff; stroke: #0f6675; stroke-width: 1.5; }
.group { fill: #eef5f4; stroke: #9dbbb7; stroke-dasharray: 5 4; }
.arrow { fill: none; stroke: #35504c; stroke-width: 1.5; marker-end: url(#head); }
.head { fill: #35504c; }
.paper { fill: #ffffff; }
"""


@dataclass(frozen=True)
class Box:
    """A box, or the frame of a group: where it is and what it says."""

    name: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    is_group: bool = False

    def point(self, side: str, at: int) -> tuple[int, int]:
        """Return the point at ``at`` on a side."""
        return {
            "top": (at, self.y),
            "bottom": (at, self.y + self.height),
            "left": (self.x, at),
            "right": (self.x + self.width, at),
        }[side]


@dataclass(frozen=True)
class Arrow:
    """An arrow between the sides of two boxes, and its words."""

    start: tuple[str, str, int]
    end: tuple[str, str, int]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """What the source says."""

    width: int
    height: int
    boxes: dict[str, Box]
    arrows: list[Arrow]


ARROW = re.compile(r"arrow (\S+) (\w+) (\d+) > (\S+) (\w+) (\d+) :(.*)")


def read(text: str) -> Picture:
    """Read the source; raise ``ValueError`` with the line that is not understood."""
    size, boxes, arrows = (0, 0), {}, []
    for line in text.splitlines():
        words = line.split(None, 6)
        if not words or words[0].startswith("#"):
            continue
        arrow = ARROW.fullmatch(line)
        if words[0] == "size":
            size = int(words[1]), int(words[2])
        elif words[0] in {"box", "group"}:
            boxes[words[1]] = Box(words[1], *map(int, words[2:6]), _parts(words[6]), words[0] == "group")
        elif arrow:
            a, b, c, d, e, f, told = arrow.groups()
            arrows.append(Arrow((a, b, int(c)), (d, e, int(f)), _parts(told)))
        else:
            raise ValueError(line)
    return Picture(*size, boxes, arrows)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def draw(picture: Picture) -> str:
    """Return the picture as SVG."""
    view = f"0 0 {picture.width} {picture.height}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" aria-labelledby="t">',
        '<title id="t">Daifuku: its processes and what passes between them</title>',
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">',
        '<path class="head" d="M0 1 9 5 0 9z"/></marker></defs>',
        f'<rect class="paper" width="{picture.width}" height="{picture.height}"/>',
    ]
    for box in sorted(picture.boxes.values(), key=lambda one: not one.is_group):
        parts += _box(box)
    for arrow in picture.arrows:
        parts += _arrow(arrow, picture)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _box(box: Box) -> list[str]:
    place = f'x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'
    if box.is_group:
        title = f'<text class="name" x="{box.x + 16}" y="{box.y + 26}">{escape(box.lines[0])}</text>'
        return [f'<rect class="group" {place} rx="8"/>', title]
    top = box.y + box.height // 2 + 5 - 10 * (len(box.lines) - 1)
    return [f'<rect class="box" {place} rx="8"/>', *_texts(box.lines, box.x + box.width // 2, top, ("name", "line"))]


def _arrow(arrow: Arrow, picture: Picture) -> list[str]:
    """Return the line of an arrow and its words: beside an upright line, on any other; left to left goes round."""
    (x1, y1), (x2, y2) = (picture.boxes[name].point(side, at) for name, side, at in (arrow.start, arrow.end))
    if arrow.start[1] == arrow.end[1] == "left":
        line = f'<path class="arrow" d="M{x1} {y1}H{MARGIN}V{y2}H{x2}"/>'
        return [line, *_texts(arrow.words, MARGIN, (y1 + y2) // 2, ("words", "words"))]
    line = f'<path class="arrow" d="M{x1} {y1}L{x2} {y2}"/>'
    top = (y1 + y2) // 2 + 4 - 10 * (len(arrow.words) - 1) - (12 if y1 == y2 else 0)
    if x1 == x2:
        return [line, *_texts(arrow.words, x1 + 8, top, ("words", "words"), anchor="start")]
    return [line, *_texts(arrow.words, (x1 + x2) // 2, top, ("words", "words"))]


def _texts(lines: tuple[str, ...], x: int, top: int, looks: tuple[str, str], anchor: str = "middle") -> list[str]:
    return [
        f'<text class="{looks[min(n, 1)]}" x="{x}" y="{top + 20 * n}" text-anchor="{anchor}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    ]


def main() -> None:
    """Draw."""
    PICTURE.write_text(draw(read(SOURCE.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
