"""Proof that a request comes from our own page."""

import pytest

from erp.kernel.rights import csrf

SECRET = csrf.new_secret()


def test_every_answer_masks_the_secret_anew_and_each_mask_is_accepted():
    one, other = csrf.masked(SECRET), csrf.masked(SECRET)
    assert one != other
    assert csrf.is_valid(one, SECRET)
    assert csrf.is_valid(other, SECRET)


WRONG = {
    "nothing": "", "short": "x", "no ASCII": "Ä", "padding": "=" * 9, "another secret": csrf.masked(csrf.new_secret()),
    "cut off": csrf.masked(SECRET)[:-4],
}  # fmt: skip


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG.keys())
def test_anything_else_is_refused(token: str):
    assert not csrf.is_valid(token, SECRET)


@pytest.mark.parametrize(
    ("fetch_site", "origin", "foreign"),
    [
        (None, None, False),
        ("same-origin", "https://erp.example", False),
        ("none", None, False),
        ("cross-site", None, True),
        ("same-site", None, True),
        (None, "https://evil.example", True),
        (None, "null", True),
        ("same-origin", "https://behind.proxy.example", False),
        (None, "https://ERP.example", False),
    ],
)
def test_the_browser_tells_when_another_site_sent_it(fetch_site: str | None, origin: str | None, foreign: bool):
    assert csrf.is_foreign(fetch_site, origin, ["erp.example"]) is foreign
