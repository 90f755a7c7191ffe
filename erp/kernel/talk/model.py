"""What people leave at a record beside comments: earlier words, signs, followers, and what somebody is asked to do."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from erp.kernel.records import Base, Choice, Instant, LongText
from erp.kernel.text import _l

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"
SIGNS = {
    "agree": ("thumbs-up", _l("agrees")), "done": ("circle-check", _l("it is done")), "thanks": ("smile", _l("says thank you")),
    "seen": ("eye", _l("has seen it")), "glad": ("party-popper", _l("is glad")), "heart": ("heart", _l("likes it")),
}  # fmt: skip
"""The signs with which one may answer a comment: an icon, and what it says to who cannot see it."""


class CommentVersion(Base):
    """What a comment said before it was changed."""

    __tablename__ = "comment_version"
    __table_args__ = ({"info": {"append_only": True}},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    comment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("comment.id", ondelete="RESTRICT"), index=True)
    text: Mapped[LongText]
    until: Mapped[Instant]


class Reaction(Base):
    """One person's sign at a comment."""

    __tablename__ = "reaction"
    __table_args__ = (UniqueConstraint("comment_id", "user_id", "sign"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    comment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("comment.id", ondelete="RESTRICT"))
    user_id: Mapped[int] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(255), default="")
    sign: Mapped[Choice]


class Follow(Base):
    """Somebody hears of a record; ``is_on`` False: he was told by himself once, and does not want to be."""

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("about_kind", "about_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    about_kind: Mapped[Choice]
    about_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger)
    is_on: Mapped[bool] = mapped_column(default=True)


class RecordTag(Base):
    """A word that somebody put at a record; in any case of its letters it is the same word."""

    __tablename__ = "record_tag"
    __versioned__ = "record_tag"
    __table_args__ = (
        UniqueConstraint("about_kind", "about_id", "name"),
        Index("ix_record_tag_name", "name", "about_kind"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    about_kind: Mapped[Choice]
    about_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(40))


class Assignment(Base):
    """Something that one person is asked to do about a record, until a day if one is named."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_about", "about_kind", "about_id", "id"),
        Index("ix_assignment_user", "user_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    about_kind: Mapped[Choice]
    about_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger)
    user_name: Mapped[str] = mapped_column(String(255), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    due_on: Mapped[date | None]
    state: Mapped[Choice] = mapped_column(default=OPEN)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_name: Mapped[str] = mapped_column(String(255), default="")
    ended_at: Mapped[Instant | None]
    ended_by_id: Mapped[int | None] = mapped_column(BigInteger)
    reminded_on: Mapped[date | None]
