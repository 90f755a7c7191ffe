"""Every amount, date and number that people read goes through one locale-aware formatter, passed, never ambient."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import NumberPattern, get_currency_precision, get_currency_symbol, parse_pattern

Day = date
ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class NotReadable(ValueError):
    """What was typed is no number or date in this locale."""


@cache
def _pattern(places: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * places if places else ""))


@dataclass(frozen=True)
class Format:
    """How one reader writes numbers, money and dates."""

    language: str = "en"
    zone: str = "UTC"
    currency: str = "EUR"

    @cached_property
    def locale(self) -> Locale:
        """Return the Babel locale; English means day before month."""
        return Locale.parse({"en": "en_GB"}.get(self.language, self.language))

    def money(self, value: Decimal | None, currency: str | None = None, *, symbol: bool = False) -> str:
        """Return an amount with the minor digits of its currency: ``1,637.01``."""
        if value is None:
            return ""
        code = currency or self.currency
        text = self.number(value, get_currency_precision(code))
        return f"{get_currency_symbol(code, self.locale)}{text}" if symbol else text

    def number(self, value: Decimal | int | None, places: int | None = None) -> str:
        """Return a number, exact: idle zeros dropped, or exactly ``places`` digits (more when they are not zero)."""
        if value is None:
            return ""
        exact = Decimal(value)
        own = max(0, -int(exact.normalize().as_tuple().exponent)) if exact else 0
        shown = max(own, places or 0)
        return str(_pattern(shown).apply(exact, self.locale, decimal_quantization=False))

    def percent(self, value: Decimal | None) -> str:
        """Return ``19 %`` for 19."""
        return "" if value is None else f"{self.number(value)} %"

    def date(self, value: date | None) -> str:
        """Return a business date: ``18 Jun 2026``."""
        return "" if value is None else str(format_date(value, "medium", locale=self.locale))

    def instant(self, value: datetime | None) -> str:
        """Return a UTC instant in the reader's zone."""
        if value is None:
            return ""
        return str(format_datetime(self.local(value), "medium", locale=self.locale))

    def time(self, value: datetime) -> str:
        """Return a UTC instant of today as ``09:41`` in the reader's zone, one of another day with its date."""
        local = self.local(value)
        if local.date() != self.local(datetime.now(UTC).replace(tzinfo=None)).date():
            return self.instant(value)
        return str(format_time(local, "short", locale=self.locale))

    def local(self, value: datetime) -> datetime:
        """Return a UTC instant as wall clock time in the reader's zone."""
        return value.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone))

    def ago(self, value: datetime | None, now: datetime | None = None) -> str:
        """Return how long ago within a day, the date after that."""
        if value is None:
            return ""
        passed = (now or datetime.now(UTC).replace(tzinfo=None)) - value
        if passed > timedelta(days=1):
            return self.date(self.local(value).date())
        return str(format_timedelta(-passed, add_direction=True, locale=self.locale, threshold=1, format="short"))

    def edit_number(self, value: Decimal | int | None) -> str:
        """Return a number as a field shows it for editing: no grouping, the locale's decimal sign."""
        if value is None:
            return ""
        text = format(Decimal(value), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace(".", self._decimal_sign)

    def read_number(self, typed: str) -> Decimal:
        """Return the number a person typed or pasted: full-width digits, grouping and local commas are understood."""
        text = unicodedata.normalize("NFKC", typed).strip().replace("\u2212", "-")
        text = re.sub(r"[\s'’]", "", text)
        text = text.removeprefix("+")
        if text.startswith("(") and text.endswith(")"):
            text = "-" + text[1:-1]
        text = self._one_decimal_point(text)
        if not re.fullmatch(r"-?\d{1,60}(\.\d{1,60})?", text):
            raise NotReadable(typed)
        try:
            return Decimal(text)
        except InvalidOperation:
            raise NotReadable(typed) from None

    @property
    def _decimal_sign(self) -> str:
        return str(self.locale.number_symbols["latn"]["decimal"])

    def _one_decimal_point(self, text: str) -> str:
        """Tell grouping from the decimal sign; where both readings are possible, the locale decides."""
        comma, point = text.rfind(","), text.rfind(".")
        if comma >= 0 and point >= 0:
            sign = "," if comma > point else "."
        elif comma >= 0 or point >= 0:
            sign = "," if comma >= 0 else "."
            other = text.count(sign) > 1
            grouped = re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", text) is not None
            if other or (grouped and sign != self._decimal_sign):
                sign = ""
        else:
            return text
        kept = text.replace("," if sign == "." else ".", "") if sign else re.sub(r"[.,]", "", text)
        return kept.replace(sign, ".") if sign else kept

    def read_date(self, typed: str) -> "Day":
        """Return the date a person typed: ISO 8601, ``18.6.2026``, ``18/06/2026``, ``18 Jun 2026``, ``2026年6月18日``."""
        text = unicodedata.normalize("NFKC", typed).strip()
        for reader in (_iso, _ymd, _dmy, _named):
            found = reader(text)
            if found is not None:
                return found
        raise NotReadable(typed)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year + (2000 if year < 100 else 0), month, day)
    except ValueError:
        return None


def _iso(text: str) -> date | None:
    return _make(int(text[:4]), int(text[5:7]), int(text[8:])) if ISO_DATE.match(text) else None


def _ymd(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})[/.年-](\d{1,2})[/.月-](\d{1,2})日?", text)
    return _make(*(int(part) for part in found.groups())) if found else None


def _dmy(text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})[/. -]+(\d{1,2})[/. -]+(\d{4}|\d{2})", text)
    return _make(int(found[3]), int(found[2]), int(found[1])) if found else None


MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _named(text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})[ .-]+([A-Za-z]{3})[a-z]*[ .,-]+(\d{4})", text)
    if not found or found[2].lower() not in MONTHS:
        return None
    return _make(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))
