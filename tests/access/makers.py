"""One record of every kind for each company, made from the columns alone: a new kind joins the matrix by itself."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, Numeric, insert
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.orm import Session

from erp.kernel.records import Record, all_kinds
from erp.kernel.records.types import Exact, Uid
from erp.kernel.uid import new_uid

NOW = datetime.now(UTC).replace(tzinfo=None)
MADE_ELSEWHERE = {"user", "role"}
PLACES = ("A", "B", "mine")

Made = dict[tuple[str, str], int]
"""(kind, "A" | "B" | "mine") -> id. Kinds that belong to no company have the same record under both."""


def in_order() -> list[type[Record]]:
    """Return the kinds so that every link points backwards."""
    waiting = [kind for kind in all_kinds() if kind.__kind__ not in MADE_ELSEWHERE]
    names = {kind.__kind__ for kind in waiting}
    done: list[type[Record]] = []
    while waiting:
        known = {kind.__kind__ for kind in done}
        ready = [kind for kind in waiting if needed(kind) & names <= known | {kind.__kind__}]
        assert ready, f"links in a circle: {[kind.__kind__ for kind in waiting]}"
        done += ready
        waiting = [kind for kind in waiting if kind not in ready]
    return done


def needed(kind: type[Record]) -> set[str]:
    """Return the tables that a record of this kind must point to."""
    linked = {key.column.table.name for column in columns(kind) if wanted(column) for key in column.foreign_keys}
    return linked | ({"company"} if hasattr(kind, "company_id") else set())


def columns(kind: type[Record]) -> Iterable[Column[Any]]:
    return kind.__table__.columns  # type: ignore[return-value]


def wanted(column: Column[Any]) -> bool:
    if column.computed is not None:
        return False
    return column.name == "company_id" or not (column.nullable or column.primary_key)


def make_all(session: Session, mine: int) -> Made:
    """Write the records; those under "mine" are company A's and made by the user ``mine``."""
    made: Made = {("user", side): mine for side in PLACES}
    for kind in in_order():
        for place in PLACES:
            values = {column.name: value_of(column, kind, place, made) for column in columns(kind) if wanted(column)}
            values["created_by_id"] = mine if place == "mine" else None
            is_company = kind.__kind__ == "company"
            if (place == "mine" and is_company) or (
                place == "B" and not is_company and not hasattr(kind, "company_id")
            ):
                made[kind.__kind__, place] = made[kind.__kind__, "A"]
                continue
            made[kind.__kind__, place] = session.execute(insert(kind.__table__), values).inserted_primary_key[0]  # type: ignore[index]
    return {key: one for key, one in made.items() if key[0] not in MADE_ELSEWHERE}


def value_of(column: Column[Any], kind: type[Record], place: str, made: Made) -> Any:
    side = "A" if place == "mine" else place
    if column.name == "company_id":
        return made["company", side]
    for key in column.foreign_keys:
        return made[key.column.table.name, side]
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    spec = column.info.get("field")
    if spec is not None and spec.offered:
        return spec.offered[min(len(spec.offered) - 1, PLACES.index(place))][0]
    if isinstance(column.type, Uid):
        return new_uid()
    if isinstance(column.type, DATETIME):
        return NOW
    if isinstance(column.type, Date):
        return date(2026, 1, 15 + PLACES.index(place))
    if isinstance(column.type, Exact | Numeric):
        return Decimal(1)
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, JSON):
        return {}
    length = getattr(column.type, "length", None) or 200
    if length <= 3:
        return {2: "US", 3: "USD"}[length]
    return f"{kind.__kind__}-{place}"[:length]
