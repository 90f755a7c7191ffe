"""Comments, notifications and the history that they join."""

import re
from pathlib import Path

import pytest

from erp.company.company import Company
from erp.kernel.change import Work, commands_of, save
from erp.kernel.errors import Problems
from erp.kernel.format import Format
from erp.kernel.paper.files import store
from erp.kernel.paper.mail import send_mail
from erp.kernel.paper.notifications import N_, notice
from erp.kernel.records import all_kinds
from erp.kernel.rights import commands
from erp.kernel.rights.actor import Actor
from erp.kernel.rights.user import User
from erp.kernel.talk.centre import latest, mark_read, unread
from erp.kernel.talk.comments import comment, comments_of
from erp.kernel.talk.deeds import deeds
from erp.kernel.talk.timeline import timeline
from erp.kernel.text import in_language

ROOT = Path(__file__).parents[3]
AUDITED = re.compile(r'\baudit\(\s*work, "(\w+)"')


def a_user(work: Work, login: str) -> User:
    user = User(code=login, name=login.title())
    work.session.add(user)
    work.session.flush()
    return user


def test_a_comment_is_kept_and_the_named_are_told(work: Work, company: Company) -> None:
    kai = commands.add_user(work, "kai.talk", "Kai", roles=["administrator"], companies=[])
    a_user(work, "nobody")
    comment(work, company, "  Ask @kai.talk. and @nobody, not a@b.example \n\n")
    assert [row.text for row in comments_of(work, company)] == ["Ask @kai.talk. and @nobody, not a@b.example"]
    work.actor = Actor(user_id=kai.id, name="Kai")
    (told,) = latest(work)
    assert told.text == "test mentioned you at ㈱髙橋商店"
    assert told.url == f"/companies/{company.id}"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 10_001])
def test_an_empty_or_endless_comment_is_refused(work: Work, company: Company, text: str) -> None:
    with pytest.raises(Problems):
        comment(work, company, text)


def test_notifications_are_one_s_own_and_read_in_one_s_language(work: Work) -> None:
    notice(work, 71, N_("%(name)s is ready"), values={"name": "SI-1.pdf"})
    notice(work, 72, N_("%(name)s is ready"), values={"name": "SI-2.pdf"})
    work.actor = Actor(user_id=71, name="Kai")
    assert unread(work) == 1
    with in_language("ja"):
        assert [row.text for row in latest(work)] == ["SI-1.pdf ができました"]
    assert mark_read(work) == 1
    assert (unread(work), mark_read(work)) == (0, 0)
    work.actor = Actor(user_id=72, name="Ann")
    assert unread(work) == 1


def test_the_history_joins_what_happened_and_escapes_what_people_wrote(work: Work, company: Company) -> None:
    save(work, Company, {"city": "東京"}, company, version=company.version)
    comment(work, company, "<b>bold</b>")
    store(work, "<i>.txt", b"x", "text/plain", company)
    send_mail(work, to=["kai@example.com"], subject="Hi", text="Hi", about=company)
    told = timeline(work, company, Format())
    words = [str(one["text"]) for one in told["newest"]]
    assert any("kai@example.com" in text for text in words)
    assert any("&lt;i&gt;.txt" in text and "<i>" not in text for text in words)
    assert "changed <b>City</b> from 横浜市 to 東京" in words
    assert "created this" in words
    assert "&lt;b&gt;bold&lt;/b&gt;" in [str(one["said"]) for one in told["newest"]]


def test_what_was_done_reads_as_a_sentence_with_a_verb_for_every_verb_there_is() -> None:
    actions = {action for path in (ROOT / "erp").rglob("*.py") for action in AUDITED.findall(path.read_text("utf-8"))}
    assert {"submit", "cancel", "sign_in", "roles"} <= actions
    assert actions - set(deeds()) - {"update", "switch"} == set()
    own = [one for kind in all_kinds() for one in commands_of(kind.__kind__)]
    assert {"invoice", "pay", "close"} <= {one.verb for one in own}
    assert [f"{one.kind}.{one.verb}" for one in own if not one.told] == []
