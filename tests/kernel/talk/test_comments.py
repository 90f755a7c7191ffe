"""Who is told of a remark, how it changes, and the signs at it."""

import pytest

from erp.kernel.errors import NotAllowed, NotFound, Problems
from erp.kernel.talk.centre import latest
from erp.kernel.talk.comments import change_comment, comment, comments_of, react, signs_of, versions_of
from erp.kernel.talk.following import follow, followers, follows
from erp.kernel.talk.marks import marked
from erp.kernel.talk.people import offered, who_see
from tests.kernel.flows.conftest import Office


def told(office: Office, login: str) -> list[str]:
    return [row.text for row in latest(office.as_(login))]


def test_a_role_calls_everybody_who_has_it_and_may_see_the_document(office: Office):
    order = office.order("1")
    office.hire("gus")
    comment(office.as_("mia"), order, "@section and @gus, please look")
    assert told(office, "cho") == [f"Mia mentioned you at {order.title}"]
    assert (told(office, "gus"), told(office, "bu")) == ([], [])


def test_only_who_may_see_a_document_is_offered_and_never_somebody_of_another_company(office: Office):
    order = office.order("1")
    office.hire("gus")
    names = [name for name, _words, _sort in offered(office.as_("mia"), order, "")]
    assert "gus" not in names
    assert "cho" in names
    assert [name for name, _words, _sort in offered(office.as_("mia"), order, "sec")] == ["section"]
    assert [name for name, _words, _sort in offered(office.as_("mia"), order, "bo")] == ["board"]
    assert "mia" in [one.login for one in who_see(office.as_("mia"), order)]


def test_a_writer_changes_his_remark_and_what_it_said_is_kept(office: Office):
    order, mia = office.order("1"), office.as_("mia")
    said = comment(mia, order, "Ships Friday, @cho")
    change_comment(mia, order, said.id, "Ships Monday, @cho and @bu")
    assert [(row.text, row.edited_at is not None) for row in comments_of(mia, order)] == [
        ("Ships Monday, @cho and @bu", True)
    ]
    assert [row.text for row in versions_of(mia, [said])[said.id]] == ["Ships Friday, @cho"]
    assert len(told(office, "cho")) == 1
    assert told(office, "bu") == [f"Mia mentioned you at {order.title}"]
    with pytest.raises(NotAllowed):
        change_comment(office.as_("cho"), order, said.id, "No")
    with pytest.raises(NotFound):
        change_comment(mia, office.order("1"), said.id, "Elsewhere")
    with pytest.raises(Problems):
        change_comment(mia, order, said.id, " ")


def test_a_sign_is_put_and_taken_away_by_the_same_person(office: Office):
    order = office.order("1")
    said = comment(office.as_("mia"), order, "Done")
    for login in ("cho", "bu"):
        assert react(office.as_(login), order, said.id, "agree")
    assert not react(office.as_("cho"), order, said.id, "agree")
    signs = signs_of(office.work, [said])[said.id]
    assert {sign: [row.user_name for row in rows] for sign, rows in signs.items()} == {"agree": ["Bu"]}
    with pytest.raises(Problems):
        react(office.as_("cho"), order, said.id, "<b>")


def test_who_has_to_do_with_a_document_follows_it_until_he_says_no(office: Office):
    order = office.order("1")
    comment(office.as_("cho"), order, "I look after this")
    assert follows(office.as_("cho"), order)
    comment(office.as_("mia"), order, "Thank you")
    comment(office.as_("mia"), order, "And once more")
    assert told(office, "cho") == [f"Mia wrote about {order.title}"], "the same sentence is not told twice unread"
    follow(office.as_("cho"), order, is_on=False)
    comment(office.as_("bu"), order, "@cho?")
    assert not follows(office.as_("cho"), order)
    assert told(office, "cho")[0] == f"Bu mentioned you at {order.title}"
    assert office.ids["cho"] not in followers(office.as_("mia"), order)


def test_followers_hear_of_what_happens_to_it(office: Office):
    order = office.order("1")
    follow(office.as_("cho"), order, is_on=True)
    office.do("mia", order, "cancellation", reason="wrong")
    assert told(office, "cho") == [f"Mia cancelled {office.sees(order).title}"]


def test_who_may_see_a_document_no_more_hears_nothing_of_it(office: Office):
    from erp.kernel.rights import commands
    from erp.kernel.rights.user import User

    order = office.order("1")
    follow(office.as_("cho"), order, is_on=True)
    commands.set_roles(office.work, office.work.session.get_one(User, office.ids["cho"]), [], [])
    comment(office.as_("mia"), order, "Secret")
    assert told(office, "cho") == []


def test_a_remark_is_shown_escaped_with_the_named_marked_and_addresses_as_links(office: Office):
    shown = str(marked(office.as_("mia"), "<i> @cho. and @nobody, see https://example.com/a?b=1&c=2. a@cho"))
    assert shown.startswith(
        '&lt;i&gt; <span class="at">@cho</span>. and @nobody, see <a class="link" href="https://example.com/a?b=1&amp;c=2"'
    )
    assert shown.endswith("</a>. a@cho")
    assert "javascript" not in str(marked(office.as_("mia"), "javascript:alert(1)")).replace("javascript:alert(1)", "")
