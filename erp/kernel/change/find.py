"""Finding records as somebody: what one may not see does not exist."""

from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.elements import True_

from erp.kernel.change.work import Work
from erp.kernel.errors import NotFound, Stale
from erp.kernel.records.record import Record
from erp.kernel.rights import may, read_scopes
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.tables import EVERY_COMPANY, UserKey
from erp.kernel.text import _

R = TypeVar("R", bound=Record)


def visible(actor: Actor, kind: type[Record]) -> ColumnElement[bool]:
    """Return the rows of ``kind`` that ``actor`` may see, as a condition for any query."""
    scopes = read_scopes(actor, kind.__kind__)
    if not scopes:
        return false()
    if kind.__kind__ == "user" and "all" not in scopes:
        return kind.id == actor.user_id
    if "all" in scopes:
        return _company(actor, kind)
    return and_(_company(actor, kind), or_(*(_scope(actor, kind, scope) for scope in sorted(scopes))))


def nameable(actor: Actor, kind: type[Record]) -> ColumnElement[bool]:
    """Return the rows of ``kind`` that ``actor`` may point to: what he may see, and of users whoever shares a company."""
    if kind.__kind__ != "user" or actor.is_anonymous or "all" in read_scopes(actor, "user"):
        return visible(actor, kind)
    if actor.companies is None:
        return true()
    shared = [EVERY_COMPANY, *(f"company:{one}" for one in sorted(actor.companies))]
    return or_(kind.id == actor.user_id, kind.id.in_(select(UserKey.user_id).where(UserKey.key.in_(shared))))


def can_name_any(actor: Actor, kind: type[Record]) -> bool:
    """Return whether the actor may point to at least some records of this kind."""
    return may(actor, "read", kind.__kind__) or (kind.__kind__ == "user" and not actor.is_anonymous)


def sees_all(condition: ColumnElement[bool]) -> bool:
    """Return whether a condition of ``visible`` restricts nothing, so that a query can do without it."""
    return isinstance(condition, True_)


def _company(actor: Actor, kind: type[Record]) -> ColumnElement[bool]:
    if actor.companies is None:
        return true()
    table = cast("Any", kind)
    if kind.__kind__ == "company":
        return kind.id.in_(actor.companies)
    if hasattr(kind, "company_id"):
        inside = table.company_id.in_(actor.companies)
        return or_(table.company_id.is_(None), inside)
    return true()


def _scope(actor: Actor, kind: type[Record], scope: str) -> ColumnElement[bool]:
    if scope == "own":
        return kind.created_by_id == actor.user_id
    column = kind.__scope_keys__.get(scope)
    if column is None:
        return false()
    held = {int(key.split(":", 1)[1]) for key in actor.keys if key.startswith(f"{scope}:")}
    return cast("ColumnElement[bool]", getattr(kind, column).in_(held)) if held else false()


def find(
    work: Work,
    kind: type[R],
    record_id: int,
    *,
    for_update: bool = False,
    version: int | None = None,
    lines: bool = True,
) -> R:
    """Return the record with its lines, if the actor may see it; raise ``NotFound`` or ``Stale``."""
    query = select(kind).where(kind.id == record_id, visible(work.actor, kind))
    if lines:
        for relation in kind.__mapper__.relationships:
            if "rows" in relation.info:
                query = query.options(selectinload(getattr(kind, relation.key)))
    if for_update:
        query = query.with_for_update(of=kind.__table__).execution_options(populate_existing=True)
    record = work.session.scalars(query).one_or_none()
    if record is None:
        raise NotFound
    check_version(record, version)
    return record


def check_version(record: Record, version: int | None) -> None:
    """Raise ``Stale`` when ``version`` is given and is not the record's."""
    if version is not None and version != record.version:
        raise Stale(
            _("Somebody saved a newer version. Nothing was changed; what you typed is kept."),
            kind=record.__kind__, record_id=record.id, theirs=version, current=record.version,
        )  # fmt: skip


def can_see_any(actor: Actor, kind: type[Record]) -> bool:
    """Return whether the actor may read at least some records of this kind."""
    return may(actor, "read", kind.__kind__)
