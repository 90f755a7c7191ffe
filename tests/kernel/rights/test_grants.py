"""May this actor? The table of roles and verbs, without a database."""

from dataclasses import dataclass

import pytest

from erp.kernel.rights import Actor, anonymous, field_level, may, read_scopes, system_actor
from erp.kernel.rights.grants import RightsTable

TABLE = RightsTable(
    1,
    {
        "sales": {("order", "read"): "own", ("order", "create"): "all", ("order", "approve"): "none"},
        "branch_head": {("order", "read"): "branch"},
        "auditor": {("*", "read"): "all"},
    },
    {"sales": {("order", "margin"): "hidden"}, "branch_head": {("order", "margin"): "read"}},
)


def an_actor(*roles: str, **more: object) -> Actor:
    return Actor(user_id=7, roles=frozenset(roles), rights=TABLE, **more)  # type: ignore[arg-type]


@dataclass
class Order:
    created_by_id: int
    branch_id: int = 0
    __scope_keys__ = {"branch": "branch_id"}


def test_a_role_may_what_its_row_says_and_nothing_else():
    assert may(an_actor("sales"), "create", "order")
    assert not may(an_actor("sales"), "submit", "order")
    assert not may(an_actor("sales"), "create", "item")


def test_a_right_taken_away_is_none():
    assert not may(an_actor("sales"), "approve", "order")


def test_two_roles_add_up():
    assert read_scopes(an_actor("sales", "branch_head"), "order") == {"own", "branch"}


def test_any_kind_is_read_by_the_auditor_alone():
    assert read_scopes(an_actor("auditor"), "payment") == {"all"}
    assert read_scopes(an_actor("sales"), "payment") == frozenset()


def test_own_covers_only_what_one_made():
    assert may(an_actor("sales"), "read", "order", Order(created_by_id=7))
    assert not may(an_actor("sales"), "read", "order", Order(created_by_id=8))


def test_a_scope_key_covers_the_records_of_that_key():
    head = an_actor("branch_head", keys=frozenset({"branch:3"}))
    assert may(head, "read", "order", Order(created_by_id=8, branch_id=3))
    assert not may(head, "read", "order", Order(created_by_id=8, branch_id=4))


def test_nobody_may_nothing_and_the_system_everything():
    assert not may(anonymous(), "read", "order")
    assert may(system_actor("migrate"), "delete", "order")
    assert not system_actor().is_anonymous


def test_an_administrator_may_everything():
    assert may(an_actor(is_admin=True), "delete", "order")
    assert read_scopes(an_actor(is_admin=True), "order") == {"all"}


@pytest.mark.parametrize(
    ("scopes", "verb", "allowed"),
    [
        ({"all"}, "create", True),
        ({"order:create"}, "create", True),
        ({"order:*"}, "create", True),
        ({"order:read"}, "create", False),
        ({"realtime"}, "create", False),
        (set(), "create", False),
    ],
)
def test_a_token_narrows_the_rights_of_its_user(scopes: set[str], verb: str, allowed: bool):
    assert may(an_actor("sales", token_scopes=frozenset(scopes)), verb, "order") is allowed


def test_a_token_never_widens_them():
    assert not may(an_actor("sales", token_scopes=frozenset({"all"})), "submit", "order")


def test_an_administrators_token_is_narrow_too():
    assert not may(an_actor(is_admin=True, token_scopes=frozenset({"order:read"})), "update", "order")


def test_a_field_is_hidden_from_one_role_and_readable_by_another():
    assert field_level(an_actor("sales"), "order", "margin") == "hidden"
    assert field_level(an_actor("sales", "branch_head"), "order", "margin") == "read"
    assert field_level(an_actor("sales"), "order", "total") == "write"
    assert field_level(an_actor("auditor"), "order", "margin") == "write"
