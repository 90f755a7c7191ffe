"""Who has a document open and in which field: told at once, to those who may see it, and forgotten with the browser."""

import json
import time
from typing import Any

import pytest

from erp.kernel.live.rooms import room
from erp.kernel.realtime.presence import KEPT_SECONDS, Presence, field_name
from erp.kernel.redis_roles import connection
from erp.kernel.rights import commands
from erp.kernel.rights.user import User
from tests.kernel.house import Browser, House
from tests.kernel.live.conftest import Listen, Listener, eventually
from tests.kernel.live.test_realtime import CHECKED, ada, customer, sid, topic

__all__ = ["ada", "customer"]

DEAD = 30
"""Seconds after which nobody is shown any more whose browser died."""


@pytest.fixture
def presence() -> Presence:
    """The presence in an otherwise unused room of the real Redis."""
    return Presence(connection("realtime"))


@pytest.fixture
def place() -> str:
    return f"test-{time.time_ns()}"


def put_back(presence: Presence, place: str, handle: str, seconds: float) -> None:
    """Let a connection have said its last word some seconds ago."""
    key = f"presence:{place}"
    about = json.loads(presence.redis.hget(key, handle) or "{}")
    presence.redis.hset(key, handle, json.dumps(about | {"at": about["at"] - seconds}))


def test_a_repeat_tells_nobody_anything_and_a_move_does(presence: Presence, place: str):
    assert presence.enter(place, "a", 1, None) == [{"id": 1, "field": None}]
    assert presence.enter(place, "a", 1, None) is None
    assert presence.enter(place, "a", 1, "name") == [{"id": 1, "field": "name"}]


def test_of_two_browsers_of_one_person_the_one_in_a_field_counts(presence: Presence, place: str):
    presence.enter(place, "typing", 1, "name")
    assert presence.enter(place, "reading", 1, None) == [{"id": 1, "field": "name"}]
    assert presence.leave(place, "typing") == [{"id": 1, "field": None}]
    assert presence.leave(place, "typing") is None


def test_who_is_silent_is_forgotten_and_one_process_tells_it(presence: Presence, place: str):
    presence.enter(place, "dead", 1, "name")
    presence.enter(place, "alive", 2, None)
    assert presence.silent([place]) == {}
    put_back(presence, place, "dead", KEPT_SECONDS + 1)
    assert presence.users(place) == [{"id": 2, "field": None}]
    assert presence.silent([place]) == {place: [{"id": 2, "field": None}]}
    assert presence.silent([place]) == {}


def test_nothing_is_left_in_redis_when_everybody_died(presence: Presence, place: str):
    presence.enter(place, "a", 1, None)
    assert 0 < presence.redis.ttl(f"presence:{place}") <= DEAD


@pytest.mark.parametrize("sent", ["", "x" * 101, "costs 12,00 €", "<b>", "a\nb", 7, None, ["name"]])
def test_what_is_no_name_of_a_field_is_told_to_nobody(sent: Any):
    assert field_name(sent) is None
    assert field_name("lines.12.quantity") == "lines.12.quantity"


def test_when_redis_forgot_everything_the_next_repeat_puts_it_back(
    house: House, ada: Browser, customer: int, listen: Listen, presence: Presence
):
    ben = house.browser("ben", "sales")
    hers, his = present(listen, ada, customer), present(listen, ben, customer)
    presence.redis.flushall()
    here(his, customer)
    here(hers, customer, "name")
    both = {(ada.user, "name"), (ben.user, None)}
    eventually(lambda: {(one["id"], one["field"]) for one in hers.all("presence")[-1]["users"]} == both)


@pytest.mark.slow
def test_a_browser_that_died_is_gone_within_thirty_seconds(house: House, ada: Browser, customer: int, listen: Listen):
    ben = house.browser("ben", "sales")
    hers, his = present(listen, ada, customer), present(listen, ben, customer)
    last = time.monotonic()
    eventually(lambda: people(hers) == {ada.user, ben.user})
    while people(hers) != {ada.user}:
        assert time.monotonic() - last < DEAD, "he is still shown"
        here(hers, customer)
        time.sleep(1)
    assert not his.closed


def test_who_may_not_see_the_document_any_more_is_gone_from_it(
    house: House, ada: Browser, customer: int, listen: Listen
):
    ben = house.user("ben", "sales")
    hers, _his = present(listen, ada, customer), present(listen, house.sign_in(ben), customer)
    eventually(lambda: people(hers) == {ada.user, ben})
    house.does(lambda work: commands.set_roles(work, work.session.get_one(User, ben), [], []))
    eventually(lambda: people(hers) == {ada.user}, CHECKED)


def test_names_are_told_of_those_who_are_there_to_those_who_see_the_document(
    house: House, ada: Browser, customer: int, listen: Listen
):
    ben, far = house.browser("ben", "sales"), house.browser("carl", "sales")
    page = present(listen, ben, customer)
    page.wait("presence")
    shown = ada.get(f"/customers/{customer}/viewers", HX_Request="true")
    assert f'data-user="{ben.user}"' in shown.text
    assert "Ben is reading" in shown.text
    assert f'data-user="{far.user}"' not in shown.text
    nora = house.sign_in(house.user("nora"))
    assert nora.get(f"/customers/{customer}/viewers").status_code == 404


def test_a_room_is_read_under_the_name_that_it_is_written_under(customer: int, presence: Presence, house: House):
    """The page's fragment and the realtime process meet in Redis by nothing but the name of the room."""
    presence.enter(room("customer", customer), "x", house.user("zoe", "sales"), None)
    assert "Zoe" in house.browser("ada").get(f"/customers/{customer}/viewers").text


def present(listen: Listen, browser: Browser, customer: int) -> Listener:
    """Open the customer's page and say so."""
    page = listen(sid=sid(browser))
    page.watch(topic("customer", customer))
    here(page, customer)
    return page


def here(page: Listener, customer: int, field: str | None = None) -> None:
    page.client.emit("here", {"kind": "customer", "id": customer, "field": field})


def people(page: Listener) -> set[int]:
    told = page.all("presence")
    return {one["id"] for one in told[-1]["users"]} if told else set()
