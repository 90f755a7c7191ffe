"""What was done to a record, in words: each entry of the audit trail as one sentence."""

from typing import Any

from markupsafe import Markup, escape

from erp.kernel.change.audit import AuditEntry
from erp.kernel.format import Format
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _
from erp.kernel.web.present import shown

MOST_FIELDS = 4
LONGEST_VALUE = 60
TOLD_TYPES = {"text", "date", "money", "price", "quantity", "percent", "integer", "number", "choice", "email"}


def deeds() -> dict[str, str]:
    """Return what the product's own actions are called in a history, each with a verb."""
    return {
        "create": _("created this"), "submit": _("submitted this"), "cancel": _("cancelled this"),
        "request_approval": _("asked for approval"), "approve": _("approved this"), "approved": _("approved this"),
        "reject": _("rejected this"), "rejected": _("rejected this"), "return": _("returned this"),
        "returned": _("returned this"), "step_approved": _("approved a step"), "step_back": _("sent this back a step"),
        "delegated": _("handed the decision on"), "question": _("asked about this"), "answer": _("answered"),
        "withdraw": _("withdrew the request"), "withdrawn": _("withdrew the request"),
        "archive": _("archived this"), "restore": _("restored this"), "delete": _("deleted this"),
        "undeleted": _("took the deletion back"),
        "assigned": _("asked somebody to see to this"), "assignment_done": _("has seen to this"),
        "assignment_withdrawn": _("said that nobody needs to see to this"),
        "tagged": _("added a tag"), "untagged": _("removed a tag"),
        "accepted": _("accepted this by link"), "revoke": _("revoked this"),
        "amend": _("replaced a cancelled document by this"), "roles": _("changed the roles"),
        "right": _("changed the rights"), "field_right": _("changed the rights on fields"),
        "home": _("changed the first page"), "token": _("made an API token"), "token_revoked": _("revoked an API token"),
        "sign_in": _("signed in"), "sign_in_failed": _("could not sign in"), "invite": _("invited this person"),
        "reset_asked": _("asked for a new password"), "password": _("chose a new password"),
    }  # fmt: skip


def sentence_of(row: AuditEntry, seen: Description, words: dict[str, str], fmt: Format) -> Markup:
    if row.action == "update":
        return _changed(row, seen, fmt)
    return escape(words.get(row.action) or _("did “%(what)s”", what=row.action.replace("_", " ")))


def _changed(row: AuditEntry, seen: Description, fmt: Format) -> Markup:
    """Say what was changed: one plain value from what to what, otherwise the names of the fields."""
    labels = changed_labels(row, seen)
    named = ", ".join(labels[:MOST_FIELDS]) + (" …" if len(labels) > MOST_FIELDS else "")
    [path, *others] = row.changes or {}
    info = seen.get(path)
    if others or info is None or info.link or info.type not in TOLD_TYPES:
        return escape(_("changed %(fields)s", fields=named))
    before, after = (_plainly(info, value, fmt) for value in (row.changes or {})[path])
    words = _("changed %(field)s from %(before)s to %(after)s", field="{field}", before="{before}", after="{after}")
    return escape(words).format(field=Markup("<b>{}</b>").format(named), before=before, after=after)


def _plainly(info: FieldInfo, kept: Any, fmt: Format) -> str:
    """Return a value of the audit, kept as JSON, in the reader's words."""
    if kept in {None, ""}:
        return _("empty")
    try:
        text = shown(info, info.from_json(kept), fmt)
    except ValueError:  # what the field held while it was of another type
        text = str(kept)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def changed_labels(row: AuditEntry, seen: Description) -> list[str]:
    """Return the labels of the changed fields that the reader may see."""
    labels: dict[str, None] = {}
    for path in row.changes or {}:
        head, _dot, rest = path.partition(".")
        info: Any = seen.get(path) or seen.get(head)
        if info is None and head in seen.lines:
            info = seen.lines[head].get(rest.partition(".")[2])
        if info is not None:
            labels[str(info.label)] = None
    return list(labels)
