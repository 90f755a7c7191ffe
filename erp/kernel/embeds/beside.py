"""The ways to embeds: beside every document that one may send out, and in the settings."""

from typing import Any
from urllib.parse import urlencode

from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed
from erp.kernel.embeds.targets import SHARES
from erp.kernel.records.record import Record, Voucher
from erp.kernel.rights import may
from erp.kernel.text import _, _l
from erp.kernel.web.settings_index import SYSTEM, settings_line
from erp.kernel.web.slots import fills_rail

settings_line(
    _l("Embeds and links"), _l("Documents, lists, reports and forms on other sites, and links for customers."), "/embeds",
    group=SYSTEM, right=("create", "embed"),
)  # fmt: skip


@fills_rail
def way_to_link(work: Work, record: Record) -> dict[str, Any]:
    """Offer a link for somebody outside beside a document."""
    kind, actor = record.__kind__, work.actor
    if not isinstance(record, Voucher) or not may(actor, "create", Embed.__kind__):
        return {}
    if not any(may(actor, verb, kind) for verb in SHARES):
        return {}
    asked = {"path": f"/{record.__collection__}/{record.id}", "comments": "1", "acceptance": "1"}
    return {"ways": [("link", _("Link for somebody outside"), f"/embeds/new?{urlencode(asked)}")]}
