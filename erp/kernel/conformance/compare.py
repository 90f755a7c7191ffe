"""Comparing what was expected with what was read back: exact decimals, rows found by their keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

RATIOS = {"unit_price", "unit_cost", "share", "turnover"}
KEYS = (
    "account", "key", "document", "due", "date", "event", "tax", "line", "head", "charge", "category", "side", "item",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Diff:
    """One figure that differs, by its path in the expectation."""

    path: str
    expected: Any
    actual: Any

    def as_json(self) -> dict[str, Any]:
        """Return the difference as plain values."""
        return {"path": self.path, "expected": plain(self.expected), "actual": plain(self.actual)}


def plain(value: Any) -> str | None:
    """Return a value in words: figures without idle zeros."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if value is None else str(value)


def decimal_of(value: Any) -> Decimal | None:
    """Return a figure as an exact number, or None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def same(name: str, expected: Any, actual: Any) -> bool:
    """Return whether one value agrees; ratios are first rounded half up to the decimals that are written."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return bool(expected == actual)
    wanted, got = decimal_of(expected), decimal_of(actual)
    if wanted is None or got is None:
        return str(expected) == str(actual)
    if name in RATIOS:
        got = got.quantize(Decimal(1).scaleb(int(wanted.as_tuple().exponent)), ROUND_HALF_UP)
    return wanted == got


def differences(path: str, expected: Any, actual: Any) -> list[Diff]:
    """Return how ``actual`` differs from ``expected``; what is not expected is not asserted."""
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping):
            return [Diff(path, expected, actual)]
        return [
            diff for key, value in expected.items() for diff in differences(f"{path}.{key}", value, actual.get(key))
        ]
    if isinstance(expected, list):
        return _list_differences(path, expected, actual)
    name = path.rsplit(".", 1)[-1].split("[", maxsplit=1)[0]
    return [] if same(name, expected, actual) else [Diff(path, expected, actual)]


def _list_differences(path: str, expected: list[Any], actual: Any) -> list[Diff]:
    if not isinstance(actual, list):
        return [Diff(path, expected, actual)]
    if not all(isinstance(row, Mapping) and set(row) & set(KEYS) for row in expected):
        return in_order(path, expected, actual)
    return by_key(path, expected, actual)


def in_order(path: str, expected: list[Any], actual: list[Any]) -> list[Diff]:
    """Compare rows one by one, in number too."""
    if len(expected) != len(actual):
        return [Diff(f"{path}.length", len(expected), len(actual))]
    return [
        diff
        for place, (one, other) in enumerate(zip(expected, actual, strict=True))
        for diff in differences(f"{path}[{place}]", one, other)
    ]


def by_key(path: str, expected: Iterable[Mapping[str, Any]], actual: Iterable[Mapping[str, Any]]) -> list[Diff]:
    """Compare rows found by their keys; of several with the same keys the one that agrees best is taken."""
    left, found = list(actual), []
    for place, row in enumerate(expected):
        keys = [key for key in KEYS if key in row]
        alike = [one for one in left if all(same(key, row[key], one.get(key)) for key in keys)]
        if not alike:
            found.append(Diff(f"{path}[{place}]", {key: row[key] for key in keys}, "no such row"))
            continue
        best = min(alike, key=lambda one: len(differences("", row, one)))
        left.remove(best)
        found += differences(f"{path}[{place}]", row, best)
    return found
