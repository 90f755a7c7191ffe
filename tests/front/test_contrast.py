"""Colours keep their distance: every pair that carries text or a border meets WCAG 2.2 AA in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
COLOURS = {
    name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+):\s*light-dark\((#\w+),\s*(#\w+)\)", TOKENS)
}
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    ("ink", "surface", TEXT),
    ("ink", "accent-bg", TEXT),
    ("ink-2", "bg", TEXT),
    ("ink-2", "mute-bg", TEXT),
    ("ink-3", "surface", TEXT),
    ("ink-3", "sunken", TEXT),
    ("ink-3", "hover", TEXT),
    ("ink-3", "accent-bg", TEXT),
    ("accent", "surface", TEXT),
    ("accent-2", "accent-bg", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-2", TEXT),
    ("accent", "bg", EDGE),
    ("field", "surface", EDGE),
    ("field", "bg", EDGE),
    ("ok", "ok-bg", TEXT),
    ("ok", "surface", TEXT),
    ("warn", "warn-bg", TEXT),
    ("bad", "bad-bg", TEXT),
    ("bad", "surface", TEXT),
    ("info", "info-bg", TEXT),
    ("vio", "vio-bg", TEXT),
]


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rgb`` or ``#rrggbb``."""
    digits = colour[1:]
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "needed"), PAIRS)
def test_a_pair_of_colours_can_be_read(front: str, back: str, needed: float, theme: int) -> None:
    one, other = sorted(
        (luminance(COLOURS[front][theme]), luminance(COLOURS[back][theme])),
        reverse=True,
    )

    assert (one + 0.05) / (other + 0.05) >= needed
