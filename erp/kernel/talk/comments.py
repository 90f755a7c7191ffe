"""Comments: what people say about a record, in plain text. Naming somebody with @login, or a role, tells those people."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.change.find import find
from erp.kernel.change.hooks import announce
from erp.kernel.change.work import Work
from erp.kernel.errors import NotAllowed, NotFound, Problem, Problems
from erp.kernel.paper.notifications import MENTION, N_, notice
from erp.kernel.records import Base, Choice, Instant, LongText, Record
from erp.kernel.talk.following import follow_by_itself, tell_followers
from erp.kernel.talk.model import SIGNS, CommentVersion, Reaction
from erp.kernel.talk.people import mentioned
from erp.kernel.text import _

LONGEST = 10_000
NAMED = N_("%(who)s mentioned you at %(what)s")


class Comment(Base):
    """One remark about one record. Its writer may change it; what it said before is kept for everybody to read."""

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
    edited_at: Mapped[Instant | None]


def comment(work: Work, record: Record, text: str, *, embed_id: int | None = None) -> Comment:
    """Say something about a record that the actor can see; the named and the followers are told.

    ``embed_id``: by which embed somebody outside says it; he is nobody's colleague and calls nobody.
    """
    row = Comment(
        about_kind=record.__kind__, about_id=record.id, text=said_text(text), created_at=work.now,
        created_by_id=work.actor.user_id, created_by_name=work.actor.name, embed_id=embed_id,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    called = mentioned(work, record, row.text) if embed_id is None else []
    _call(work, record, called)
    tell_followers(work, record, N_("%(who)s wrote about %(what)s"), but=called)
    follow_by_itself(work, record, [work.actor.user_id, *called])
    announce(work, record, "commented")
    return row


def said_text(text: str) -> str:
    """Return a remark as it is kept. Raises ``Problems`` for an empty or endless one."""
    said = "\n".join(line.rstrip() for line in (text or "").strip().splitlines())
    if not said:
        raise Problems([Problem("text", "required", _("Write something first."))])
    if len(said) > LONGEST:
        raise Problems([Problem("text", "too_long", _("At most %(n)s characters.", n=LONGEST))])
    return said


def _call(work: Work, record: Record, people: Iterable[int]) -> None:
    values = {"who": work.actor.name, "what": str(record.title)}
    for user_id in people:
        notice(work, user_id, NAMED, values=values, url=url_of(record), about=record, type=MENTION)


def change_comment(work: Work, record: Record, comment_id: int, text: str) -> Comment:
    """Change one's own remark; what it said is kept, and who is named now and was not before is told.

    Raises ``NotAllowed`` for somebody else's remark, ``NotFound`` for one about another record.
    """
    row, said = comment_at(work, record, comment_id), said_text(text)
    if row.created_by_id is None or row.created_by_id != work.actor.user_id or row.embed_id is not None:
        raise NotAllowed(_("Only who wrote a comment may change it. Nothing was changed."))
    if said == row.text:
        return row
    before = set(mentioned(work, record, row.text))
    work.session.add(CommentVersion(comment_id=row.id, text=row.text, until=work.now))
    row.text, row.edited_at = said, work.now
    work.session.flush()
    called = [one for one in mentioned(work, record, said) if one not in before]
    _call(work, record, called)
    follow_by_itself(work, record, called)
    announce(work, record, "commented")
    return row


def react(work: Work, record: Record, comment_id: int, sign: str) -> bool:
    """Put one's sign at a remark, or take it away; return whether it is there now. Raises ``Problems``."""
    row = comment_at(work, record, comment_id)
    if sign not in SIGNS:
        raise Problems([Problem("sign", "unknown", _("Choose one of the list."))])
    mine = (Reaction.comment_id == row.id, Reaction.user_id == work.actor.user_id, Reaction.sign == sign)
    gone = work.session.execute(delete(Reaction).where(*mine).execution_options(synchronize_session=False))
    is_new = not gone.rowcount  # type: ignore[attr-defined]
    if is_new:
        name = work.actor.name
        work.session.add(Reaction(comment_id=row.id, user_id=work.actor.user_id, user_name=name, sign=sign))
        work.session.flush()
    announce(work, record, "commented")
    return is_new


def comment_at(work: Work, record: Record, comment_id: int) -> Comment:
    """Return a remark about this record. Raises ``NotFound``."""
    row = work.session.get(Comment, comment_id, with_for_update=True)
    if row is None or (row.about_kind, row.about_id) != (record.__kind__, record.id):
        raise NotFound
    find(work, type(record), record.id, lines=False)
    return row


def comments_of(work: Work, record: Record, limit: int | None = None) -> list[Comment]:
    """Return what was said about a record, newest first."""
    about = (Comment.about_kind == record.__kind__, Comment.about_id == record.id)
    return list(work.session.scalars(select(Comment).where(*about).order_by(Comment.id.desc()).limit(limit)))


def signs_of(work: Work, comments: Iterable[Comment]) -> dict[int, dict[str, list[Reaction]]]:
    """Return who put which sign at each remark: one statement."""
    ids = [one.id for one in comments]
    found: dict[int, dict[str, list[Reaction]]] = {one: {} for one in ids}
    query = select(Reaction).where(Reaction.comment_id.in_(ids)).order_by(Reaction.id)
    for row in work.session.scalars(query) if ids else ():
        found[row.comment_id].setdefault(row.sign, []).append(row)
    return found


def versions_of(work: Work, comments: Iterable[Comment]) -> dict[int, list[CommentVersion]]:
    """Return what each changed remark said before, oldest first: one statement."""
    ids = [one.id for one in comments if one.edited_at is not None]
    found: dict[int, list[CommentVersion]] = {one: [] for one in ids}
    query = select(CommentVersion).where(CommentVersion.comment_id.in_(ids)).order_by(CommentVersion.id)
    for row in work.session.scalars(query) if ids else ():
        found[row.comment_id].append(row)
    return found


def url_of(record: Record) -> str:
    """Return the page of a record."""
    return f"/{record.__collection__}/{record.id}"
