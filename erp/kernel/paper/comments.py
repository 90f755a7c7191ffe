"""Comments: what people say about a record, in plain text. Naming somebody with @login tells that person."""

import re

from sqlalchemy import BigInteger, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.errors import Problem, Problems
from erp.kernel.paper.notifications import N_, notice
from erp.kernel.records import ACTIVE, Base, Choice, Instant, LongText, Record
from erp.kernel.rights.user import User
from erp.kernel.text import _

LONGEST = 10_000
MENTION = re.compile(r"(?<![\w@])@([\w.-]{1,64})")


class Comment(Base):
    """One remark about one record; never changed, so that answers keep their sense."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_about", "about_kind", "about_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    about_kind: Mapped[Choice]
    about_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[LongText]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_name: Mapped[str] = mapped_column(String(255), default="")
    embed_id: Mapped[int | None] = mapped_column(BigInteger)


def comment(work: Work, record: Record, text: str, *, embed_id: int | None = None) -> Comment:
    """Say something about a record that the actor can see; the named are told.

    ``embed_id``: by which embed somebody outside says it; he is nobody's colleague and calls nobody.
    """
    said = "\n".join(line.rstrip() for line in (text or "").strip().splitlines())
    if not said:
        raise Problems([Problem("text", "required", _("Write something first."))])
    if len(said) > LONGEST:
        raise Problems([Problem("text", "too_long", _("At most %(n)s characters.", n=LONGEST))])
    row = Comment(
        about_kind=record.__kind__, about_id=record.id, text=said, created_at=work.now,
        created_by_id=work.actor.user_id, created_by_name=work.actor.name,
        embed_id=embed_id,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    for user_id in mentioned(work, said) if embed_id is None else ():
        values = {"who": work.actor.name, "what": record.title}
        notice(work, user_id, N_("%(who)s mentioned you at %(what)s"), values=values, url=url_of(record), about=record)
    announce(work, record, "commented")
    return row


def mentioned(work: Work, text: str) -> list[int]:
    """Return the users named in ``text``, without the one who writes."""
    logins = {name.rstrip(".").casefold() for name in MENTION.findall(text)}
    if not logins:
        return []
    users = select(User.id).where(User.code.in_(logins), User.state == ACTIVE)
    return sorted(one for one in work.session.scalars(users) if one != work.actor.user_id)


def comments_of(work: Work, record: Record) -> list[Comment]:
    """Return what was said about a record, newest first."""
    about = (Comment.about_kind == record.__kind__, Comment.about_id == record.id)
    return list(work.session.scalars(select(Comment).where(*about).order_by(Comment.id.desc())))


def url_of(record: Record) -> str:
    """Return the page of a record."""
    return f"/{record.__collection__}/{record.id}"
