"""Countries by their two letters (ISO 3166), named in the reader's language."""

from functools import cache

from babel import Locale

from erp.kernel.errors import Problem
from erp.kernel.text import _, language


@cache
def territories(locale: str) -> dict[str, str]:
    """Return the countries' names by code, in ``locale``."""
    names = Locale.parse(locale).territories
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY}


NO_COUNTRY = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
OLD_NAMES = {"UK": "GB", "USA": "US"}


def country_name(code: str | None, locale: str | None = None) -> str:
    """Return the name of a country in ``locale``, by default the reader's language."""
    return territories(locale or language()).get(code or "", code or "")


def country_code(name: str) -> str | None:
    """Return the code of a country that a file names in English ("Germany", "UK"), or None."""
    wanted = name.strip()
    if OLD_NAMES.get(wanted.upper(), wanted.upper()) in territories("en"):
        return OLD_NAMES.get(wanted.upper(), wanted.upper())
    folded = wanted.casefold()
    return next((code for code, text in territories("en").items() if text.casefold() == folded), None)


def country_problems(field: str, code: str | None) -> list[Problem]:
    """Refuse a country that does not exist."""
    if not code or code in territories("en"):
        return []
    return [Problem(field, "unknown_country", _("Enter a country by its two letters, such as DE."))]
