"""Passwords: what is accepted, what matches."""

import pytest

from erp.kernel.rights import passwords

GOOD = "matcha and azuki"


def test_a_password_matches_its_hash_alone():
    stored = passwords.hash_password(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(GOOD, stored)
    assert not passwords.matches(GOOD + "!", stored)
    assert not passwords.is_outdated(stored)


def test_full_width_characters_are_the_same_password():
    assert passwords.matches("ｍatcha and azuki", passwords.hash_password(GOOD))


def test_an_unknown_user_never_matches():
    assert not passwords.matches(GOOD, None)
    assert not passwords.matches("nobody has this password", None)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("x" * 300, "too_long"),
        ("passwordpassword", "too_common"),
        ("ababababababab", "too_common"),
        ("ada@example.com", "too_common"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(password: str, code: str):
    problems = passwords.password_problems(password, password, about=("ada@example.com",))
    assert [problem.code for problem in problems] == [code]


def test_the_repetition_must_be_equal():
    assert [p.code for p in passwords.password_problems(GOOD, GOOD + "x")] == ["different"]
    assert passwords.password_problems(GOOD, GOOD) == []
