"""What reaches whom: hints after the commit, to those who may see the record, until they may not any more."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as NotLetIn
from sqlalchemy import update

from erp.kernel.change import save
from erp.kernel.change.find import find
from erp.kernel.change.work import Work
from erp.kernel.live import event, events, publish
from erp.kernel.paper.notifications import notice
from erp.kernel.records import kind_of
from erp.kernel.redis_roles import connection
from erp.kernel.rights import commands
from erp.kernel.rights.sessions import SessionRow
from erp.kernel.rights.tokens import ApiToken
from erp.kernel.rights.user import User
from erp.kernel.work import later, run_task
from erp.parties.customer import Customer
from tests.kernel.house import Browser, House
from tests.kernel.live.conftest import Listen, Listener, eventually

CHECKED = 12
"""Seconds within which a change of rights must have reached open connections; the server looks every four."""


def sid(browser: Browser) -> str:
    cookie = browser.client.get_cookie("sid")
    assert cookie is not None
    return cookie.value


@pytest.fixture
def ada(house: House) -> Browser:
    """Ada administers."""
    return house.browser("ada")


@pytest.fixture
def customer(house: House) -> int:
    return int(house.value("SELECT id FROM customer WHERE code = 'C'"))


def rename(house: House, customer: int, name: str, *, fail: bool = False) -> None:
    def act(work: Work) -> None:
        record = find(work, Customer, customer)
        save(work, Customer, {"name": name}, record, version=record.version)
        if fail:
            raise ZeroDivisionError

    house.does(act)


def topic(kind: str, record_id: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "id": record_id} if record_id else {"kind": kind}


def settled(house: House, listener: Listener) -> None:
    """Return when everything that was sent before has arrived: a notice is sent last and waited for."""
    user = house.value("SELECT id FROM user WHERE login = 'ada'")
    before = len(listener.all("notice"))
    house.does(lambda work: notice(work, user, "That was all"))
    listener.wait("notice", before + 1)


def test_a_change_reaches_who_shows_the_record_and_who_shows_the_list(
    house: House, ada: Browser, customer: int, listen: Listen
):
    record, rows = listen(sid=sid(ada)), listen(sid=sid(ada))
    assert record.watch(topic("customer", customer)) == {"watching": [topic("customer", customer)], "refused": []}
    assert rows.watch(topic("customer")) == {"watching": [topic("customer")], "refused": []}
    rename(house, customer, "Kai")
    version = house.value("SELECT version FROM customer WHERE id = :id", id=customer)
    told = {"kind": "customer", "id": customer, "version": version, "event": "updated", "origin": ""}
    assert record.wait("changed") == [told]
    assert rows.wait("changed") == [told]


def test_the_origin_is_the_page_that_did_it(house: House, ada: Browser, customer: int, listen: Listen):
    page = listen(sid=sid(ada))
    page.watch(topic("customer", customer))
    form = {"name": "Kai", "version": ada.version(f"/customers/{customer}")}
    assert ada.post(f"/customers/{customer}", form, X_Tab="tab-1").status_code == 303
    assert page.wait("changed")[0]["origin"] == "tab-1"


def test_what_is_rolled_back_is_never_told(house: House, ada: Browser, customer: int, listen: Listen):
    page = listen(sid=sid(ada))
    page.watch(topic("customer", customer), topic("customer"))
    with pytest.raises(ZeroDivisionError):
        rename(house, customer, "Nobody", fail=True)
    settled(house, page)
    assert page.all("changed") == []


def test_who_is_not_signed_in_is_refused(house: House, listen: Listen):
    for key in ({"sid": "nobody"}, {"token": "erp_1_" + "x" * 43}, {}):
        with pytest.raises(NotLetIn):
            listen(**key)


def test_a_token_listens_with_the_scope_for_it_only(house: House, customer: int, listen: Listen):
    with pytest.raises(NotLetIn):
        listen(token=house.program("bo", scopes=("customers:read",)).token)
    page = listen(token=house.program("cy", scopes=("realtime", "customers:read")).token)
    assert page.watch(topic("customer", customer))["refused"] == []
    assert page.watch(topic("item"))["refused"] == [topic("item")]


def test_a_record_of_a_foreign_company_is_refused_and_never_heard_of(
    house: House, ada: Browser, customer: int, listen: Listen
):
    def open_branch(work: Work) -> int:
        payload = {"code": "FAR", "name": "Far", "country": "US", "currency": "USD"}
        return int(save(work, kind_of("company"), payload).id)

    far = house.does(open_branch)
    carl = house.sign_in(house.user("carl", "sales", companies=[far]))
    page = listen(sid=sid(carl))
    own = house.value("SELECT company_id FROM customer WHERE id = :id", id=customer)
    if own is not None:
        assert page.watch(topic("customer", customer))["refused"] == [topic("customer", customer)]
    order = house.does(lambda work: save(work, kind_of("sales_order"), house.order("1"))).id
    assert page.watch(topic("sales-order", order))["refused"] == [topic("sales-order", order)]
    assert page.watch(topic("sales-order", 987654))["refused"] == [topic("sales-order", 987654)]
    assert page.watch(topic("sales-order"))["watching"] == [topic("sales-order")]
    witness = listen(sid=sid(ada))
    witness.watch(topic("sales-order"))
    house.does(lambda work: save(work, kind_of("sales_order"), house.order("2")))
    witness.wait("changed")
    settled(house, witness)
    assert page.all("changed") == []


def test_a_kind_one_may_not_read_and_what_is_no_topic_are_refused(house: House, listen: Listen):
    page = listen(sid=sid(house.sign_in(house.user("nora"))))
    for wrong in (
        topic("customer"),
        {"kind": "nonsense"},
        {"kind": 7},
        {"id": 3},
        {"kind": "customer", "id": "1 OR 1"},
    ):
        assert page.watch(wrong) == {"watching": [], "refused": [wrong]}


def test_clients_never_name_rooms(house: House, ada: Browser, customer: int, listen: Listen):
    page = listen(sid=sid(house.sign_in(house.user("nora"))))
    page.client.emit("join", {"room": "customer"})
    page.watch({"kind": "nonsense", "rooms": ["customer|1", f"customer|{customer}"]})
    witness = listen(sid=sid(ada))
    witness.watch(topic("customer", customer))
    rename(house, customer, "Kai")
    witness.wait("changed")
    settled(house, witness)
    assert page.heard == []


def test_who_stops_watching_hears_no_more(house: House, ada: Browser, customer: int, listen: Listen):
    page = listen(sid=sid(ada))
    page.watch(topic("customer", customer), topic("customer"), topic("item"))
    left = page.unwatch(topic("customer", customer), topic("customer"), "nonsense")  # type: ignore[arg-type]
    assert left == {"watching": [topic("item")], "refused": []}
    rename(house, customer, "Kai")
    settled(house, page)
    assert page.all("changed") == []


def test_a_change_of_a_user_s_roles_closes_his_rooms(house: House, customer: int, listen: Listen, ada: Browser):
    ben = house.user("ben", "sales")
    page = listen(sid=sid(house.sign_in(ben)))
    page.watch(topic("customer", customer))
    witness = listen(sid=sid(ada))
    witness.watch(topic("customer", customer))
    house.does(lambda work: commands.set_roles(work, work.session.get_one(User, ben), [], [f"company:{house.company}"]))
    time.sleep(CHECKED / 2)
    assert page.watch(topic("customer", customer))["refused"] == [topic("customer", customer)]
    rename(house, customer, "Kai")
    witness.wait("changed")
    settled(house, witness)
    assert page.all("changed") == []
    assert not page.closed


def test_a_change_of_the_table_of_rights_closes_rooms_too(house: House, customer: int, listen: Listen, ada: Browser):
    page = listen(sid=sid(house.browser("ben", "sales")))
    page.watch(topic("customer", customer))
    witness = listen(sid=sid(ada))
    witness.watch(topic("customer", customer))
    role = house.value("SELECT id FROM role WHERE code = 'sales'")

    def forbid(scope: str) -> Any:
        return lambda work: commands.set_right(
            work, work.session.get_one(kind_of("role"), role), "customer", "read", scope
        )

    house.does(forbid("none"))
    try:
        time.sleep(CHECKED / 2)
        rename(house, customer, "Kai")
        witness.wait("changed")
        settled(house, witness)
        assert page.all("changed") == []
    finally:
        house.does(forbid("all"))


def test_a_session_that_ends_is_cut_and_not_let_in_again(house: House, ada: Browser, listen: Listen):
    page = listen(sid=sid(ada))
    house.does(lambda work: work.session.execute(update(SessionRow).values(revoked_at=work.now)))
    eventually(lambda: page.closed, CHECKED)
    with pytest.raises(NotLetIn, match="signed out"):
        listen(sid=sid(ada))


def test_a_session_that_expires_is_cut(house: House, ada: Browser, listen: Listen):
    page = listen(sid=sid(ada))
    house.does(lambda work: work.session.execute(update(SessionRow).values(expires_at=work.now)))
    eventually(lambda: page.closed, CHECKED)


def test_a_token_that_expires_is_cut(house: House, listen: Listen):
    page = listen(token=house.program("di", scopes=("realtime",)).token)
    house.does(lambda work: work.session.execute(update(ApiToken).values(expires_at=work.now)))
    eventually(lambda: page.closed, CHECKED)


def test_a_notice_and_the_progress_of_a_job_are_one_s_own(house: House, ada: Browser, listen: Listen):
    ben = house.browser("ben", "sales")
    page, other = listen(sid=sid(ben)), listen(sid=sid(ada))
    task = house.does(lambda work: later(work, "export.make", {"kind": "customer"}), ben.user)
    assert page.watch(topic("task", task))["refused"] == []
    stranger = listen(sid=sid(house.browser("carl", "sales")))
    assert stranger.watch(topic("task", task))["refused"] == [topic("task", task)]
    run_task(task)
    told = page.wait("progress")
    assert {key: told[-1][key] for key in ("job", "label_key")} == {"job": task, "label_key": "job"}
    number = house.does(lambda work: notice(work, ben.user, "Look")).id
    eventually(lambda: {"id": number} in page.all("notice"))
    settled(house, other)
    assert {"id": number} not in other.all("notice")
    assert other.all("progress") == []


def test_who_may_read_a_user_does_not_hear_that_user_s_own_news(house: House, ada: Browser, listen: Listen):
    ben = house.browser("ben", "sales")
    page, watching = listen(sid=sid(ben)), listen(sid=sid(ada))
    assert watching.watch(topic("user", ben.user))["refused"] == []
    number = house.does(lambda work: notice(work, ben.user, "Look")).id
    assert page.wait("notice") == [{"id": number}]
    settled(house, watching)
    assert {"id": number} not in watching.all("notice")


def test_a_request_for_approval_reaches_approvers_of_the_company(house: House, listen: Listen):
    approver = listen(sid=sid(house.browser("ann", "approver")))
    seller = house.browser("ben", "sales")
    page = listen(sid=sid(seller))
    program = house.program("bot", "sales")
    order = program.post("sales-orders", house.order("200")).get_json()
    answer = program.post(f"sales-orders/{order['id']}/submission")
    assert answer.status_code == 202, answer.text
    approval = answer.get_json()["approval"]["id"]
    assert approver.wait("approval") == [{"id": approval}]
    assert page.all("approval") == []


@pytest.fixture
def declared() -> Iterator[None]:
    kept = dict(events._events)
    event("test.late", audience="role", reasons=("late",))
    yield
    events._events.clear()
    events._events.update(kept)


def test_a_developer_s_event_reaches_the_role_it_is_for(declared: None, house: House, ada: Browser, listen: Listen):
    seller, other = listen(sid=sid(house.browser("ben", "sales"))), listen(sid=sid(ada))
    role = house.value("SELECT id FROM role WHERE code = 'sales'")

    def tell(work: Work) -> None:
        publish("test.late", to=work.session.get_one(kind_of("role"), role), ref={"loan": 12}, reason="late")

    house.does(tell)
    assert seller.wait("event") == [{"event": "test.late", "ref": {"loan": 12}, "reason": "late"}]
    settled(house, other)
    assert other.all("event") == []


def test_two_realtime_processes_tell_the_same(
    house: House, ada: Browser, customer: int, listen: Listen, second_realtime: str
):
    one, two = listen(sid=sid(ada)), listen(sid=sid(ada), at=second_realtime)
    for page in (one, two):
        page.watch(topic("customer", customer))
    rename(house, customer, "Kai")
    assert one.wait("changed") == two.wait("changed")
    one.client.emit("here", {"kind": "customer", "id": customer, "field": "name"})
    assert two.wait("presence")[-1]["users"] == [{"id": ada.user, "field": "name"}]


def test_who_is_at_a_document_is_told_to_those_who_watch_it(house: House, ada: Browser, customer: int, listen: Listen):
    ben = house.browser("ben", "sales")
    hers, his, stranger = listen(sid=sid(ada)), listen(sid=sid(ben)), listen(sid=sid(ada))
    for page in (hers, his):
        page.watch(topic("customer", customer))
    hers.client.emit("here", {"kind": "customer", "id": customer, "field": "name"})
    his.wait("presence")
    his.client.emit("here", {"kind": "customer", "id": customer, "field": None})
    both = [{"id": ada.user, "field": "name"}, {"id": ben.user, "field": None}]
    told = hers.wait("presence", 2)[-1]
    assert (told["kind"], told["id"]) == ("customer", customer)
    assert sorted(told["users"], key=lambda one: one["id"]) == sorted(both, key=lambda one: one["id"])
    his.client.disconnect()
    assert hers.wait("presence", 3)[-1]["users"] == [{"id": ada.user, "field": "name"}]
    stranger.client.emit("here", {"kind": "customer", "id": customer, "field": "name"})
    settled(house, hers)
    assert len(hers.all("presence")) == 3
    assert stranger.all("presence") == []


def test_a_browser_that_shouts_is_cut(house: House, ada: Browser, listen: Listen):
    page = listen(sid=sid(ada))
    for _ in range(40):
        if page.closed:
            break
        page.client.emit("here", {"kind": "customer", "id": 1})
    eventually(lambda: page.closed)


def test_where_sockets_are_blocked_versions_are_asked(house: House, ada: Browser, customer: int):
    def versions(browser: Browser, *topics: str) -> Any:
        return browser.get("/live/versions?" + "&".join(f"t={one}" for one in topics)).get_json()["versions"]

    nora = house.sign_in(house.user("nora"))
    job = house.does(lambda work: later(work, "export.make", {"kind": "customer"}), ada.user)
    asked = (f"customer:{customer}", "customer", f"task:{job}", "customer:99999", "nonsense", "approval")
    before = versions(ada, *asked)
    assert set(before) == {f"customer:{customer}", "customer", f"task:{job}", "approval"}
    rename(house, customer, "Kai")
    run_task(job)
    after = versions(ada, *asked)
    assert {key for key in after if after[key] != before[key]} == {f"customer:{customer}", "customer", f"task:{job}"}
    assert set(versions(nora, *asked)) <= {"approval"}


def test_when_hints_may_have_been_lost_open_pages_are_told_to_look_again(
    house: House, ada: Browser, customer: int, listen: Listen
):
    page = listen(sid=sid(ada))
    page.watch(topic("customer", customer))
    time.sleep(2)
    assert page.all("again") == []
    connection("realtime").client_kill_filter(_type="pubsub")
    page.wait("again", 2)
    rename(house, customer, "Heard again")
    page.wait("changed")
