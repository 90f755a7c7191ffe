#!/usr/bin/env python3
"""The front-end files of others: their version, licence and hash; fetched anew, or only checked.

Usage: deploy/vendor.py            print what is there and check every hash (exit 1 when one differs)
       deploy/vendor.py --fetch    fetch the packages with npm, take the files out, build the icons, write the licences
"""

import hashlib
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
ICON_NAMES = ROOT / "deploy" / "vendor-icons.txt"


@dataclass(frozen=True)
class Vendored:
    """A file of an npm package, where it stands here, and its SHA-256. No ``path``: it is built from the package."""

    package: str
    version: str
    licence: str
    target: Path
    sha256: str
    path: str = ""


FILES = (
    Vendored("htmx.org", "4.0.1", "0BSD", VENDOR / "htmx.min.js",
             "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130", "dist/htmx.min.js"),
    Vendored("socket.io-client", "4.8.4", "MIT", VENDOR / "socket.io.min.js",
             "d5d79a35039e860b32bdef4795528b05c2f788d4b2d9dacc913120e2878f7b3f", "dist/socket.io.min.js"),
    Vendored("lucide-static", "1.62.0", "ISC", ROOT / "static" / "icons.svg",
             "ff15e0adbd634b8004e4dbcd7975307df4d5748a9be37bb45043f072f2fd8793"),
)  # fmt: skip


def wrong(one: Vendored) -> bool:
    """Return whether the file that stands here is another than the one named above."""
    return not one.target.exists() or hashlib.sha256(one.target.read_bytes()).hexdigest() != one.sha256


def sprite(package: Path, version: str) -> str:
    """Return the icons that the pages use as one file of symbols; a name that the package lacks is an error."""
    symbols = []
    for name in sorted(set(ICON_NAMES.read_text().split())):
        text = (package / "icons" / f"{name}.svg").read_text()
        body = re.sub(r"\s+", " ", text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]).strip()
        body = body.replace(" />", "/>").replace("> <", "><")
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{body}</symbol>')
    head = f"<!-- Lucide icons (lucide-static {version}), ISC licence: static/vendor/LICENSES.md -->"
    return f'{head}\n<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def fetch(folder: Path) -> None:
    """Fetch each package at its version and write its file; what npm brings is checked by ``wrong`` afterwards."""
    lines, texts = [], []
    for one in FILES:
        name = f"{one.package}@{one.version}"
        done = subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True)
        subprocess.run(
            ["tar", "xzf", done.stdout.split()[-1], f"--one-top-level={one.package}"], cwd=folder, check=True
        )
        package = folder / one.package / "package"
        if one.path:
            one.target.write_bytes((package / one.path).read_bytes())
        else:
            one.target.write_text(sprite(package, one.version))
        where = one.target.relative_to(ROOT)
        lines.append(f"- `{where}`: {one.package} {one.version}, {one.licence}, sha256 `{one.sha256}`\n")
        texts.append(f"\n## {one.package}\n\n```\n{(package / 'LICENSE').read_text().strip()}\n```\n")
    head = "# Vendored front-end files\n\nWritten by `deploy/vendor.py --fetch`; checked by `deploy/vendor.py`.\n\n"
    (VENDOR / "LICENSES.md").write_text(head + "".join(lines) + "".join(texts))


def main() -> int:
    """Fetch when asked to, then say what is there; 1 when a file is not the one named here."""
    if "--fetch" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            fetch(Path(folder))
    failed = 0
    for one in FILES:
        state = "DIFFERS" if wrong(one) else "ok"
        failed += wrong(one)
        sys.stdout.write(f"{one.package:18} {one.version:8} {one.licence:5} {one.sha256[:16]}  {state}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
