"""The pages stay light: what a browser loads first, and how much of it is our own script."""

import gzip
from pathlib import Path

from erp.kernel.web.bundles import FILES, joined_text

STATIC = Path(__file__).parents[2] / "static"
KILO = 1000


def packed(*patterns: str) -> int:
    """Return the size in bytes as sent: each file compressed on its own."""
    files = [path for pattern in patterns for path in STATIC.glob(pattern)]
    assert files
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)


def test_our_own_scripts_weigh_at_most_25_kilobytes() -> None:
    """As they are sent: what is joined is packed as one file, what is asked for apart by itself."""
    apart = [f"js/{name}.js" for name in ("early", "live", "presence", "report", "talk")]
    assert len(gzip.compress(joined_text("app.js"), 5)) + packed(*apart) <= 25 * KILO


def test_everything_that_a_first_page_loads_leaves_room_for_the_page_itself() -> None:
    joined = sum(len(gzip.compress(joined_text(name), 5)) for name in FILES)
    apart = packed("js/early.js", "js/live.js", "vendor/*.js", "icons.svg", "favicon.svg")

    assert joined + apart + 12 * KILO <= 90 * KILO


def test_a_bundle_holds_every_file_of_ours_that_is_not_asked_for_apart() -> None:
    asked_apart = {"js/early.js", "js/live.js", "js/presence.js", "js/report.js", "js/talk.js", "css/wizard.css"}
    joined = {path for _type, paths in FILES.values() for path in paths}
    ours = {
        path.relative_to(STATIC).as_posix() for pattern in ("css/*.css", "js/*.js") for path in STATIC.glob(pattern)
    }
    assert joined | asked_apart == ours
    assert joined & asked_apart == set()
