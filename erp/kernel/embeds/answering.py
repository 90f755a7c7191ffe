"""What somebody with an address may say: a comment, or yes. It stands at the document, in his own name."""

from dataclasses import replace

from erp.kernel.change.audit import audit
from erp.kernel.change.find import find
from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed
from erp.kernel.embeds.targets import Target
from erp.kernel.errors import NotAllowed, Problem, Problems
from erp.kernel.live.announce import write_notice
from erp.kernel.paper.notifications import N_, OUTSIDE
from erp.kernel.talk.comments import comment
from erp.kernel.text import _

LONGEST_NAME = 120


def said_by(name: str | None) -> str:
    """Return the name that somebody gave. Raises ``Problems`` when there is none."""
    given = " ".join((name or "").split())
    if not given or len(given) > LONGEST_NAME:
        raise Problems([Problem("name", "required", _("Say who you are."))])
    return given


def add_comment(work: Work, embed: Embed, target: Target, name: str | None, text: str) -> None:
    """Keep a comment in the name of the one who wrote it. Raises ``NotAllowed`` and ``Problems``."""
    if not embed.comments:
        raise NotAllowed(_("You may not comment here. Nothing was changed."))
    who, record = said_by(name), find(work, target.kind, target.id, lines=False)
    maker = work.actor
    work.actor = replace(maker, user_id=None, name=who)
    try:
        comment(work, record, text, embed_id=embed.id)
    finally:
        work.actor = maker
    _tell(work, embed, N_("%(who)s wrote about %(what)s"), who, record)


def accept(work: Work, embed: Embed, target: Target, name: str | None) -> None:
    """Keep who accepted the document, and when; a second yes changes nothing."""
    if not embed.acceptance:
        raise NotAllowed(_("You may not accept this here. Nothing was changed."))
    who, record = said_by(name), find(work, target.kind, target.id, lines=False)
    if embed.accepted_at is not None:
        return
    embed.accepted_at, embed.accepted_by = work.now, who
    maker = work.actor
    work.actor = replace(maker, user_id=None, name=who)
    try:
        audit(work, "accepted", record)
    finally:
        work.actor = maker
    announce(work, record, "accepted")
    _tell(work, embed, N_("%(who)s accepted %(what)s"), who, record)


def _tell(work: Work, embed: Embed, message: str, who: str, record: object) -> None:
    title, url = str(getattr(record, "title", "")), f"{embed.path}"
    if embed.created_by_id:
        write_notice(work, embed.created_by_id, message, values={"who": who, "what": title}, url=url, about=record,
                     type=OUTSIDE)  # fmt: skip
