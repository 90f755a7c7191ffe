"""Mail: one record for each intent, sent once. What cannot be known is shown, never repeated blindly."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from erp.kernel.change.find import find
from erp.kernel.change.hooks import announce
from erp.kernel.change.undo import UndoStep, undoes
from erp.kernel.change.work import Work, run_work
from erp.kernel.errors import Conflict, NotFound, Problem, Problems
from erp.kernel.paper.files import File, find_file, read_bytes
from erp.kernel.paper.notifications import MAIL as NOTICE
from erp.kernel.paper.notifications import N_, notice
from erp.kernel.paper.smtp import Answer, Outcome, deliver
from erp.kernel.records import Base, Choice, Instant, LongText, Record, kind_of, utc_now
from erp.kernel.rights import Actor, may
from erp.kernel.text import _, _l
from erp.kernel.uid import new_uid
from erp.kernel.work import job, later, schedule
from erp.settings import settings

QUEUED, SENDING, SENT, FAILED, UNKNOWN, DROPPED = "queued", "sending", "sent", "failed", "unknown", "dropped"
STATES = {
    QUEUED: _l("Waiting"), SENDING: _l("Being sent"), SENT: _l("Sent"), FAILED: _l("Refused"),
    UNKNOWN: _l("Outcome unknown"), DROPPED: _l("Withdrawn"),
}  # fmt: skip
MAILED = "mailed"
LEASE = timedelta(minutes=5)
BACK_OFF_MINUTES = (1, 2, 5, 15, 30, 60, 120, 240)
GIVE_UP = timedelta(hours=72)
NO_SERVER = Answer(Outcome.LATER, "ERP_MAIL_URL is not set: mail waits")


class Mail(Base):
    """One message that somebody, or a rule, wants sent. ``key`` names the intent: the same key is the same mail."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_about", "about_kind", "about_id", "id"),
        Index("ix_mail_state", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(190), unique=True)
    message_id: Mapped[str] = mapped_column(String(190), unique=True)
    state: Mapped[Choice] = mapped_column(default=QUEUED)
    sender: Mapped[str] = mapped_column(String(320))
    reply_to: Mapped[str | None] = mapped_column(String(320))
    to: Mapped[LongText]
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[LongText]
    html: Mapped[LongText | None]
    about_kind: Mapped[Choice | None]
    about_id: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    answer: Mapped[str] = mapped_column(String(500), default="")
    next_at: Mapped[Instant]
    leased_until: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    sent_at: Mapped[Instant | None]
    attachments: Mapped[list["MailAttachment"]] = relationship(lazy="raise", order_by="MailAttachment.id")

    @property
    def recipients(self) -> list[str]:
        """Return the addresses it goes to."""
        return self.to.split("\n")

    @property
    def state_label(self) -> str:
        """Return the state in words."""
        return str(STATES[self.state])


