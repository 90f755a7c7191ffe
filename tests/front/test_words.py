"""Every sentence exists in every language, with the same places to fill in."""

import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from deploy.words import CATALOGUES, Key, messages, translations

LANGUAGES = sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir())
PLACE = re.compile(r"%\(\w+\)s|\{n\}")


def places(text: Key) -> set[str]:
    """Return the places of a message that are filled in later; a plural names them in any of its forms."""
    return set(PLACE.findall(text if isinstance(text, str) else " ".join(text)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    known = translations(language)

    assert [message for message in messages() if message not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_message(language: str) -> None:
    known = translations(language)

    assert [message for message, text in known.items() if places(message) != places(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_one_of_the_source(language: str) -> None:
    with Path(CATALOGUES, language, "LC_MESSAGES", "messages.mo").open("rb") as file:
        compiled = {str(one.id if isinstance(one.id, str) else one.id[0]) for one in read_mo(file) if one.id}

    assert compiled == {message if isinstance(message, str) else message[0] for message in translations(language)}
