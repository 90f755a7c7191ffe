"""Sessions, tokens and the rights in force, in the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from erp.kernel.change.work import Work
from erp.kernel.errors import Conflict, Problems
from erp.kernel.rights import commands, may, sessions, tokens, who_may
from erp.kernel.rights.loading import actor_of, identify_session, identify_token
from erp.kernel.rights.seed import seed_rights
from erp.kernel.rights.tables import Role, RoleRight
from erp.kernel.rights.user import User


@pytest.fixture
def ada(work: Work) -> User:
    seed_rights(work.session)
    commands.add_role(work, "clerk", "Clerk")
    clerk = work.session.scalars(select(Role).where(Role.code == "clerk")).one()
    commands.set_right(work, clerk, "branch", "read", "own")
    return commands.add_user(work, " Ada ", "Ada", email="Ada@Example.com", roles=["clerk"], companies=[3])


def test_a_login_is_kept_folded(ada: User):
    assert (ada.login, ada.email) == ("ada", "ada@example.com")


def test_a_taken_login_and_an_unknown_role_are_told_together(work: Work, ada: User):
    with pytest.raises(Problems) as refused:
        commands.add_user(work, "ADA", "Other", email="ada@example.com", roles=["wizard"])
    assert [one.code for one in refused.value.problems] == ["taken", "taken", "unknown_role"]


def test_the_cookie_opens_until_idle_expired_or_revoked(work: Work, ada: User):
    sid, row = sessions.open_session(work.session, ada.id, now=work.now)
    found = identify_session(work.session, sid, work.now)
    assert found is not None
    assert (found.actor.login, found.actor.companies, found.actor.roles) == ("ada", {3}, {"clerk"})
    assert identify_session(work.session, sid[:-1] + "x", work.now) is None
    assert identify_session(work.session, sid, work.now + sessions.IDLE) is None
    sessions.end_session(work.session, row.id, work.now)
    assert identify_session(work.session, sid, work.now) is None


def test_the_table_keeps_no_cookie(work: Work, ada: User):
    sid, row = sessions.open_session(work.session, ada.id, now=work.now)
    assert sid.encode() not in row.hash
    assert len(row.hash) == 32


def test_a_right_taken_away_acts_at_the_next_request(work: Work, ada: User):
    before = actor_of(work.session, ada.id)
    assert before is not None
    assert may(before, "read", "branch")
    clerk = work.session.scalars(select(Role).where(Role.code == "clerk")).one()
    commands.set_right(work, clerk, "branch", "read", "none")
    after = actor_of(work.session, ada.id)
    assert after is not None
    assert not may(after, "read", "branch")
    assert after.rights_version > before.rights_version


def test_an_archived_user_is_out_at_once(work: Work, ada: User):
    sid, _row = sessions.open_session(work.session, ada.id, now=work.now)
    token, _kept = tokens.make_token(work.session, ada.id, ["all"], now=work.now)
    ada.state = "archived"
    work.session.flush()
    assert identify_session(work.session, sid, work.now) is None
    assert identify_token(work.session, token, work.now) is None


def test_seeding_again_adds_nothing_and_gives_nothing_back(work: Work, ada: User):
    taken = work.session.scalars(select(RoleRight).where(RoleRight.scope == "all").limit(1)).one()
    role = work.session.get_one(Role, taken.role_id)
    commands.set_right(work, role, taken.kind, taken.verb, "none")
    assert seed_rights(work.session) == 0
    assert work.session.scalars(select(RoleRight.scope).where(RoleRight.id == taken.id)).one() == "none"


def test_a_token_opens_with_its_own_secret_scopes_and_company_only(work: Work, ada: User):
    text, row = tokens.make_token(
        work.session, ada.id, ["branches:read"], now=work.now, company_id=4, life=timedelta(days=1)
    )
    found = identify_token(work.session, text, work.now)
    assert found is not None
    assert found.actor.token_id == row.id
    assert found.actor.companies == frozenset()
    assert may(found.actor, "read", "branch")
    assert not may(found.actor, "update", "branch")
    assert identify_token(work.session, text[:-1] + ("a" if text[-1] != "a" else "b"), work.now) is None
    assert identify_token(work.session, text, work.now + timedelta(days=1)) is None
    assert identify_token(work.session, "erp_1_short", work.now) is None


def test_unknown_scopes_are_refused(work: Work, ada: User):
    with pytest.raises(Problems) as refused:
        tokens.make_token(work.session, ada.id, ["everything", "branches"], now=work.now)
    assert [one.code for one in refused.value.problems] == ["unknown_scope", "unknown_scope"]


def test_the_last_administrator_stays(work: Work, ada: User):
    root = commands.add_user(work, "root", "Root", roles=["administrator"])
    with pytest.raises(Conflict):
        commands.set_roles(work, root, [], [])


def test_who_may_names_users_of_the_company_without_the_one_who_asks(work: Work, ada: User):
    ben = commands.add_user(work, "ben", "Ben", roles=["clerk"], companies=[3, 4])
    assert who_may(work.session, "read", "branch", company_id=4) == [(ben.id, "Ben")]
    assert who_may(work.session, "read", "branch", company_id=3, but=ben.id) == [(ada.id, "Ada")]
