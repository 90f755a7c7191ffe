"""The one table of exact types: money, price, quantity, factor, percent, codes, names, instants."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import BINARY, DECIMAL, Dialect, String
from sqlalchemy.dialects.mysql import DATETIME, JSON
from sqlalchemy.types import TypeDecorator

BINARY_COLLATION = "utf8mb4_nopad_bin"
NAME_COLLATION = "utf8mb4_uca1400_as_ci"


class TooPrecise(ValueError):
    """An amount carries more digits than its column keeps; nothing is rounded silently."""


class Exact(TypeDecorator[Decimal]):
    """A DECIMAL that refuses floats and excess digits instead of rounding them."""

    impl = DECIMAL
    cache_ok = True

    def __init__(self, precision: int, scale: int, meaning: str = "decimal") -> None:
        super().__init__(precision, scale, asdecimal=True)
        self.digits, self.scale, self.meaning = precision, scale, meaning

    def process_bind_param(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return ``value`` unchanged when it fits exactly."""
        if value is None:
            return None
        if isinstance(value, Decimal):
            exact = value
        else:
            if isinstance(value, bool) or not isinstance(value, int):
                raise TooPrecise(f"not an exact number: {value!r}")
            exact = Decimal(value)
        if not fits(exact, self.digits, self.scale):
            raise TooPrecise(f"{exact} does not fit DECIMAL({self.digits},{self.scale})")
        return exact


def fits(value: Decimal, digits: int, scale: int) -> bool:
    """Return whether ``value`` can be stored without losing a digit."""
    if not value.is_finite():
        return False
    _, figures, exponent = value.normalize().as_tuple()
    places = max(0, -int(exponent))
    whole = max(0, len(figures) + int(exponent))
    return places <= scale and whole <= digits - scale


class Uid(TypeDecorator[uuid.UUID]):
    """A UUID in 16 bytes."""

    impl = BINARY(16)
    cache_ok = True

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> bytes | None:
        """Return the 16 bytes of ``value``."""
        return None if value is None else value.bytes

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> uuid.UUID | None:
        """Return the UUID of 16 stored bytes."""
        return None if value is None else uuid.UUID(bytes=bytes(value))


class CodeText(TypeDecorator[str]):
    """A code: NFKC, trimmed, compared byte by byte, so that no collation merges two of them."""

    impl = String
    cache_ok = True

    def __init__(self, length: int = 64) -> None:
        super().__init__(length, collation=BINARY_COLLATION)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the normalised code."""
        return None if value is None else normal_code(value)


def normal_code(value: str) -> str:
    """Return ``value`` as codes are stored: NFKC and without outer blanks."""
    return unicodedata.normalize("NFKC", value).strip()


class TagList(JSON):
    """A short list of codes."""


class RowList(JSON):
    """A list of small objects, kept for display."""


def utc_now() -> datetime:
    """Return the present instant: UTC, without zone, as the database keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a value of an annotated type is, for the table of types in ``base``."""

    name: str


Money = Annotated[Decimal, Meaning("money")]
Price = Annotated[Decimal, Meaning("price")]
Quantity = Annotated[Decimal, Meaning("quantity")]
Factor = Annotated[Decimal, Meaning("factor")]
Percent = Annotated[Decimal, Meaning("percent")]
Code = Annotated[str, Meaning("code")]
Name = Annotated[str, Meaning("name")]
LongText = Annotated[str, Meaning("longtext")]
Currency = Annotated[str, Meaning("currency")]
Choice = Annotated[str, Meaning("choice")]
Tags = Annotated[list[str], Meaning("tags")]
Json = Annotated[dict[str, Any], Meaning("json")]
JsonList = Annotated[list[Any], Meaning("jsonlist")]
Instant = Annotated[datetime, Meaning("instant")]

DIGITS = {"money": (21, 6), "price": (21, 8), "quantity": (21, 6), "factor": (24, 12), "percent": (9, 6)}


def instant_type() -> DATETIME:
    """Return the column type of an instant: microseconds, UTC."""
    return DATETIME(fsp=6)
