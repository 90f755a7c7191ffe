"""``bin/walk``."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from erp.settings import read_file
from tests.walk import walk
from tests.walk.together import walk_live


def tell(number: int, text: str, url: str) -> None:
    """Print a step and its address."""
    print(f"{number:2}  {text:66} {url}", flush=True)


def main() -> int:
    """Replay the walk against a running instance."""
    parser = argparse.ArgumentParser(prog="bin/walk", description="Replay the walk against a running bin/dev.")
    parser.add_argument(
        "which", nargs="?", choices=("books", "live"), default="books",
        help="books: an order until it is paid and in the books; live: two people in one order, one of them offline",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("ERP_DATA") or "var"), help="its data folder (var)"
    )
    parser.add_argument("--url", help="where it runs; by default what its data folder says")
    parser.add_argument("--pictures", type=Path, help="folder of the pictures (DATA/walk, DATA/walk-live)")
    given = parser.parse_args()
    kept = given.data / "env"
    if not kept.exists():
        parser.error(f"{given.data} is no data folder of a running bin/dev; name it with --data")
    base = given.url or read_file(kept)["ERP_BASE_URL"]
    pictures = given.pictures or given.data / ("walk-live" if given.which == "live" else "walk")
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("[0-9][0-9]-*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        go = walk_live if given.which == "live" else walk
        done = go(browser, base.rstrip("/"), tell, given.data.resolve(), pictures)
        browser.close()
    print(f"done: {done.steps} steps, their pictures are in {pictures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
