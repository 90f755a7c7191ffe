"""Features: quiet by default (but for the few that people expect), on without migration or restart, off leaves old data readable."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from erp.kernel.records.base import Base
from erp.kernel.records.types import Code


@dataclass(frozen=True, slots=True)
class Feature:
    """A part of the product that a company may switch on; it needs the features named in ``needs``."""

    key: str
    label: str
    help: str = ""
    needs: tuple[str, ...] = ()
    starts_on: bool = False


class FeatureSwitch(Base):
    """A feature that somebody switched on (or off again)."""

    __tablename__ = "feature_switch"

    key: Mapped[Code] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=False)


_features: dict[str, Feature] = {}


def feature(
    key: str, label: str, *, help: str = "", needs: tuple[str, ...] = (), starts_on: bool = False
) -> Feature:  # fmt: skip
    """Declare a feature; it is off (or on, where people expect it) until a row says otherwise."""
    declared = Feature(key, label, help, needs, starts_on)
    _features[key] = declared
    return declared


def all_features() -> list[Feature]:
    """Return every declared feature, in order of declaration."""
    return list(_features.values())


def features_on(session: Session) -> frozenset[str]:
    """Return the features in force: switched on, with all that they need."""
    rows = {row.key: row.is_on for row in session.execute(select(FeatureSwitch.key, FeatureSwitch.is_on))}
    switched = {key for key, is_on in rows.items() if is_on}
    switched |= {key for key, declared in _features.items() if declared.starts_on and key not in rows}
    return frozenset(key for key in switched if _complete(key, switched))


def _complete(key: str, switched: set[str]) -> bool:
    declared = _features.get(key)
    return key in switched and declared is not None and all(_complete(need, switched) for need in declared.needs)


def switch(session: Session, key: str, on: bool) -> None:  # noqa: FBT001
    """Switch a feature; what it needs is switched on with it."""
    row = session.get(FeatureSwitch, key)
    if row is None:
        row = FeatureSwitch(key=key)
        session.add(row)
    row.is_on = on
    if on:
        for need in _features[key].needs:
            switch(session, need, on=True)
