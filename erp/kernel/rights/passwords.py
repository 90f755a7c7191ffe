"""Passwords: argon2id, two computations at once at most, the same work whether the login exists or not."""

import unicodedata
from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from erp.kernel.errors import Problem
from erp.kernel.text import _

MIN_LENGTH = 12
MAX_LENGTH = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = BoundedSemaphore(2)
_decoy: list[str] = []

COMMON = frozenset(
    [
        "password1234",
        "passwordpassword",
        "123456789012",
        "1234567890123",
        "qwertyuiop12",
        "qwertyuiopas",
        "administrator",
        "adminadminadmin",
        "letmeinletmein",
        "welcomewelcome",
        "iloveyou1234",
        "changemechangeme",
        "password12345",
        "111111111111",
        "000000000000",
        "abcdefghijkl",
        "abcd12345678",
        "1q2w3e4r5t6y",
        "qwerty123456",
        "123qweasdzxc",
        "123456123456",
        "asdfghjkl123",
        "zxcvbnm12345",
        "monkeymonkey",
        "dragondragon",
        "footballfootball",
        "baseballbaseball",
        "sunshinesunshine",
        "princessprincess",
        "masterpassword",
        "trustno1trustno1",
        "passw0rdpassw0rd",
        "p@ssw0rd1234",
        "welcome12345",
        "secret123456",
        "default12345",
        "temporary123",
    ]
)


def normal_password(password: str) -> str:
    """Return the password as it is hashed: NFKC, so that every keyboard gives the same characters."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Return the argon2id hash; takes some 30 ms of one core."""
    with _slots:
        return _hasher.hash(normal_password(password))


def matches(password: str, stored: str | None) -> bool:
    """Return whether the password is right. Without a stored hash the same work is done, and the answer is no."""
    against = stored or _decoy_hash()
    try:
        with _slots:
            return _hasher.verify(against, normal_password(password)[:MAX_LENGTH]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Return whether the hash was made with weaker parameters and should be made anew at this login."""
    return _hasher.check_needs_rehash(stored)


def _decoy_hash() -> str:
    if not _decoy:
        _decoy.append(hash_password("nobody has this password"))
    return _decoy[0]


def password_problems(password: str, again: str | None = None, *, about: Iterable[str] = ()) -> list[Problem]:
    """Return why a new password is not acceptable; ``about`` are the login and mail address, which it must not be."""
    plain = normal_password(password)
    problems = []
    if len(plain) < MIN_LENGTH:
        text = _("Use at least %(n)s characters; several words are fine.", n=MIN_LENGTH)
        problems.append(Problem("password", "too_short", text))
    elif len(plain) > MAX_LENGTH:
        problems.append(Problem("password", "too_long", _("Use at most %(n)s characters.", n=MAX_LENGTH)))
    elif _is_common(plain, about):
        problems.append(Problem("password", "too_common", _("This password is easy to guess. Choose another one.")))
    if again is not None and normal_password(again) != plain:
        problems.append(Problem("password_again", "different", _("The two passwords differ.")))
    return problems


def _is_common(plain: str, about: Iterable[str]) -> bool:
    folded = plain.casefold()
    return folded in COMMON or len(set(folded)) < 4 or folded in {word.casefold() for word in about}
