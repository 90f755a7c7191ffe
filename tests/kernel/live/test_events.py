"""A developer's own event reaches whom it is meant for, and nobody else."""

import time
from collections.abc import Iterator

import pytest
from redis.client import PubSub

from erp.kernel.change.work import Work
from erp.kernel.live import events, publish
from erp.kernel.live.rooms import room
from erp.kernel.live.views import event_rooms, topic_rooms
from erp.kernel.redis_roles import connection
from erp.kernel.rights.actor import Actor
from tests.accounts.makers import books

ADA = Actor(user_id=7, roles=frozenset({"sales"}), companies=frozenset({3}))


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    kept = dict(events._events)
    for audience in events.AUDIENCES:
        events.event(f"test.{audience}", audience=audience, reasons=("late",))
    yield
    events._events.clear()
    events._events.update(kept)


def test_a_connection_hears_what_is_meant_for_its_user_roles_and_companies(work: Work):
    rooms = event_rooms(work.session, ADA)
    heard = [("test.user", "user:7"), ("test.role", "role:sales"), ("test.company", "company:3")]
    assert {room("event", *one) for one in heard} <= set(rooms)
    for name, to in (("test.user", "user:8"), ("test.role", "role:accounts"), ("test.company", "company:4")):
        assert room("event", name, to) not in rooms


def test_an_event_of_a_document_is_heard_by_who_watches_it(work: Work):
    customer = books(work).customer
    rooms = topic_rooms(work, {"kind": "customer", "id": customer})
    assert room("event", "test.document", f"customer:{customer}") in rooms


@pytest.mark.parametrize(("to", "reason"), [("company:3", "early"), ("user:7", "late"), ("company:", "late")])
def test_an_event_goes_nowhere_else_and_says_nothing_else(work: Work, to: str, reason: str):
    with pytest.raises(ValueError, match=r"test\.company"):
        publish(work, "test.company", to=to, reason=reason)


def test_an_event_that_nobody_declared_is_refused(work: Work):
    with pytest.raises(LookupError):
        publish(work, "test.unknown", to="user:7")


def test_an_event_is_sent_after_the_commit_only(work: Work):
    listening = connection("realtime").pubsub()
    listening.subscribe("flask-socketio")
    assert listening.get_message(timeout=10)["type"] == "subscribe"
    publish(work, "test.company", to="company:3", ref={"loan": 12}, reason="late")
    wanted = room("event", "test.company", "company:3").encode()
    assert _message(listening, wanted, 0.2) is None
    work.tell()
    sent = _message(listening, wanted, 10)
    listening.close()
    assert sent is not None
    for part in (b"test.company", b"loan", b"late", room("event", "test.company", "company:3").encode()):
        assert part in sent


def _message(listening: PubSub, wanted: bytes, seconds: float) -> bytes | None:
    """Return the next message for a room; other tests speak on the same channel."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = listening.get_message(timeout=0.1)
        if found is not None and wanted in found["data"]:
            return bytes(found["data"])
    return None
