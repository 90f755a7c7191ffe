"""The operator's commands for users and tokens."""

import json

import pytest
from click.testing import CliRunner, Result

from erp.kernel.change.work import Work
from erp.kernel.rights import may
from erp.kernel.rights.cli import token, user
from erp.kernel.rights.loading import actor_by_login, identify_token


@pytest.fixture
def ada(work: Work) -> Result:
    return CliRunner().invoke(
        user, ["add", "Ada", "--role", "sales", "--password-stdin", "--json"], input="matcha and azuki\n"
    )


def test_a_user_is_added_with_a_role(work: Work, ada: Result):
    assert (ada.exit_code, json.loads(ada.output)["login"]) == (0, "ada")
    actor = actor_by_login(work.session, "ada")
    assert actor is not None
    assert (actor.roles, actor.companies) == ({"sales"}, None)


def test_every_problem_is_told_and_the_exit_is_1(work: Work, ada: Result):
    again = CliRunner().invoke(user, ["add", "ada", "--role", "wizard", "--password-stdin"], input="short\n")
    assert again.exit_code == 1
    assert [line.split(":")[0] for line in again.stderr.splitlines()] == ["login", "roles", "password"]


def test_a_token_is_the_last_word_on_its_line(work: Work, ada: Result):
    made = CliRunner().invoke(
        token, ["create", "--user", "ada", "--scope", "customers:read,realtime", "--expires-in", "90d"]
    )
    assert made.exit_code == 0
    found = identify_token(work.session, made.output.split()[-1], work.now)
    assert found is not None
    assert found.actor.token_scopes == {"customers:read", "realtime"}
    assert may(found.actor, "read", "customer")
    assert not may(found.actor, "create", "customer")


def test_wrong_use_exits_with_2_and_unknown_scopes_with_1(work: Work, ada: Result):
    run = CliRunner().invoke
    assert run(token, ["create", "--user", "ada", "--scope", "all", "--expires-in", "soon"]).exit_code == 2
    assert run(token, ["create", "--user", "ada"]).exit_code == 2
    assert run(token, ["create", "--user", "ada", "--scope", "everything"]).exit_code == 1
    assert run(token, ["create", "--user", "nobody", "--scope", "all"]).exit_code == 1
    as_json = run(token, ["create", "--user", "ada", "--scope", "all", "--json"])
    assert set(json.loads(as_json.output)) == {"id", "token"}
