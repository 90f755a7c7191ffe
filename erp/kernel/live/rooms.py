"""Rooms of the realtime server: named by a signed digest, so that nobody can name one he was not let into."""

import hmac
from hashlib import sha256
from typing import Any

from erp.kernel.records.record import Record
from erp.kernel.rights import read_scopes
from erp.kernel.rights.actor import Actor
from erp.settings import settings


def room(*parts: Any) -> str:
    """Return the room of a topic: ``room("sales_invoice", 12)``, ``room("item", 7)``."""
    name = "|".join(str(part) for part in parts)
    return hmac.new(settings().secret_key.encode(), name.encode(), sha256).hexdigest()[:32]


def own_room(user_id: int | None) -> str:
    """Return the room of one person's own news; who may read the user's record does not hear in it."""
    return room("person", user_id)


def public(inner: str) -> str:
    """Return the room in which pages on other sites hear that something of a room changed, and not what."""
    return room("embed", inner)


def keys_of(record: Any) -> list[str]:
    """Return the scope keys of a record: who holds all of one path's keys hears of it in lists."""
    keys = [f"company:{record.company_id}"] if getattr(record, "company_id", None) else ["company:-"]
    if record.__kind__ == "company":
        keys = [f"company:{record.id}"]
    owner = f"owner:{record.created_by_id}" if record.created_by_id else ""
    found = list(keys)
    if owner:
        found += [f"{key}+{owner}" for key in keys]
    for name, column in record.__scope_keys__.items():
        value = getattr(record, column, None)
        if value:
            found += [f"{key}+{name}:{value}" for key in keys]
    return found


def rooms_of(record: Any) -> list[str]:
    """Return every room that hears of a change of ``record``: its own, and those of the lists that show it."""
    return [room(record.__kind__, record.id), *(room(record.__kind__, key) for key in keys_of(record))]


def list_rooms(actor: Actor, kind: type[Record], companies: list[int]) -> list[str]:
    """Return the rooms that a reader's list of ``kind`` listens to: those of his own scope keys."""
    own = sorted(actor.companies) if actor.companies is not None else companies
    heads = [f"company:{one}" for one in own] + ["company:-"]
    scopes = read_scopes(actor, kind.__kind__)
    if "all" in scopes:
        return [room(kind.__kind__, head) for head in heads]
    tails = [f"owner:{actor.user_id}"] if "own" in scopes else []
    tails += [key for key in sorted(actor.keys) if key.split(":", 1)[0] in scopes]
    return [room(kind.__kind__, f"{head}+{tail}") for head in heads for tail in tails]
