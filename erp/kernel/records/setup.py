"""What describes the product in force right now: features, fields that are rows, preferred words."""

import time
from dataclasses import dataclass, field, replace
from threading import Lock

from sqlalchemy.orm import Session

from erp.kernel.records.custom import CustomField, custom_fields, label_overrides
from erp.kernel.records.features import features_on
from erp.kernel.records.rowkinds import KindSpec, kinds_as_rows, show_kinds

FRESH_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class CustomSpec:
    """A custom field, detached from its row."""

    name: str
    label: str
    type: str
    choices: tuple[tuple[str, str], ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """The description's own data; replaced as a whole, never changed in place."""

    features: frozenset[str] = frozenset()
    custom: dict[str, list[CustomSpec]] = field(default_factory=dict)
    labels: dict[tuple[int | None, str, str, str], str] = field(default_factory=dict)
    kinds: tuple[KindSpec, ...] = ()
    stamp: int = 0

    def is_on(self, feature: str | None) -> bool:
        """Return whether a feature is in force; what needs none always is."""
        return feature is None or feature in self.features

    def words(self, company_id: int | None, language: str) -> dict[tuple[str, str], str]:
        """Return the words by (kind, field) that a company prefers in a language; those of every company below."""
        if not self.labels:
            return {}
        everywhere = {key[2:]: text for key, text in self.labels.items() if key[:2] == (None, language)}
        own = {key[2:]: text for key, text in self.labels.items() if key[:2] == (company_id, language)}
        return everywhere | own

    def content(self) -> tuple[object, ...]:
        """Return everything but the stamp, for comparing."""
        return self.features, self.custom, self.labels, self.kinds


_lock = Lock()
_current = Setup()
_read_at = 0.0


def setup(session: Session) -> Setup:
    """Return the setup in force, read again every few seconds: a switch acts without restart."""
    global _current, _read_at  # noqa: PLW0603 - one cache per process, guarded by a lock
    with _lock:
        if _read_at and time.monotonic() - _read_at < FRESH_SECONDS:
            return _current
    rows = {kind: [_spec(row) for row in found] for kind, found in custom_fields(session).items()}
    fresh = Setup(features_on(session), rows, label_overrides(session), kinds_as_rows(session))
    with _lock:
        if fresh.content() != _current.content():
            show_kinds(fresh.kinds)
            _current = replace(fresh, stamp=_current.stamp + 1)
        _read_at = time.monotonic()
        return _current


def forget_setup() -> None:
    """Read the setup again at the next question: called after a switch in this process."""
    global _read_at  # noqa: PLW0603
    _read_at = 0.0


def _spec(row: CustomField) -> CustomSpec:
    choices = tuple((str(pair[0]), str(pair[1])) for pair in (row.choices or []))
    return CustomSpec(row.name, row.label, row.type, choices, row.required)
