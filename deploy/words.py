#!/usr/bin/env python3
"""Bring the catalogues up to date: extract every message, keep the translations, compile. Prints what is missing.

Usage: deploy/words.py [--check]
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "erp" / "translations"
KEYWORDS = {"audit_check": None, "_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
Key = str | tuple[str, ...]


def _is_ours(folder: str | Path) -> bool:
    return not Path(folder).name.startswith((".", "var"))


def messages() -> list[Key]:
    """Return every message of pages and programs, sorted."""
    with (ROOT / "babel.cfg").open() as file:
        method_map, options_map = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: set[Key] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        ROOT,
        method_map,
        options_map,
        KEYWORDS,
        directory_filter=lambda path: not Path(path).name.startswith((".", "var")),
    ):
        found.add(message if isinstance(message, str) else tuple(message))
    return sorted((one for one in found if one), key=lambda one: one if isinstance(one, str) else one[0])


def error_sentences(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Return what docs/errors.md says in its headings and in the last column of its tables: the product shows it, too."""
    del keywords, comment_tags, options
    for number, line in enumerate(file.read().decode().splitlines(), 1):
        if line.startswith("## "):
            yield number, "_", line[3:].strip(), []
        elif line.startswith("| `"):
            yield number, "_", line.strip("| ").rpartition("|")[2].strip(), []


def translations(language: str) -> dict[Key, Key]:
    """Return what is translated already."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        found = [one for one in read_po(file) if one.id and one.string]
    return {_plain(one.id): _plain(one.string) for one in found}


def _plain(text: object) -> Key:
    return text if isinstance(text, str) else tuple(str(one) for one in text)  # type: ignore[attr-defined]


def untranslated(language: str) -> list[Key]:
    """Return the messages that ``language`` does not have."""
    known = translations(language)
    return [key for key in messages() if key not in known]


def update(language: str) -> list[Key]:
    """Write the catalogue of ``language`` and return what is missing in it."""
    known, missing = translations(language), []
    written = datetime(2026, 11, 24, tzinfo=UTC)
    catalogue = Catalog(
        locale=language, project="Daifuku", version="1", charset="utf-8", fuzzy=False,
        header_comment="# Translations of PROJECT.",
        msgid_bugs_address="-", last_translator="-", language_team="-", revision_date=written, creation_date=written,
    )  # fmt: skip
    for key in messages():
        if key in known:
            catalogue.add(key, known[key], flags=["python-format"] if "%(" in str(key) else [])
        else:
            missing.append(key)
    folder = CATALOGUES / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return missing


def main() -> int:
    """Update every catalogue, or with ``--check`` only say what is missing."""
    for language in sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir()):
        missing = (
            [key for key in messages() if key not in translations(language)]
            if "--check" in sys.argv
            else update(language)
        )
        for key in missing:
            sys.stdout.write(f"{language}: {key}\n")
        if missing:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
