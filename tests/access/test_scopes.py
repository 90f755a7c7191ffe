"""Scopes narrower than a company: one's own records, one's territory, on reading and on changing alike."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from erp.kernel.change.find import find
from erp.kernel.change.save import save
from erp.kernel.change.verbs import perform, verbs_now
from erp.kernel.change.work import Work
from erp.kernel.errors import NotAllowed, NotFound
from erp.kernel.live.views import topic_rooms
from erp.kernel.records import kind_of
from erp.kernel.rights import commands
from erp.kernel.rights.loading import actor_of
from erp.kernel.rights.seed import seed_rights
from erp.kernel.rights.tables import Role
from erp.kernel.rights.user import User
from tests.access.makers import Made, make_all

CUSTOMER = "customer"


@pytest.fixture
def ada(work: Work) -> User:
    seed_rights(work.session)
    commands.add_role(work, "clerk", "Clerk")
    return commands.add_user(work, "ada", "Ada", roles=["clerk"])


@pytest.fixture
def made(app: Flask, work: Work, ada: User) -> Made:
    return make_all(work.session, ada.id)


def as_ada(work: Work, ada: User, **scopes: str) -> Work:
    """Return a unit of work of Ada, whose role may do each verb with customers in a scope."""
    role = work.session.scalars(select(Role).where(Role.code == "clerk")).one()
    for verb, scope in scopes.items():
        commands.set_right(work, role, CUSTOMER, verb, scope)
    actor = actor_of(work.session, ada.id)
    assert actor is not None
    return Work(work.session, actor)


def test_what_one_may_read_but_only_change_when_it_is_one_s_own(work: Work, ada: User, made: Made):
    hers = as_ada(work, ada, read="all", update="own", archive="own")
    kind = kind_of(CUSTOMER)
    mine, other = (find(hers, kind, made[CUSTOMER, place]) for place in ("mine", "A"))
    save(hers, kind, {"name": "Mine"}, mine)
    with pytest.raises(NotAllowed):
        save(hers, kind, {"name": "Not mine"}, other)
    with pytest.raises(NotAllowed):
        perform(hers, kind, other.id, "archival", {})
    assert "archive" in {verb.verb for verb in verbs_now(hers, mine)}
    assert verbs_now(hers, other) == []


def test_a_territory_opens_its_customers_alone(work: Work, ada: User, made: Made):
    kind = kind_of(CUSTOMER)
    territory = made["territory", "A"]
    work.session.execute(update(kind.__table__).where(kind.id == made[CUSTOMER, "B"]).values(territory_id=territory))
    commands.set_roles(work, ada, ["clerk"], [commands.EVERY_COMPANY, f"territory:{territory}"])
    hers = as_ada(work, ada, read="territory")
    assert find(hers, kind, made[CUSTOMER, "B"]).id == made[CUSTOMER, "B"]
    with pytest.raises(NotFound):
        find(hers, kind, made[CUSTOMER, "A"])
    assert topic_rooms(hers, {"kind": CUSTOMER, "id": made[CUSTOMER, "B"]})
    assert not topic_rooms(hers, {"kind": CUSTOMER, "id": made[CUSTOMER, "A"]})
