"""The pages stay light: what a browser loads first, and how much of it is our own script."""

import gzip
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
KILO = 1000


def packed(*patterns: str) -> int:
    """Return the size in bytes as sent: each file compressed on its own."""
    files = [path for pattern in patterns for path in STATIC.glob(pattern)]
    assert files
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)


def test_our_own_scripts_weigh_at_most_25_kilobytes() -> None:
    assert packed("js/*.js") <= 25 * KILO


def test_everything_that_a_first_page_loads_leaves_room_for_the_page_itself() -> None:
    files = packed("css/*.css", "js/*.js", "vendor/*.js", "icons.svg", "favicon.svg")

    assert files + 12 * KILO <= 90 * KILO
