"""The operations of conversation: what is said about a record, who follows it, who is asked, and one's notifications."""

from erp.kernel.text import _
from erp.kernel.web.openapi_paths import ALWAYS, ID, KEY, ROOT, WRITING, answers, json, list_and_add, query
from erp.kernel.web.openapi_schemas import TEXT, WHOLE, Schema, ref

COMMENT_ID: Schema = {"name": "comment", "in": "path", "required": True, "schema": WHOLE}
ASSIGNMENT_ID: Schema = {"name": "assignment", "in": "path", "required": True, "schema": WHOLE}
ON: Schema = {"type": "object", "required": ["on"], "properties": {"on": {"type": "boolean"}}}


def _object(*required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


def _post(summary: str, sent: Schema | None, answer: Schema) -> Schema:
    body = {"requestBody": {"required": True, "content": json(sent)}} if sent is not None else {}
    return {"summary": summary, "parameters": [KEY], **body, "responses": answers({200: answer}, WRITING)}


def beside() -> dict[str, Schema]:
    """Return the operations at a record of any kind, by the end of their path."""
    said = _object("text", text=TEXT)
    asked = _object(
        "user", user={"type": ["integer", "string"]}, note=TEXT, due_on={"type": "string", "format": "date"}
    )
    named, names = _object("name", name=TEXT), _object("data", data={"type": "array", "items": TEXT})
    return {
        "comments": list_and_add("Comment", json(said)),
        "comments/{comment}": {
            "parameters": [ID, COMMENT_ID], "patch": _post(_("Change a comment of one’s own"), said, ref("Comment")),
        },
        "comments/{comment}/reactions": {
            "parameters": [ID, COMMENT_ID], "post": _post(_("Put a sign at a comment, or take it away"), _object("sign", sign=TEXT), ON),
        },
        "tags": {
            "parameters": [ID], "get": {"summary": _("Tags"), "responses": answers({200: names}, ALWAYS)},
            "post": {**_post(_("Add a tag"), named, names), "responses": answers({201: names}, WRITING)},
        },
        "tags/removal": {"parameters": [ID], "post": _post(_("Remove a tag"), named, names)},
        "following": {"parameters": [ID], "post": _post(_("Follow, or no more"), ON, ON)},
        "assignments": list_and_add("Assignment", json(asked)),
        "assignments/{assignment}/completion": {
            "parameters": [ID, ASSIGNMENT_ID], "post": _post(_("Done"), None, ref("Assignment")),
        },
        "assignments/{assignment}/withdrawal": {
            "parameters": [ID, ASSIGNMENT_ID], "post": _post(_("Withdraw"), None, ref("Assignment")),
        },
    }  # fmt: skip


def own_paths() -> dict[str, Schema]:
    """Return the operations about the caller's own notifications and assignments."""
    listed = _object("data", data={"type": "array", "items": {"type": "object"}})
    until = _object("until", until=TEXT)
    found: dict[str, tuple[str, str, Schema]] = {
        "notifications/{id}/reading": ("read_notification", _("Mark as read"), _post("", None, _object("read", read=WHOLE))),
        "notifications/{id}/unreading": (
            "unread_notification", _("Mark as unread"), _post("", None, _object("unread", unread=WHOLE)),
        ),
        "notifications/{id}/snooze": ("snooze_notification", _("Put off"), _post("", until, {"type": "object"})),
    }  # fmt: skip
    paths = {
        f"{ROOT}/{path}": {
            "post": {**way, "tags": ["API"], "summary": summary, "operationId": name, "parameters": [ID, KEY]}
        }
        for path, (name, summary, way) in found.items()
    }
    lists = (("notifications", _("Notifications"), "view"), ("assignments", _("To do"), "show"))
    for path, summary, asked in lists:
        paths[f"{ROOT}/{path}"] = {"get": {
            "tags": ["API"], "summary": summary, "operationId": f"get_{path}", "parameters": [query(asked, TEXT)],
            "responses": answers({200: listed}, (401, 403, 429)),
        }}  # fmt: skip
    return paths
