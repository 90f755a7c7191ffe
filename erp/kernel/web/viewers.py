"""Who has a document open: the names behind the ids that the live hints carry, for those who may see the document."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from erp.kernel.change.find import find
from erp.kernel.change.links import labels
from erp.kernel.change.work import current_work
from erp.kernel.live.rooms import room
from erp.kernel.realtime.presence import Presence
from erp.kernel.redis_roles import HINT_SECONDS, connection
from erp.kernel.web.documents import kind_in_url

viewers = Blueprint("viewers", __name__)


@viewers.get("/<collection>/<int:record_id>/viewers")
def show_viewers(collection: str, record_id: int) -> ResponseReturnValue:
    """Show who has this document open now; nobody else's name is told."""
    work, kind = current_work(), kind_in_url(collection)
    record = find(work, kind, record_id, lines=False)
    there = Presence(connection("realtime", HINT_SECONDS)).users(room(kind.__kind__, record.id))
    names = labels(work.session, "user", (one["id"] for one in there))
    shown = [(one["id"], names[one["id"]].text) for one in there if one["id"] in names]
    return render_template("document/_viewers.html", viewers=shown)
