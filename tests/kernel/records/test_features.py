"""Quiet by default: a feature is a row; one switch governs every surface, in every process, without restart."""

import os
import subprocess
import sys
import time
from typing import Any

import pytest

from erp.company.branch import Branch
from erp.kernel.change import Work, find, save
from erp.kernel.change.described import described
from erp.kernel.change.features import switch_feature
from erp.kernel.errors import Conflict, NotAllowed, Problems
from erp.kernel.records.features import feature, features_on
from erp.kernel.records.setup import forget_setup
from erp.kernel.rights import Actor
from erp.parties.customer import Customer
from erp.parties.features import TERRITORIES
from erp.parties.territory import Territory
from erp.people.employee import Employee
from tests.architecture.source import ROOT
from tests.kernel.house import Browser, House
from tests.selling.shop import Shop

ROASTING = feature("test.roasting", "Roasting")
BLENDS = feature("test.blends", "Blends", needs=("test.roasting",))


def turn(work: Work, key: str, *, on: bool) -> None:
    switch_feature(work, key, on=on)
    work.session.flush()
    forget_setup()


def turned(house: House, key: str, *, on: bool) -> None:
    house.does(lambda work: switch_feature(work, key, on=on))


EXPECTED = {"approval_receipts"}


def test_everything_is_off_until_somebody_wants_it_but_what_people_expect(shop: Shop) -> None:
    assert features_on(shop.work.session) == EXPECTED
    turn(shop.work, "approval_receipts", on=False)
    assert features_on(shop.work.session) == frozenset()


def test_what_a_feature_needs_comes_with_it_and_goes_before_it(shop: Shop) -> None:
    turn(shop.work, BLENDS.key, on=True)
    assert features_on(shop.work.session) - EXPECTED == {"test.roasting", "test.blends"}
    turn(shop.work, ROASTING.key, on=False)
    assert features_on(shop.work.session) - EXPECTED == frozenset()
    turn(shop.work, ROASTING.key, on=True)
    assert features_on(shop.work.session) - EXPECTED == {"test.roasting", "test.blends"}


def test_only_who_may_switches(shop: Shop) -> None:
    shop.work.actor = Actor(user_id=7, roles=frozenset({"sales"}), companies=None)
    with pytest.raises(NotAllowed):
        switch_feature(shop.work, TERRITORIES.key, on=True)


def test_a_field_a_filter_and_the_link_to_a_kind_follow_the_switch(shop: Shop) -> None:
    for view in ("form", "list", "api", "print"):
        assert described(shop.work, "customer", view).get("territory") is None
    assert described(shop.work, "employee").get("branch") is None
    turn(shop.work, TERRITORIES.key, on=True)
    assert described(shop.work, "customer", "list")["territory"].in_filter
    assert described(shop.work, "employee").get("branch") is None


def test_nothing_new_is_made_of_what_is_off(shop: Shop) -> None:
    with pytest.raises(Conflict):
        save(shop.work, Territory, {"code": "N", "name": "North"})
    turn(shop.work, TERRITORIES.key, on=True)
    north: Any = save(shop.work, Territory, {"code": "N", "name": "North"})
    customer = find(shop.work, Customer, shop.ledger.customer)
    save(shop.work, Customer, {"territory": {"code": "N"}}, customer)
    turn(shop.work, TERRITORIES.key, on=False)
    with pytest.raises(Problems) as refused:
        save(shop.work, Customer, {"territory": None}, customer)
    assert [(one.field, one.code) for one in refused.value.problems] == [("territory", "feature_off")]
    assert find(shop.work, Territory, north.id).name == "North"


@pytest.fixture
def house_with_north(house: House) -> House:
    """A customer in the territory North, entered while territories were on; then they were switched off."""
    turned(house, TERRITORIES.key, on=True)

    def enter(work: Work) -> None:
        save(work, Territory, {"code": "N", "name": "North"})
        customer = work.session.query(Customer).one()
        save(work, Customer, {"territory": {"code": "N"}}, find(work, Customer, customer.id))

    house.does(enter)
    turned(house, TERRITORIES.key, on=False)
    forget_setup()
    return house


