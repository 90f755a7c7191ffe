"""Tags at a record, and the page of a tag."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from erp.kernel.change.work import current_work
from erp.kernel.paper.pages import back_to, record_in_url
from erp.kernel.talk.tagging import names_used, tag, tagged, tags_of, untag
from erp.kernel.talk.views import sent
from erp.kernel.text import _
from erp.kernel.web.problems import wants_json

tags = Blueprint("tags", __name__)


@tags.get("/<collection>/<int:record_id>/tags")
@tags.get("/api/v1/<collection>/<int:record_id>/tags")
def list_tags(collection: str, record_id: int) -> ResponseReturnValue:
    """List the tags of a record; a page gets those that may be offered."""
    work, record = record_in_url(collection, record_id)
    if wants_json():
        return jsonify(data=tags_of(work, record))
    return render_template("talk/_tag_names.html", names=names_used(work, record))


@tags.post("/<collection>/<int:record_id>/tags")
@tags.post("/api/v1/<collection>/<int:record_id>/tags")
def add_tag(collection: str, record_id: int) -> ResponseReturnValue:
    """Put a tag at a record: ``{"name": ...}`` or a form."""
    work, record = record_in_url(collection, record_id)
    tag(work, record, sent("name"))
    return (jsonify(data=tags_of(work, record)), 201) if wants_json() else back_to(record, "#tags")


@tags.post("/<collection>/<int:record_id>/tags/removal")
@tags.post("/api/v1/<collection>/<int:record_id>/tags/removal")
def remove_tag(collection: str, record_id: int) -> ResponseReturnValue:
    """Take a tag off a record: ``{"name": ...}`` or a form."""
    work, record = record_in_url(collection, record_id)
    untag(work, record, sent("name"))
    return jsonify(data=tags_of(work, record)) if wants_json() else back_to(record, "#tags")


@tags.get("/tags/<name>")
def show_tag(name: str) -> ResponseReturnValue:
    """Show everything that has a tag and that the reader may see."""
    found = [
        (str(kind.__plural_label__), [(str(one.title), f"/{kind.__collection__}/{one.id}") for one in records])
        for kind, records in tagged(current_work(), name)
    ]
    crumbs = [(_("Tags"), None), (name, None)]
    return render_template("talk/tag.html", title=_("Tagged %(name)s", name=name), found=found, crumbs=crumbs)
