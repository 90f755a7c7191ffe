"""Values as sent by the API (strict) or typed and imported by people (lenient), turned into exact Python values."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from erp.kernel.errors import Problem
from erp.kernel.records.description import FieldInfo
from erp.kernel.records.types import fits
from erp.kernel.text import _

STRICT_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
STRICT_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1, 9000)
"""Beyond them no terms of payment could be added to a date."""
TRUE, FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off", ""}
ABSENT = object()


class Reader(Protocol):
    """Who understands what people type: the reader's locale. None stands for the strict API."""

    def read_number(self, typed: str) -> Decimal:
        """Return the number, or raise ``ValueError``."""
        ...

    def read_date(self, typed: str) -> date:
        """Return the date, or raise ``ValueError``."""
        ...


@dataclass(frozen=True, slots=True)
class LinkRef:
    """A link as sent, still to be found: by id, by code or number, or (lenient) by its words."""

    kind: str
    id: int | None = None
    code: str | None = None
    words: bool = False


class Unreadable(ValueError):
    """A value that cannot be read; carries the problem's code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message

    def problem(self, path: str) -> Problem:
        """Return the problem at ``path``."""
        return Problem(path, self.code, self.message)


def read_value(info: FieldInfo, raw: Any, reader: Reader | None) -> Any:
    """Return the value of a field: a Python value, a ``LinkRef``, or None. Raises ``Unreadable``."""
    if raw is None or (isinstance(raw, str) and not raw.strip() and info.type != "boolean"):
        return None
    if info.link:
        return _link(info, raw, reader)
    if info.is_number:
        return _number(info, raw, reader)
    reading: Callable[..., Any] = _READERS.get(info.type, _text)
    return reading(info, raw, reader)


def _number(info: FieldInfo, raw: Any, reader: Reader | None) -> Decimal | int:
    value = _exact(raw, reader)
    if info.type == "integer":
        if value != value.to_integral_value() or abs(value) > 2**62:
            raise Unreadable("not_whole", _("Enter a whole number."))
        return int(value)
    digits, scale = (info.digits, info.scale) if info.digits else (21, 6)
    if not fits(value, 60, scale):
        raise Unreadable(
            "too_precise", _("At most %(n)s decimal places are kept; nothing is rounded for you.", n=scale)
        )
    if not fits(value, digits, scale):
        raise Unreadable("too_large", _("This number is too large."))
    return value


def _exact(raw: Any, reader: Reader | None) -> Decimal:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, str) and reader is not None:
        try:
            return reader.read_number(raw)
        except ValueError:
            raise Unreadable("not_a_number", _("Enter a number, such as 12.50.")) from None
    if isinstance(raw, str) and STRICT_NUMBER.fullmatch(raw):
        return Decimal(raw)
    raise Unreadable("not_a_number", _('Send a number as a string of ASCII digits, such as "12.50".'))


def whole(raw: Any) -> int | None:
    """Return a number that names something (an id, a place): an integer or its ASCII digits, else None."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 20:
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


def _date(info: FieldInfo, raw: Any, reader: Reader | None) -> date:  # noqa: ARG001
    found = _day(raw, reader)
    if found is None or found.year not in YEARS:
        raise Unreadable("not_a_date", _("Enter a date, such as 2026-06-18."))
    return found