def surfaces(house: House, ben: Browser) -> dict[str, bool]:
    """Return where territories are offered."""
    customer = house.value("SELECT id FROM customer")
    program = house.sign_in(ben.user)
    return {
        "form": 'name="territory"' in ben.get("/customers/new").text,
        "filter": "ff-territory" in ben.get("/customers").text,
        "settings": 'href="/territories"' in ben.get("/settings").text,
        "palette": "New territory" in ben.get("/palette?q=territ&pages=1").text,
        "new": ben.get("/territories/new").status_code == 200,
        "role table": 'value="territory"' in ben.get("/settings/roles/sales").text,
        "REST docs": "/api/v1/territories" in program.get("/api/v1/openapi.json").get_json()["paths"],
        "REST fields": "territory" in schema_of(program),
        "REST kinds": "territories" in program.get("/api/v1/kinds").text,
        "REST filter": program.get("/api/v1/customers?territory=1").status_code == 200,
        "editable": f'action="/customers/{customer}"' in ben.get(f"/customers/{customer}").text
        and 'name="territory"' in ben.get(f"/customers/{customer}").text.replace("readonly", ""),
    }  # fmt: skip


def schema_of(browser: Browser) -> str:
    """Return how the API describes a new customer."""
    return str(browser.get("/api/v1/openapi.json").get_json()["components"]["schemas"]["CustomerNew"]["properties"])


def test_one_switch_governs_every_surface(house: House) -> None:
    ben = house.browser("ben")
    off = surfaces(house, ben)
    assert not any(off.values()), off
    answer = ben.post(f"/settings/features/{TERRITORIES.key}", {"on": "1"})
    assert answer.status_code == 303
    on = surfaces(house, ben)
    assert all(on.values()), on
    ben.post(f"/settings/features/{TERRITORIES.key}", {"on": "0"})
    assert surfaces(house, ben) == off
    trail = house.value("SELECT GROUP_CONCAT(changes ORDER BY id) FROM audit_entry WHERE kind = 'feature'")
    assert trail == '{"parties.territories": [false, true]},{"parties.territories": [true, false]}'


def test_what_was_entered_stays_readable_when_the_feature_is_off(house_with_north: House) -> None:
    ben, ada = house_with_north.browser("ben"), house_with_north.program("ada")
    customer = house_with_north.value("SELECT id FROM customer")
    page = ben.get(f"/customers/{customer}").text
    field = page[page.index('id="f-territory"') - 20 :][:300]
    assert 'value="North"' in field
    assert "readonly" in field
    assert ada.get(f"customers/{customer}").get_json()["territory"]["label"] == "North"
    assert ben.get("/territories").status_code == 200
    assert "North" in ben.get("/territories").text
    assert ben.get("/territories/new").status_code == 409


def test_saving_a_form_does_not_lose_what_is_off(house_with_north: House) -> None:
    ben = house_with_north.browser("ben")
    customer = house_with_north.value("SELECT id FROM customer")
    form = {"_form": "customer", "version": ben.version(f"/customers/{customer}"), "code": "C", "name": "Renamed"}
    assert ben.post(f"/customers/{customer}", form).status_code == 303
    assert house_with_north.value("SELECT territory_id FROM customer") is not None


WATCH = """
import sys, time
from erp.kernel.web.application import create_app
from erp.kernel.change.described import described
from erp.kernel.change.work import reading
from erp.kernel.rights import system_actor
app = create_app()
with app.app_context():
    seen = None
    while True:
        with reading(system_actor("other process")) as work:
            now = described(work, "customer").get("territory") is not None
        if now != seen:
            print("on" if now else "off", flush=True)
            seen = now
        time.sleep(0.1)
"""


def test_other_processes_see_the_switch_within_seconds(house: House) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    other = subprocess.Popen(
        [sys.executable, "-c", WATCH], stdout=subprocess.PIPE, env=environment, text=True, cwd=ROOT
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "off\n"
        started = time.monotonic()
        turned(house, TERRITORIES.key, on=True)
        assert other.stdout.readline() == "on\n"
        turned(house, TERRITORIES.key, on=False)
        assert other.stdout.readline() == "off\n"
        assert time.monotonic() - started < 60, "a switch acts within seconds; minutes mean that it waits for a restart"
    finally:
        other.kill()
        other.wait()


def test_branches_are_a_feature_of_their_own(shop: Shop) -> None:
    turn(shop.work, "company.branches", on=True)
    branch: Any = save(shop.work, Branch, {"company": shop.ledger.company, "code": "B", "name": "Harbour"})
    employee: Any = save(shop.work, Employee, {"company": shop.ledger.company, "code": "E", "name": "Eve",
                                               "branch": {"code": "B"}})  # fmt: skip
    assert employee.branch_id == branch.id
