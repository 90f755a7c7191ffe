"""What mails say: short texts in the reader's language, the subject in the first line of each template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from erp.kernel.change.work import Work
from erp.kernel.paper.layouts import fill
from erp.kernel.records import Record
from erp.kernel.text import in_language


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is sent: what its form shows."""

    subject: str
    text: str
    to: tuple[str, ...] = ()
    language: str = "en"
    reply_to: str | None = None


def letter(
    template: str, language: str, *, to: Sequence[str] = (), reply_to: str | None = None, **words: Any
) -> Letter:
    """Return ``templates/mail/<template>.txt`` filled with ``words`` (plain strings)."""
    text = fill(f"mail/{template}.txt", language, **words)
    subject, _line, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n", tuple(to), language, reply_to)


Draft = Callable[[Work, Any], Letter]
_drafts: dict[str, Draft] = {}


def mails(kind: type[Record]) -> Callable[[Draft], Draft]:
    """Declare what a mail about a kind says and to whom it goes: ``draft(work, record) -> Letter``."""

    def declare(draft: Draft) -> Draft:
        _drafts[kind.__kind__] = draft
        return draft

    return declare


def letter_about(work: Work, record: Record) -> Letter:
    """Return the mail that a record's page offers; what it does not know stays empty."""
    draft = _drafts.get(record.__kind__)
    if draft is not None:
        return draft(work, record)
    language = work.actor.language
    with in_language(language):
        words = {"kind": str(record.__label__), "number": str(record.title), "sender": work.actor.name}
    return letter("document", language, **words)
