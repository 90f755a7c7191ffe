"""Roles, who holds them, and what they may do: rows that an administrator edits."""

from typing import Any

from sqlalchemy import BigInteger, Connection, ForeignKey, Integer, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column

from erp.kernel.records import Base, Choice, Code, Master
from erp.kernel.text import _l


class Role(Master):
    """A part that people play: its rights are rows, its people land on ``home``."""

    __kind__ = "role"
    __label__ = _l("Role")
    __plural_label__ = _l("Roles")
    __icon__ = "shield"
    __listed__ = False

    home: Mapped[str] = mapped_column(default="/")


class UserRole(Base):
    """A user plays a role."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id", ondelete="RESTRICT"), primary_key=True)
    role_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("role.id", ondelete="RESTRICT"), primary_key=True)


EVERY_COMPANY = "company:*"
"""The key of those who work in every company, also in those still to come."""


class UserKey(Base):
    """A scope key that a user holds: ``company:3``, ``branch:7``; ``company:*`` is every company."""

    __tablename__ = "user_key"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("user.id", ondelete="RESTRICT"), primary_key=True)
    key: Mapped[Code] = mapped_column(primary_key=True)


class RoleRight(Base):
    """A role may do a verb with a kind in a scope; "none" is a declared right that an administrator took away."""

    __tablename__ = "role_right"
    __table_args__ = (UniqueConstraint("role_id", "kind", "verb"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    role_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("role.id", ondelete="RESTRICT"))
    kind: Mapped[Choice]
    verb: Mapped[Choice]
    scope: Mapped[Choice] = mapped_column(default="all")


class FieldRight(Base):
    """A role sees a field only to read it, or not at all."""

    __tablename__ = "field_right"
    __table_args__ = (UniqueConstraint("role_id", "kind", "field"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    role_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("role.id", ondelete="RESTRICT"))
    kind: Mapped[Choice]
    field: Mapped[Code]
    level: Mapped[Choice]


class RightsVersion(Base):
    """One row whose number grows with every change of a right, so that every process sees it at its next request."""

    __tablename__ = "rights_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, default=1)
    version: Mapped[int] = mapped_column(BigInteger, default=1)


NOW = "FLOOR(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000)"
BUMP = text(
    f"INSERT INTO rights_version (id, version) VALUES (1, {NOW})"  # noqa: S608 - a constant
    f" ON DUPLICATE KEY UPDATE version = GREATEST(version + 1, {NOW})"
)
"""Microseconds, not a counter: a version seen inside a transaction that rolled back never comes again."""


def bump(session: Session) -> None:
    """Make every process read the rights again; for changes that bypass the mapped classes."""
    session.execute(BUMP)


def _changed(mapper: Mapper[Any], connection: Connection, target: object) -> None:  # noqa: ARG001
    connection.execute(BUMP)


for _kind in (Role, RoleRight, FieldRight):
    for _moment in ("after_insert", "after_update", "after_delete"):
        event.listen(_kind, _moment, _changed)
