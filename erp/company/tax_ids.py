"""Tax and registration numbers as their countries write them: pure checks, with check digits where they are public."""

import re
import unicodedata

from erp.kernel.errors import Problem
from erp.kernel.text import _

VAT_FORMS = {
    "AT": r"ATU\d{8}", "BE": r"BE[01]\d{9}", "BG": r"BG\d{9,10}", "CY": r"CY\d{8}[A-Z]", "CZ": r"CZ\d{8,10}",
    "DE": r"DE\d{9}", "DK": r"DK\d{8}", "EE": r"EE\d{9}", "ES": r"ES[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"FI\d{8}",
    "FR": r"FR[A-HJ-NP-Z0-9]{2}\d{9}", "GR": r"EL\d{9}", "HR": r"HR\d{11}", "HU": r"HU\d{8}",
    "IE": r"IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"IT\d{11}", "LT": r"LT(\d{9}|\d{12})", "LU": r"LU\d{8}",
    "LV": r"LV\d{11}", "MT": r"MT\d{8}", "NL": r"NL\d{9}B\d{2}", "PL": r"PL\d{10}", "PT": r"PT\d{9}",
    "RO": r"RO\d{2,10}", "SE": r"SE\d{12}", "SI": r"SI\d{8}", "SK": r"SK\d{10}",
    "GB": r"GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})", "CH": r"CHE\d{9}(MWST|TVA|IVA)?", "US": r"\d{9}", "JP": r"T\d{13}",
}  # fmt: skip


def tidy(number: str | None) -> str | None:
    """Return a number in capitals, half width, without blanks, dots and hyphens; None when nothing is left."""
    text = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", number or "")).upper()
    return text or None


def tax_id_problem(field: str, country: str | None, number: str | None) -> list[Problem]:
    """Refuse a tax number that its country cannot have issued; countries we do not know accept anything."""
    form = VAT_FORMS.get(country or "")
    if not number or form is None:
        return []
    if re.fullmatch(form, number) and _check_digit_fits(country or "", number):
        return []
    return [Problem(field, "wrong_tax_number", _("This is no tax number of %(country)s.", country=country))]


def registration_number_problem(field: str, number: str | None) -> list[Problem]:
    """Refuse a Japanese registration number (T and 13 digits) whose check digit is wrong."""
    if not number or is_japanese_registration_number(number):
        return []
    message = _("A registration number is T and 13 digits; please check the digits.")
    return [Problem(field, "wrong_registration_number", message)]


def is_japanese_registration_number(number: str) -> bool:
    """Return whether ``number`` is T and 13 digits with a right check digit, which comes first."""
    if not re.fullmatch(r"T[1-9]\d{12}", number):
        return False
    body = [int(digit) for digit in reversed(number[2:])]
    total = sum(digit * (1 if place % 2 else 2) for place, digit in enumerate(body, 1))
    return int(number[1]) == 9 - total % 9


def _check_digit_fits(country: str, number: str) -> bool:
    if country == "DE":
        return _fits_mod_11_10(number[2:])
    if country == "JP":
        return is_japanese_registration_number(number)
    return True


def _fits_mod_11_10(digits: str) -> bool:
    """Return whether the last digit checks the others by ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[-1])
