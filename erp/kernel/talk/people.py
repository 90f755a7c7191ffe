"""Whom one may name at a record: people and roles, and of them only who may see it."""

import re
from collections.abc import Iterable

from sqlalchemy import literal, select

from erp.kernel.change.find import sees_all, visible
from erp.kernel.change.work import Work
from erp.kernel.records import Record
from erp.kernel.rights import Actor, active_actors, may
from erp.kernel.text import _

MENTION = re.compile(r"(?<![\w@])@([\w.-]{1,64})")
MOST_OFFERED = 8


def who_see(work: Work, record: Record, people: Iterable[Actor] | None = None) -> list[Actor]:
    """Return which of ``people`` (all active users when none are given) may see a record, by name: one statement."""
    actors = list(active_actors(work.session) if people is None else people)
    actors = [one for one in actors if one.user_id is not None and may(one, "read", record.__kind__)]
    if not actors:
        return []
    kind = type(record)
    sees = [visible(one, kind) for one in actors]
    query = select(*(literal(value=True) if sees_all(one) else one for one in sees)).where(kind.id == record.id)
    row = work.session.execute(query).one_or_none()
    return [one for one, sees_it in zip(actors, row or (), strict=False) if sees_it]


def named_in(text: str) -> set[str]:
    """Return the logins and roles that a text names with @, folded."""
    return {name.rstrip(".").casefold() for name in MENTION.findall(text)}


def mentioned(work: Work, record: Record, text: str) -> list[int]:
    """Return the users whom a text names by login or by role and who may see the record, without its writer."""
    names = named_in(text)
    if not names:
        return []
    called = [one for one in active_actors(work.session) if one.login in names or names & one.roles]
    return [int(one.user_id or 0) for one in who_see(work, record, called) if one.user_id != work.actor.user_id]


def offered(work: Work, record: Record, typed: str) -> list[tuple[str, str, str]]:
    """Return whom one may name, as (name to write, words, "user" or "role"): those that begin like ``typed`` first."""
    begun = typed.strip().casefold()
    people = who_see(work, record)
    roles = sorted({role for one in people for role in one.roles})
    found = [(one.login, one.name, "user") for one in people if one.user_id != work.actor.user_id]
    found += [(role, _("everybody with this role"), "role") for role in roles]
    fits = [one for one in found if any(part.startswith(begun) for part in (one[0], *one[1].casefold().split()))]
    return fits[:MOST_OFFERED]
