#!/usr/bin/env python3
"""Build static/icons.svg: the icons the pages use, taken out of an unpacked lucide-static package (ISC).

Usage: deploy/icons.py PATH_TO_PACKAGE
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = """
archive arrow-down arrow-left arrow-right arrow-up arrow-up-right banknote bell book-open boxes briefcase building-2 calculator
calendar chart-column check chevron-down chevron-left chevron-right chevrons-up-down circle circle-alert circle-check
circle-help clock coins columns-3 copy credit-card download ellipsis eye factory file-plus file-text folder
git-compare-arrows hand-coins handshake history house id-card inbox key-round keyboard landmark languages layers list-checks
list-filter loader-circle lock log-out mail map-pin menu message-square moon package panel-left paperclip pencil percent plus
printer receipt refresh-cw rotate-ccw rows-3 scale search send settings shield shopping-cart shopping-bag sliders-horizontal
stamp star sun tag tags trash-2 triangle-alert truck undo-2 upload user users wallet warehouse webhook wifi-off wrench x
""".split()


def main() -> int:
    """Write the sprite; a name that the package does not have is an error."""
    icons = Path(sys.argv[1]) / "icons"
    symbols = []
    for name in sorted(set(NAMES)):
        text = (icons / f"{name}.svg").read_text()
        body = re.sub(r"\s+", " ", text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]).strip()
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{body.replace(" />", "/>").replace("> <", "><")}</symbol>')
    head = "<!-- Lucide icons (lucide-static 1.62.0), ISC licence: static/vendor/LICENSES.md -->"
    target = ROOT / "static" / "icons.svg"
    target.write_text(f'{head}\n<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
