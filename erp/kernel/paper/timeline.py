"""What happened to a record, in one stream: changes, remarks, mails and prints, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select

from erp.kernel.change.audit import AuditEntry, write_waiting
from erp.kernel.change.described import described
from erp.kernel.change.verbs import verbs_of
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.kernel.paper.comments import comments_of
from erp.kernel.paper.files import ATTACHMENT, PRINT, File
from erp.kernel.paper.mail import mails_of
from erp.kernel.records import Record
from erp.kernel.records.description import Description
from erp.kernel.text import _

NEWEST = 60
MOST_FIELDS = 4
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
    found = [*_changes(work, record), *_remarks(work, record), *_mails(work, record), *_files(work, record)]
    found.sort(key=lambda one: one.at, reverse=True)
    return [one.shown(fmt) for one in found[:NEWEST]]


def _changes(work: Work, record: Record) -> list[Happening]:
    about = (AuditEntry.kind == record.__kind__, AuditEntry.record_id == record.id)
    write_waiting(work.session)
    rows = work.session.scalars(select(AuditEntry).where(*about).order_by(AuditEntry.id.desc()).limit(NEWEST))
    seen = described(work, record.__kind__, "form")
    words = {verb.verb: str(verb.label) for verb in verbs_of(type(record))}
    return [
        Happening(row.at, "avatar", row.user_name, _sentence(row, seen, words), row.note)
        for row in rows
        if row.action not in QUIET and (row.action != "update" or _changed_labels(row, seen))
    ]


def _sentence(row: AuditEntry, seen: Description, words: dict[str, str]) -> Markup:
    if row.action == "create":
        return escape(_("created this"))
    if row.action == "update":
        labels = _changed_labels(row, seen)
        named = ", ".join(labels[:MOST_FIELDS]) + (" …" if len(labels) > MOST_FIELDS else "")
        return escape(_("changed %(fields)s", fields=named))
    known = {
        "submit": _("submitted this"), "cancel": _("cancelled this"), "request_approval": _("asked for approval"),
        "approve": _("approved this"), "reject": _("rejected this"), "return": _("returned this"),
        "withdraw": _("withdrew the request"), "archive": _("archived this"), "restore": _("restored this"),
        "amend": _("replaced a cancelled document by this"),
    }  # fmt: skip
    return escape(known.get(row.action) or words.get(row.action) or row.action.replace("_", " "))


def _changed_labels(row: AuditEntry, seen: Description) -> list[str]:
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
