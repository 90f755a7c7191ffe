"""What happened to a record, in one stream: changes, remarks, decisions, mails and prints, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select

from erp.kernel.change import approvals
from erp.kernel.change.audit import AuditEntry, write_waiting
from erp.kernel.change.commands import commands_of
from erp.kernel.change.described import described
from erp.kernel.change.work import Work
from erp.kernel.flows.steps import ICONS, sentence
from erp.kernel.format import Format
from erp.kernel.paper.files import ATTACHMENT, PRINT, File
from erp.kernel.paper.mail import mails_of
from erp.kernel.records import Record, Voucher
from erp.kernel.talk.comments import Comment, comments_of, signs_of, versions_of
from erp.kernel.talk.deeds import changed_labels, deeds, sentence_of
from erp.kernel.talk.marks import marked
from erp.kernel.text import _

NEWEST = 60
SHOWN = 12
"""What stands open at first; older entries are fetched when they are asked for."""

ALL = 500

TOGETHER = timedelta(minutes=10)
"""Changes that one person made in a row within this time are one entry."""

QUIET = {"commented", "attached", "mailed"}
DECISIONS = {
    "request_approval", "approve", "approved", "reject", "rejected", "return", "returned", "step_approved", "step_back",
    "delegated", "question", "answer", "withdraw", "withdrawn",
}  # fmt: skip
"""Entries of the audit trail that the decisions themselves tell, with their seats and in whose place."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry: a mark (icon name, or "avatar"), who, what in words, when, and what was said."""

    at: datetime
    mark: str
    who: str
    text: Markup
    said: str = ""
    remark: Comment | None = None
    is_change: bool = False
    parts: tuple["Happening", ...] = field(default=())


def timeline(work: Work, record: Record, fmt: Format, *, whole: bool = False) -> dict[str, Any]:
    """Return the record's history in the reader's words, as the template reads it: what stands open, and how much is older.

    ``whole`` shows everything, up to 500 entries. Only fields that the reader may see are named.
    """
    limit = ALL if whole else NEWEST
    remarks = comments_of(work, record, limit)
    found = [*_changes(work, record, fmt, limit), *_decisions(work, record), *_remarks(remarks)]
    found += [*_mails(work, record, limit), *_files(work, record, limit)]
    found.sort(key=lambda one: one.at, reverse=True)
    entries = folded(found[:limit])
    open_ones = entries if whole else entries[:SHOWN]
    said = [one.remark for one in open_ones if one.remark is not None]
    signs, versions = signs_of(work, said), versions_of(work, said)
    return {
        "newest": [_shown(work, one, fmt, signs, versions) for one in open_ones],
        "older": len(entries) - len(open_ones),
    }


def folded(found: Iterable[Happening]) -> list[Happening]:
    """Return the entries, newest first, with what one person changed in a row as one entry."""
    entries: list[Happening] = []
    for one in found:
        last = entries[-1] if entries else None
        if last is not None and one.is_change and last.is_change and last.who == one.who and not one.said:
            parts = last.parts or (last,)
            if parts[-1].at - one.at <= TOGETHER:
                entries[-1] = replace(last, parts=(*parts, one))
                continue
        entries.append(one)
    return entries


def _shown(work: Work, one: Happening, fmt: Format, signs: Any, versions: Any) -> dict[str, Any]:
    row = one.remark
    shown: dict[str, Any] = {
        "mark": one.mark, "who": one.who, "text": one.text, "when": fmt.ago(one.at), "at": fmt.instant(one.at), "said": one.said,
        "parts": [{"text": part.text, "when": fmt.ago(part.at)} for part in one.parts], "remark": None,
    }  # fmt: skip
    if row is not None:
        may_change = row.embed_id is None and row.created_by_id == work.actor.user_id is not None
        shown["said"] = marked(work, row.text)
        shown["remark"] = {
            "id": row.id, "text": row.text, "may_change": may_change,
            "signs": [(sign, [each.user_name for each in rows], any(each.user_id == work.actor.user_id for each in rows))
                      for sign, rows in signs[row.id].items()],
            "versions": [(old.text, fmt.ago(old.until)) for old in versions.get(row.id, ())],
        }  # fmt: skip
    return shown


def _changes(work: Work, record: Record, fmt: Format, limit: int) -> list[Happening]:
    about = (AuditEntry.kind == record.__kind__, AuditEntry.record_id == record.id)
    write_waiting(work.session)
    rows = work.session.scalars(select(AuditEntry).where(*about).order_by(AuditEntry.id.desc()).limit(limit))
    seen = described(work, record.__kind__, "form")
    words = deeds() | {one.verb: str(one.told) for one in commands_of(record.__kind__) if one.told}
    return [
        Happening(
            row.at,
            "avatar",
            row.user_name,
            sentence_of(row, seen, words, fmt),
            row.note,
            is_change=row.action == "update",
        )
        for row in rows
        if row.action not in QUIET | DECISIONS and (row.action != "update" or changed_labels(row, seen))
    ]


def _decisions(work: Work, record: Record) -> list[Happening]:
    """Return what was said about requests for approval, a sentence for each step."""
    if not isinstance(record, Voucher):
        return []
    requests = approvals.history(work, record)
    return [
        Happening(row.at, ICONS.get(row.what, "stamp"), row.user_name, escape(sentence(row)), row.comment or "")
        for row in approvals.decisions(work, requests)
    ]


def _remarks(remarks: Iterable[Comment]) -> list[Happening]:
    return [
        Happening(row.created_at, "avatar", row.created_by_name, escape(_("said")), row.text, remark=row)
        for row in remarks
    ]


def _mails(work: Work, record: Record, limit: int) -> list[Happening]:
    found = []
    for mail in mails_of(work, record)[:limit]:
        words = escape(_("Mail to %(to)s: %(state)s", to=", ".join(mail.recipients), state=mail.state_label))
        link = Markup('<a class="link" href="/mails/{}">{}</a>').format(mail.id, words)
        found.append(Happening(mail.sent_at or mail.created_at, "mail", "", link))
    return found


def _files(work: Work, record: Record, limit: int) -> list[Happening]:
    about = (File.about_kind == record.__kind__, File.about_id == record.id, File.purpose.in_((ATTACHMENT, PRINT)))
    rows = work.session.scalars(select(File).where(*about).order_by(File.id.desc()).limit(limit))
    return [
        Happening(
            row.created_at, "file-text" if row.purpose == PRINT else "paperclip", "",
            Markup('<a class="link" href="{}">{}</a> {}').format(row.url, row.name, _("was printed") if row.purpose == PRINT else _("was attached")),  # noqa: E501 - all places are escaped by format
        )
        for row in rows
    ]  # fmt: skip
