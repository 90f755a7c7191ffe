"""What happened to a record, in one stream: changes, remarks, mails and prints, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select

from erp.kernel.change.audit import AuditEntry, write_waiting
from erp.kernel.change.commands import commands_of
from erp.kernel.change.described import described
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.kernel.paper.comments import comments_of
from erp.kernel.paper.files import ATTACHMENT, PRINT, File
from erp.kernel.paper.mail import mails_of
from erp.kernel.records import Record
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _
from erp.kernel.web.present import shown

NEWEST = 60
MOST_FIELDS = 4
LONGEST_VALUE = 60
TOLD_TYPES = {"text", "date", "money", "price", "quantity", "percent", "integer", "number", "choice", "email"}
QUIET = {"commented", "attached", "mailed"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry: a mark (icon name, or "avatar"), who, what in words, when, and what was said."""

    at: datetime
    mark: str
    who: str
    text: Markup
    said: str = ""

    def shown(self, fmt: Format) -> tuple[str, str, Markup, str, str]:
        """Return the entry as the timeline template reads it."""
        return self.mark, self.who, self.text, fmt.ago(self.at), self.said


def timeline(work: Work, record: Record, fmt: Format) -> list[tuple[str, str, Markup, str, str]]:
    """Return the record's history in the reader's words; only fields that the reader may see are named."""
    found = [*_changes(work, record, fmt), *_remarks(work, record), *_mails(work, record), *_files(work, record)]
    found.sort(key=lambda one: one.at, reverse=True)
    return [one.shown(fmt) for one in found[:NEWEST]]


def _changes(work: Work, record: Record, fmt: Format) -> list[Happening]:
    about = (AuditEntry.kind == record.__kind__, AuditEntry.record_id == record.id)
    write_waiting(work.session)
    rows = work.session.scalars(select(AuditEntry).where(*about).order_by(AuditEntry.id.desc()).limit(NEWEST))
    seen = described(work, record.__kind__, "form")
    words = deeds() | {one.verb: str(one.told) for one in commands_of(record.__kind__) if one.told}
    return [
        Happening(row.at, "avatar", row.user_name, _sentence(row, seen, words, fmt), row.note)
        for row in rows
        if row.action not in QUIET and (row.action != "update" or changed_labels(row, seen))
    ]


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
        "accepted": _("accepted this by link"), "revoke": _("revoked this"),
        "amend": _("replaced a cancelled document by this"), "roles": _("changed the roles"),
        "right": _("changed the rights"), "field_right": _("changed the rights on fields"),
        "home": _("changed the first page"), "token": _("made an API token"), "token_revoked": _("revoked an API token"),
        "sign_in": _("signed in"), "sign_in_failed": _("could not sign in"), "invite": _("invited this person"),
        "reset_asked": _("asked for a new password"), "password": _("chose a new password"),
    }  # fmt: skip


def _sentence(row: AuditEntry, seen: Description, words: dict[str, str], fmt: Format) -> Markup:
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


def _remarks(work: Work, record: Record) -> list[Happening]:
    return [
        Happening(row.created_at, "avatar", row.created_by_name, escape(_("said")), row.text)
        for row in comments_of(work, record)[:NEWEST]
    ]


def _mails(work: Work, record: Record) -> list[Happening]:
    found = []
    for mail in mails_of(work, record)[:NEWEST]:
        words = escape(_("Mail to %(to)s: %(state)s", to=", ".join(mail.recipients), state=mail.state_label))
        found.append(
            Happening(
                mail.sent_at or mail.created_at,
                "mail",
                "",
                Markup('<a class="link" href="/mails/{}">{}</a>').format(mail.id, words),
            )
        )
    return found


def _files(work: Work, record: Record) -> list[Happening]:
    about = (File.about_kind == record.__kind__, File.about_id == record.id, File.purpose.in_((ATTACHMENT, PRINT)))
    rows = work.session.scalars(select(File).where(*about).order_by(File.id.desc()).limit(NEWEST))
    return [
        Happening(
            row.created_at, "file-text" if row.purpose == PRINT else "paperclip", "",
            Markup('<a class="link" href="{}">{}</a> {}').format(row.url, row.name, _("was printed") if row.purpose == PRINT else _("was attached")),  # noqa: E501 - all places are escaped by format
        )
        for row in rows
    ]  # fmt: skip