def _day(raw: Any, reader: Reader | None) -> date | None:
    if isinstance(raw, date):
        return raw.date() if isinstance(raw, datetime) else raw
    try:
        if isinstance(raw, str) and reader is not None:
            return reader.read_date(raw)
        if isinstance(raw, str) and STRICT_DATE.fullmatch(raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass
    return None


def _instant(info: FieldInfo, raw: Any, reader: Reader | None) -> datetime:  # noqa: ARG001
    try:
        found = datetime.fromisoformat(str(raw))
        return found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Unreadable("not_an_instant", _("Send an instant in ISO 8601, in UTC.")) from None


def _boolean(info: FieldInfo, raw: Any, reader: Reader | None) -> bool:  # noqa: ARG001
    if isinstance(raw, bool):
        return raw
    if reader is not None and str(raw).strip().lower() in TRUE | FALSE:
        return str(raw).strip().lower() in TRUE
    raise Unreadable("not_yes_or_no", _("Send true or false."))


def _choice(info: FieldInfo, raw: Any, reader: Reader | None) -> str:
    text = str(raw).strip()
    values = [value for value, _label in info.choices]
    if text in values:
        return text
    if reader is not None:
        for value, label in info.choices:
            if text.casefold() in {str(label).casefold(), value.casefold()}:
                return value
    raise Unreadable("not_a_choice", _("Choose one of: %(list)s.", list=", ".join(values)))


def _tags(info: FieldInfo, raw: Any, reader: Reader | None) -> list[str]:  # noqa: ARG001
    if isinstance(raw, str) and reader is not None:
        return [part.strip() for part in re.split(r"[,;、]", unicodedata.normalize("NFKC", raw)) if part.strip()]
    if isinstance(raw, list) and all(isinstance(part, str) for part in raw):
        return raw
    raise Unreadable("not_a_list", _("Send a list of codes."))


def _json(info: FieldInfo, raw: Any, reader: Reader | None) -> Any:
    """Return an object or a list; what a person types in place of an object is its number."""
    if reader is not None and isinstance(raw, str):
        text = raw.strip()
        if info.type == "json" and not text.startswith("{"):
            return {"number": text}
        try:
            raw = json.loads(text, parse_float=str)
        except ValueError:
            raise Unreadable("not_an_object", _("Send a JSON object.")) from None
    if info.type == "json" and isinstance(raw, dict):
        return raw
    if info.type == "rows" and isinstance(raw, list) and all(isinstance(row, dict) for row in raw):
        return raw
    message = _("Send a JSON object.") if info.type == "json" else _("Send a list of JSON objects.")
    raise Unreadable("not_an_object", message)


def _text(info: FieldInfo, raw: Any, reader: Reader | None) -> str:
    if not isinstance(raw, str):
        if isinstance(raw, int) and not isinstance(raw, bool) and reader is not None:
            return str(raw)
        raise Unreadable("not_text", _("Send a text."))
    text = unicodedata.normalize("NFC", raw).strip() if info.type != "longtext" else raw.strip()
    limit = getattr(getattr(info.column, "type", None), "length", None) or (64_000 if info.type == "longtext" else 255)
    if info.type == "code":
        text = unicodedata.normalize("NFKC", text)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\r\t" for sign in text):
        raise Unreadable("control_character", _("Remove the control characters."))
    if len(text) > limit:
        raise Unreadable("too_long", _("At most %(n)s characters.", n=limit))
    return text


def _currency(info: FieldInfo, raw: Any, reader: Reader | None) -> str:
    text = _text(info, raw, reader).upper()
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise Unreadable("not_a_currency", _("Enter a currency code of three letters, such as EUR."))
    return text


_READERS: dict[str, Callable[[FieldInfo, Any, Reader | None], Any]] = {
    "date": _date, "instant": _instant, "boolean": _boolean, "choice": _choice, "tags": _tags, "json": _json,
    "rows": _json, "currency": _currency,
}  # fmt: skip


def _link(info: FieldInfo, raw: Any, reader: Reader | None) -> LinkRef:
    kind = str(info.link)
    if isinstance(raw, dict):
        if whole(raw.get("id")) is not None:
            return LinkRef(kind, id=whole(raw["id"]))
        for key in ("number", "code"):
            if isinstance(raw.get(key), str):
                return LinkRef(kind, code=raw[key])
    elif isinstance(raw, int) and not isinstance(raw, bool):
        return LinkRef(kind, id=raw)
    elif isinstance(raw, str):
        return LinkRef(kind, code=raw.strip(), words=reader is not None)
    raise Unreadable("not_a_link", _('Send an id, a code, or {"number": "..."}.'))
