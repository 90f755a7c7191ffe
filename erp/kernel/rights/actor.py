"""Who acts: a person, a token of a person, or the system itself; with everything a question of right needs."""

from dataclasses import dataclass, field
from typing import Protocol

ADMINISTRATOR = "administrator"

PASSWORD, SECOND_FACTOR, TOKEN, SYSTEM = "password", "second_factor", "token", "system"


class Grants(Protocol):
    """The table of rights in force when the actor was made: what roles may do, and to which fields."""

    @property
    def version(self) -> int:
        """Return the version that grows with every change of a right."""

    def scopes(self, roles: frozenset[str], kind: str, verb: str) -> frozenset[str]:
        """Return the scopes ("all", "own", a scope key) in which ``roles`` may do ``verb``; empty: not at all."""

    def level(self, roles: frozenset[str], kind: str, name: str) -> str:
        """Return "write", "read" or "hidden" for a field."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The user behind a request, a job or a command. ``companies`` None means every company.

    ``keys`` are the scope keys held (``company:3``, ``branch:7``); ``token_scopes`` None means no token narrows the
    rights; ``rights`` None means the rights declared in code (tests, first start).
    """

    user_id: int | None = None
    login: str = ""
    name: str = ""
    email: str = ""
    language: str = "en"
    timezone: str = "UTC"
    roles: frozenset[str] = frozenset()
    companies: frozenset[int] | None = frozenset()
    keys: frozenset[str] = frozenset()
    is_admin: bool = False
    token_scopes: frozenset[str] | None = None
    token_id: int | None = None
    session_id: int | None = None
    auth_level: str = ""
    company_id: int | None = None
    must_change_password: bool = False
    rights_version: int = 0
    rights: Grants | None = field(default=None, repr=False, compare=False)

    @property
    def is_anonymous(self) -> bool:
        """Return whether nobody is signed in."""
        return self.user_id is None and self.auth_level != SYSTEM

    @property
    def is_system(self) -> bool:
        """Return whether the product itself acts: a schedule, a migration, an operator at the command line."""
        return self.auth_level == SYSTEM


def system_actor(name: str = "system") -> Actor:
    """Return the product itself, which may do everything in every company; its name is kept in the audit trail."""
    return Actor(login=name, name=name, companies=None, is_admin=True, auth_level=SYSTEM)


def anonymous(language: str = "en") -> Actor:
    """Return somebody who has not signed in and may do nothing."""
    return Actor(language=language)
