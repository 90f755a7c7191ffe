"""Who may: users and their keys, roles and verbs, sessions, tokens. Every surface asks ``may`` and nothing else."""

from erp.kernel.rights.actor import ADMINISTRATOR, Actor, anonymous, system_actor
from erp.kernel.rights.grants import (
    declare_right,
    declare_role,
    field_level,
    grant_defaults,
    may,
    read_scopes,
    restrict_field,
    token_allows,
    token_covers,
)
from erp.kernel.rights.who import active_actors, who_may

__all__ = [
    "ADMINISTRATOR", "Actor", "active_actors", "anonymous", "declare_right", "declare_role", "field_level", "grant_defaults", "may",
    "read_scopes", "restrict_field", "system_actor", "token_allows", "token_covers", "who_may",
]  # fmt: skip
