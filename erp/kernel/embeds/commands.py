"""Making an embed worthless."""

from typing import Any

from erp.kernel.change.commands import command
from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed
from erp.kernel.errors import Conflict
from erp.kernel.text import _, _l


@command(Embed, "revoke", route="revocation", label=_l("Revoke"), when=lambda embed: embed.revoked_at is None, danger=True,
         told=_l("revoked this"), confirm=_l("Nobody can open it any more, within five seconds. This cannot be taken back."))  # fmt: skip
def revoke(work: Work, embed: Embed, **given: Any) -> None:  # noqa: ARG001 - a form sends more than is asked
    """Let nobody in any more; open pages of others fall silent within five seconds."""
    if embed.revoked_at is not None:
        raise Conflict(_("It is revoked already. Nothing was changed."))
    embed.revoked_at = work.now
