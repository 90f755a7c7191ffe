"""A kind as the acting user sees it: his field rights, the features in force, the fields that are rows."""

from erp.kernel.change.work import Work
from erp.kernel.records.description import Description, describe
from erp.kernel.records.setup import setup
from erp.kernel.rights import field_level
from erp.kernel.rights.actor import Actor


def described(work: Work, kind: str, view: str = "form") -> Description:
    """Return the description of ``kind`` for the actor of this unit of work."""
    return described_for(work.actor, kind, view, work)


def described_for(actor: Actor, kind: str, view: str, work: Work) -> Description:
    """Return the description of ``kind`` for ``actor``; cached by his roles, for field rights hang on roles."""

    def level(kind_name: str, name: str) -> str:
        return field_level(actor, kind_name, name)

    key = ("admin",) if actor.is_admin else tuple(sorted(actor.roles))
    return describe(kind, view, setup(work.session), level, (key, getattr(actor, "rights_version", 0)))
