"""A kind as the acting user sees it: his field rights, his company's words, features, the fields that are rows."""

from erp.kernel.change.work import Work
from erp.kernel.records.description import Description, describe
from erp.kernel.records.record import Record
from erp.kernel.records.registry import all_kinds
from erp.kernel.records.setup import setup
from erp.kernel.rights import field_level, may
from erp.kernel.rights.actor import Actor
from erp.kernel.text import language


def described(work: Work, kind: str, view: str = "form") -> Description:
    """Return the description of ``kind`` for the actor of this unit of work."""
    return described_for(work.actor, kind, view, work)


def described_for(actor: Actor, kind: str, view: str, work: Work) -> Description:
    """Return the description of ``kind`` for ``actor``; cached by his roles, for field rights hang on roles."""

    def level(kind_name: str, name: str) -> str:
        return field_level(actor, kind_name, name)

    key = ("admin",) if actor.is_admin else tuple(sorted(actor.roles))
    rights, words = (key, getattr(actor, "rights_version", 0)), (actor.company_id, language())
    return describe(kind, view, setup(work.session), level, rights, words=words)


def offered(work: Work) -> list[type[Record]]:
    """Return the kinds that are in use: those whose feature is on, in the order of their departments."""
    now = setup(work.session)
    return [kind for kind in all_kinds() if now.is_on(kind.__feature__)]


def may_make(work: Work, kind: type[Record]) -> bool:
    """Return whether the actor may make new records of a kind, and its feature is on."""
    return setup(work.session).is_on(kind.__feature__) and may(work.actor, "create", kind.__kind__)
