#!/usr/bin/env python3
"""Build static/icons.svg: the icons the pages use, taken out of an unpacked lucide-static package (ISC).

Usage: deploy/icons.py PATH_TO_PACKAGE
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = Path(__file__).with_suffix(".txt")


def main() -> int:
    """Write the sprite of the names in ``icons.txt``; one that the package does not have is an error."""
    icons = Path(sys.argv[1]) / "icons"
    symbols = []
    for name in sorted(set(NAMES.read_text().split())):
        text = (icons / f"{name}.svg").read_text()
        body = re.sub(
            r"\s+",
            " ",
            text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")],
        ).strip()
        symbols.append(
            f'<symbol id="i-{name}" viewBox="0 0 24 24">{body.replace(" />", "/>").replace("> <", "><")}</symbol>'
        )
    head = "<!-- Lucide icons (lucide-static 1.62.0), ISC licence: static/vendor/LICENSES.md -->"
    target = ROOT / "static" / "icons.svg"
    target.write_text(f'{head}\n<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
