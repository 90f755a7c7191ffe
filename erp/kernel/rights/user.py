"""A user: somebody who signs in. What a person is in the business (an employee) is told elsewhere."""

import unicodedata
from typing import Any

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from erp.kernel.records import ACTIVE, Choice, Code, Master, field
from erp.kernel.records.types import BINARY_COLLATION
from erp.kernel.text import _l, offered

LANGUAGES = (("en", "English"), ("ja", "日本語"))


def languages_offered() -> list[tuple[str, str]]:
    """Return the languages a user may choose from, with their own names."""
    return [(code, name) for code, name in LANGUAGES if code in offered()]


def normal_login(login: str) -> str:
    """Return a login name or mail address as it is compared: NFKC, trimmed, case folded."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


class User(Master):
    """A login with a name, a language and a time zone. Archived users cannot sign in; their traces stay."""

    __kind__ = "user"
    __collection__ = "users"
    __label__ = _l("User")
    __plural_label__ = _l("Users")
    __icon__ = "user"
    __default_sort__ = "login"
    __field_order__ = ("login", "name", "email", "language", "timezone")
    __table_args__ = (UniqueConstraint("login"), UniqueConstraint("email"))

    code: Mapped[Code] = field(_l("Login"), "login", name="login", in_list=True, in_filter=True, search=True)
    email: Mapped[str | None] = field(
        _l("E-mail"),
        String(254, collation=BINARY_COLLATION),
        in_list=True,
        search=True,
        help=_l("Invitations and notices go here."),
    )
    language: Mapped[Choice] = field(_l("Language"), default="en", choices=LANGUAGES, in_list=True)
    timezone: Mapped[Code] = field(_l("Time zone"), default="UTC", help=_l("As in Europe/Berlin or Asia/Tokyo."))
    password_hash: Mapped[str | None] = mapped_column(String(255, collation=BINARY_COLLATION))
    must_change: Mapped[bool] = mapped_column(default=False)
    current_company_id: Mapped[int | None] = mapped_column(BigInteger)

    @validates("code")
    def _fold_login(self, name: str, value: str) -> str:  # noqa: ARG002
        return normal_login(value)

    @validates("email")
    def _fold_email(self, name: str, value: Any) -> str | None:  # noqa: ARG002
        return normal_login(value) or None if isinstance(value, str) else None

    @property
    def login(self) -> str:
        """Return the name under which the user signs in."""
        return self.code

    @property
    def is_active(self) -> bool:
        """Return whether the user may sign in."""
        return self.state == ACTIVE