class MailAttachment(Base):
    """A file that travels with a mail, or a print that the mail waits for."""

    __tablename__ = "mail_attachment"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    mail_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("mail.id", ondelete="RESTRICT"), index=True)
    file_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("file.id", ondelete="RESTRICT"))
    print_key: Mapped[str | None] = mapped_column(String(190), index=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A print that is being made and joins the mail when it is there."""

    key: str


def send_mail(
    work: Work, *, to: Sequence[str], subject: str, text: str, html: str | None = None,
    attachments: Sequence[int | Waiting] = (), about: Record | tuple[str, int] | None = None, key: str | None = None,
    reply_to: str | None = None, hold: timedelta = timedelta(0),
) -> Mail:  # fmt: skip
    """Write one mail and its task in the running transaction; it is sent after the commit, once.

    ``hold``: how long it waits before it leaves, so that it may be taken back.

    ``attachments`` are ids of files that the actor may see. A ``key`` that was used before returns that mail.
    Raises ``Problems`` for addresses that cannot be written to.
    """
    if key is not None:
        known = work.session.scalars(select(Mail).where(Mail.key == key)).one_or_none()
        if known is not None:
            return known
    mail = _written(work, [_address(one) for one in to], subject, text, html=html, key=key, reply_to=reply_to)
    if isinstance(about, Record):
        about = (about.__kind__, about.id)
    mail.about_kind, mail.about_id = about or (None, None)
    mail.attachments = [_attachment(work, one) for one in attachments]
    mail.next_at = work.now + hold
    work.session.add(mail)
    work.session.flush()
    if not any(one.file_id is None for one in mail.attachments):
        later(work, "mail.send", {"mail": mail.id}, run_at=mail.next_at)
    return mail


def _written(
    work: Work, to: list[str], subject: str, text: str, *, html: str | None, key: str | None, reply_to: str | None
) -> Mail:  # fmt: skip
    if not to:
        raise Problems([Problem("to", "required", _("Say who gets it."))])
    name = new_uid().hex
    sender = settings().mail_from
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return Mail(
        key=key or name, message_id=f"<{name}@{domain}>", sender=sender, reply_to=_address(reply_to) if reply_to else None,
        to="\n".join(to),
        subject=" ".join(subject.split())[:500], text=text, html=html, next_at=work.now, created_at=work.now,
        created_by_id=work.actor.user_id, answer="", attempts=0, state=QUEUED,
    )  # fmt: skip


def _address(text: str) -> str:
    """Return a bare address, or raise ``Problems``: no line breaks, one @, something around it."""
    name, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    wrong = not (local and at and domain) or any(
        sign.isspace() or ord(sign) < 32 for sign in text.strip() if sign != " "
    )
    with contextlib.suppress(UnicodeError):
        address = f"{local}@{domain.encode('idna').decode()}"
    if wrong or " " in address or len(address) > 254 or not address.isascii():
        raise Problems(
            [Problem("to", "not_an_address", _("“%(text)s” is no e-mail address.", text=text.strip() or name))]
        )
    return address


def _attachment(work: Work, wanted: int | Waiting) -> MailAttachment:
    if isinstance(wanted, Waiting):
        return MailAttachment(print_key=wanted.key)
    return MailAttachment(file_id=find_file(work, wanted).id)


def print_ready(work: Work, key: str, file_id: int) -> None:
    """Give a finished print to the mails that wait for it, and send those that wait for nothing more."""
    waiting = list(
        work.session.scalars(
            select(MailAttachment).where(MailAttachment.print_key == key, MailAttachment.file_id.is_(None))
        )
    )
    for one in waiting:
        one.file_id = file_id
    work.session.flush()
    for mail_id in sorted({one.mail_id for one in waiting}):
        missing = select(MailAttachment.id).where(MailAttachment.mail_id == mail_id, MailAttachment.file_id.is_(None))
        if work.session.scalars(missing.limit(1)).first() is None:
            due = work.session.scalar(select(Mail.next_at).where(Mail.id == mail_id)) or work.now
            later(work, "mail.send", {"mail": mail_id}, run_at=max(due, work.now))


@job("mail.send", queue="mail", as_system=True, label=_l("Send a mail"))
def send(work: Work, mail: int) -> str:
    """Send one mail: lease it, speak once outside any transaction, write down the answer."""
    actor = work.actor
    message = run_work(actor, lambda own: _leased(own, mail))
    if message is None:
        return "nothing to send"
    row, content = message
    url = settings().mail_url
    answer = deliver(url, parseaddr(row.sender)[1], row.recipients, content) if url else NO_SERVER
    run_work(actor, lambda own: _answered(own, mail, answer))
    return answer.outcome.value


def _leased(work: Work, mail_id: int) -> tuple[Mail, EmailMessage] | None:
    """Take the mail for this process, so that no other sends it meanwhile; build the message from what is stored."""
    query = select(Mail).where(Mail.id == mail_id).with_for_update(skip_locked=True)
    mail = work.session.scalars(query).one_or_none()
    if mail is None or mail.state != QUEUED or mail.next_at > utc_now():
        return None
    files = _files(work, mail)
    if files is None:
        return None
    content = message_of(mail, files)
    mail.state, mail.leased_until, mail.attempts = SENDING, utc_now() + LEASE, mail.attempts + 1
    work.session.flush()
    return mail, content


def _files(work: Work, mail: Mail) -> list[File] | None:
    """Return the attachments in order, or None while one is still being made."""
    query = select(MailAttachment, File).outerjoin(File, File.id == MailAttachment.file_id)
    rows = work.session.execute(query.where(MailAttachment.mail_id == mail.id).order_by(MailAttachment.id)).all()
    return None if any(file is None for _row, file in rows) else [file for _row, file in rows]


def message_of(mail: Mail, files: Sequence[File]) -> EmailMessage:
    """Return the message; it is the same at every try: its id and date are those of the record."""
    message = EmailMessage()
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.created_at.replace(tzinfo=UTC))
    message["From"] = _header(mail.sender)
    message["To"] = ", ".join(mail.recipients)
    if mail.reply_to:
        message["Reply-To"] = _header(mail.reply_to)
    message["Subject"] = mail.subject
    if mail.created_by_id is None:
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for file in files:
        main, _slash, sub = file.mime.partition("/")
        message.add_attachment(read_bytes(file), maintype=main, subtype=sub or "octet-stream", filename=file.name)
    return message


def _header(text: str) -> Any:
    name, address = parseaddr(text)
    return Address(name, addr_spec=address)


def _answered(work: Work, mail_id: int, answer: Answer) -> None:
    mail = work.session.get_one(Mail, mail_id, with_for_update=True)
    mail.answer, mail.leased_until = answer.text[:500], None
    now = utc_now()
    if answer.outcome is Outcome.SENT:
        mail.state, mail.sent_at = SENT, now
    elif answer.outcome is Outcome.LATER and now - mail.created_at < GIVE_UP:
        minutes = BACK_OFF_MINUTES[min(mail.attempts, len(BACK_OFF_MINUTES)) - 1]
        mail.state, mail.next_at = QUEUED, now + timedelta(minutes=minutes)
        later(work, "mail.send", {"mail": mail.id}, run_at=mail.next_at)
    else:
        mail.state = UNKNOWN if answer.outcome is Outcome.UNKNOWN else FAILED
        _tell(work, mail)


def _tell(work: Work, mail: Mail) -> None:
    """Tell the sender that something needs a decision."""
    if mail.created_by_id is None:
        return
    unknown = N_("Nobody can know whether the mail “%(subject)s” arrived.")
    message = unknown if mail.state == UNKNOWN else N_("The mail “%(subject)s” was refused.")
    notice(work, mail.created_by_id, message, values={"subject": mail.subject}, url=f"/mails/{mail.id}", type=NOTICE)


@schedule("mail.sweep", cron="*/5 * * * *", daily=False)
@job("mail.sweep", queue="mail", label=_l("Look for mails without an answer"))
def sweep(work: Work) -> int:
    """Mark mails whose sender died in the middle of a dialogue: their outcome is unknown."""
    lost = select(Mail).where(Mail.state == SENDING, Mail.leased_until < utc_now()).with_for_update(skip_locked=True)
    found = list(work.session.scalars(lost))
    for mail in found:
        mail.state, mail.answer, mail.leased_until = UNKNOWN, "the sending process ended without an answer", None
        _tell(work, mail)
    return len(found)


def may_mail(actor: Actor, kind: str) -> bool:
    """Return whether the actor may send mail about such records."""
    return may(actor, "mail", kind)


def find_mail(work: Work, mail_id: int, *, for_update: bool = False) -> Mail:
    """Return a mail that the actor may see: through its record, or because it is the actor's own."""
    mail = work.session.get(Mail, mail_id, with_for_update=for_update or None)
    if mail is None:
        raise NotFound
    if mail.about_kind is not None and mail.about_id is not None:
        find(work, kind_of(mail.about_kind), mail.about_id, lines=False)
    elif mail.created_by_id != work.actor.user_id and not work.actor.is_admin:
        raise NotFound
    return mail


def send_again(work: Work, mail: Mail) -> None:
    """Decide that a mail which was refused, or may not have arrived, is sent once more under the same Message-ID."""
    if mail.state not in {FAILED, UNKNOWN}:
        raise Conflict(_("This mail is not waiting for a decision."))
    mail.state, mail.next_at, mail.created_at = QUEUED, work.now, mail.created_at
    later(work, "mail.send", {"mail": mail.id})


def settle(work: Work, mail: Mail, *, arrived: bool) -> None:
    """Decide what became of a mail whose outcome nobody knew; ``arrived`` False withdraws it."""
    if mail.state not in {FAILED, UNKNOWN, QUEUED}:
        raise Conflict(_("This mail is not waiting for a decision."))
    mail.state = SENT if arrived else DROPPED
    mail.sent_at = work.now if arrived else None


@undoes(MAILED)
def take_mail_back(work: Work, step: UndoStep) -> str:
    """Let a mail that has not left stay here. Raises ``Conflict`` when it is on its way."""
    mail = work.session.get_one(Mail, step.content["mail"], with_for_update=True)
    if mail.state != QUEUED or mail.attempts:
        raise Conflict(_("It is too late: the mail has left."))
    mail.state = DROPPED
    record = find(work, kind_of(step.kind), step.record_id, lines=False)
    announce(work, record, "mailed")
    return f"/{record.__collection__}/{record.id}"


def mails_of(work: Work, record: Record) -> list[Mail]:
    """Return the mails about a record, newest first."""
    about = (Mail.about_kind == record.__kind__, Mail.about_id == record.id)
    return list(work.session.scalars(select(Mail).where(*about).order_by(Mail.id.desc())))
