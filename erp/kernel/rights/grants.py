"""What may this actor do? The table of roles and verbs, asked by every surface through ``may``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from erp.kernel.records.registry import has_kind, kind_of
from erp.kernel.rights.actor import Actor, Grants

ALL, OWN, NONE = "all", "own", "none"
"""Scopes: every record of one's companies, those one made oneself, nothing (an administrator took it away)."""

ANY = "*"
WRITE, READ, HIDDEN = "write", "read", "hidden"
_RANK = {HIDDEN: 0, READ: 1, WRITE: 2}

Rights = dict[tuple[str, str], frozenset[str]]
"""(kind, verb) -> scopes."""


@dataclass(frozen=True, slots=True)
class RightsTable:
    """The rights in force at one version: by role, (kind, verb) -> scope, and (kind, field) -> level."""

    version: int
    rights: Mapping[str, Mapping[tuple[str, str], str]]
    fields: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    _merged: dict[frozenset[str], Rights] = field(default_factory=dict, repr=False, compare=False)

    def scopes(self, roles: frozenset[str], kind: str, verb: str) -> frozenset[str]:
        """Return the scopes in which any of ``roles`` may do ``verb``."""
        merged = self._merged.get(roles)
        if merged is None:
            merged = self._merged[roles] = self._merge(roles)
        found = merged.get((kind, verb), frozenset())
        return found | merged.get((ANY, verb), frozenset())

    def level(self, roles: frozenset[str], kind: str, name: str) -> str:
        """Return the best level among the roles that may read ``kind`` at all; saying nothing is "write"."""
        if not any((kind, name) in self.fields.get(role, {}) for role in roles):
            return WRITE
        readers = [role for role in roles if self.scopes(frozenset({role}), kind, "read")]
        levels = [self.fields.get(role, {}).get((kind, name), WRITE) for role in readers]
        return max(levels, key=_RANK.__getitem__, default=HIDDEN)

    def _merge(self, roles: frozenset[str]) -> Rights:
        merged: dict[tuple[str, str], set[str]] = {}
        for role in roles:
            for key, scope in self.rights.get(role, {}).items():
                if scope != NONE:
                    merged.setdefault(key, set()).add(scope)
        return {key: frozenset(scopes) for key, scopes in merged.items()}


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role that a department declares: its word, and the page on which its people land."""

    code: str
    label: str
    home: str = "/"


_roles: dict[str, RoleSpec] = {}
_defaults: dict[str, dict[tuple[str, str], str]] = {}
_field_defaults: dict[str, dict[tuple[str, str], str]] = {}
_declared: list[RightsTable] = []
_named: dict[tuple[str, str], str] = {}


def declare_role(code: str, label: str, home: str = "/") -> RoleSpec:
    """Make a role known by name; the row is made when rights are seeded."""
    _roles[code] = RoleSpec(code, label, home)
    return _roles[code]


def grant_defaults(role: str, kind: Any, verbs: Iterable[str] | str, scope: str = ALL) -> None:
    """Declare what ``role`` may do with ``kind`` (its class or name) unless an administrator says otherwise."""
    name = kind if isinstance(kind, str) else str(kind.__kind__)
    _roles.setdefault(role, RoleSpec(role, role.replace("_", " ").capitalize()))
    for verb in verbs.split() if isinstance(verbs, str) else verbs:
        _defaults.setdefault(role, {})[name, verb] = scope
    _declared.clear()


def declare_right(kind: str, verb: str, label: str) -> None:
    """Name a right on what is no kind of record, such as a ledger, so that an administrator may give it."""
    _named[kind, verb] = label


def other_rights() -> list[tuple[tuple[str, str], str]]:
    """Return the rights on what is no kind of record, with their words."""
    return list(_named.items())


def restrict_field(role: str, kind: Any, name: str, level: str) -> None:
    """Declare that ``role`` may only read a field, or not see it; ``name`` as in forms (``lines.standard_cost``)."""
    kind_name = kind if isinstance(kind, str) else str(kind.__kind__)
    _field_defaults.setdefault(role, {})[kind_name, name] = level
    _declared.clear()


def declared() -> RightsTable:
    """Return the rights as declared in code: what a new installation starts with."""
    if not _declared:
        _declared.append(RightsTable(0, _defaults, _field_defaults))
    return _declared[0]


def declared_roles() -> dict[str, RoleSpec]:
    """Return every role that code knows, by its code."""
    return dict(_roles)


def _grants(actor: Actor) -> Grants:
    return actor.rights or declared()


def token_allows(actor: Actor, scope: str) -> bool:
    """Return whether the token, if one is used, carries ``scope`` (``reports:trial-balance``, ``realtime``)."""
    scopes = actor.token_scopes
    return scopes is None or "all" in scopes or scope in scopes or f"{scope.split(':', 1)[0]}:{ANY}" in scopes


def may(actor: Actor, verb: str, kind: str, record: Any = None) -> bool:
    """Return whether ``actor`` may do ``verb`` with ``kind``; with ``record``, whether its scope covers that one."""
    if actor.is_anonymous or not token_covers(actor, verb, kind):
        return False
    if actor.is_admin:
        return True
    scopes = _grants(actor).scopes(actor.roles, kind, verb)
    return bool(scopes) and (record is None or _covers(actor, scopes, record))


def token_covers(actor: Actor, verb: str, kind: str) -> bool:
    """Return whether the token, if one is used, reaches ``verb`` of ``kind``."""
    if actor.token_scopes is None:
        return True
    name = kind_of(kind).__collection__ if has_kind(kind) else kind.replace("_", "-")
    return token_allows(actor, f"{name}:{verb}")


def _covers(actor: Actor, scopes: frozenset[str], record: Any) -> bool:
    if ALL in scopes or (OWN in scopes and record.created_by_id == actor.user_id):
        return True
    columns: dict[str, str] = getattr(record, "__scope_keys__", {})
    held = (scope for scope in scopes if scope in columns)
    return any(f"{scope}:{getattr(record, columns[scope])}" in actor.keys for scope in held)


def read_scopes(actor: Actor, kind: str) -> frozenset[str]:
    """Return the scopes of records that ``actor`` may read ("all", "own", scope keys); empty: none at all."""
    if not may(actor, "read", kind):
        return frozenset()
    return frozenset({ALL}) if actor.is_admin else _grants(actor).scopes(actor.roles, kind, "read")


def field_level(actor: Actor, kind: str, name: str) -> str:
    """Return "write", "read" or "hidden" for a field of ``kind``."""
    return WRITE if actor.is_admin else _grants(actor).level(actor.roles, kind, name)
