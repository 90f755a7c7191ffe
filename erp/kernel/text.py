"""Words shown to people, in the language of the reader: gettext over the catalogues in ``erp/translations``."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import LazyProxy, NullTranslations, Translations

from erp.settings import settings

CATALOGUES = Path(__file__).parent.parent / "translations"
_more: list[Path] = []
LANGUAGES = ("en", "ja")

_language: ContextVar[str] = ContextVar("language", default="en")


@cache
def _catalogue(language: str) -> NullTranslations:
    found = Translations.load(CATALOGUES, [language])
    for folder in _more:
        found.add_fallback(Translations.load(folder, [language]))
    return found


def add_catalogue(folder: Path) -> None:
    """Find words in the catalogues of an extension app too; a word that we have stays ours."""
    if folder not in _more:
        _more.append(folder)
        _catalogue.cache_clear()


def language() -> str:
    """Return the language in force for this request, job or print ("en", "ja")."""
    return _language.get()


def use_language(code: str) -> None:
    """Set the language of the running request; one that is not offered falls back to the first of those that are."""
    _language.set(code if code in offered() else offered()[0])


def offered() -> tuple[str, ...]:
    """Return the languages of screens that this installation offers; papers and mails are written in any that we have."""
    return settings().languages


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak ``code`` inside the block: a print or a mail speaks its party's language."""
    token = _language.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str, **values: Any) -> str:
    """Translate ``message``; ``%(name)s`` places are filled from the keywords."""
    text = str(_catalogue(language()).ugettext(message)) if message else ""
    return text % values if values else text


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """Translate a sentence that depends on a number; ``%(n)s`` is the number."""
    return str(_catalogue(language()).ungettext(one, many, n)) % {"n": n, **values}


def _l(message: str) -> str:
    """Translate when shown: for labels declared while a module is imported."""
    proxy: Any = LazyProxy(_, message, enable_cache=False)
    return proxy  # type: ignore[no-any-return]
