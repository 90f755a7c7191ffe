"""The inbox with its views, several decisions at once, links in mails, receipts, deadlines, the preview, ready-made flows."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from erp.kernel.change import save
from erp.kernel.change.approvals import Approval
from erp.kernel.change.work import Work
from erp.kernel.flows.deadlines import remind
from erp.kernel.flows.mailed import link_for, read_link
from erp.kernel.flows.model import ApprovalFlow
from erp.kernel.flows.ready import begin_with, ready_flows
from erp.kernel.paper.mail import Mail
from erp.kernel.paper.notifications import Notification
from erp.kernel.rights import commands
from erp.kernel.rights.user import User
from tests.kernel.flows.conftest import Office, seat
from tests.kernel.house import Browser, House, Program


def draw(house: House, *steps: dict[str, object], **more: object) -> None:
    """Draw a flow for sales orders over 100, and a role that decides."""

    def act(work: Work) -> None:
        role = commands.add_role(work, "section", "Section")
        for verb in ("read", "update"):
            commands.set_right(work, role, "sales_order", verb, "all")
        flow = {"code": "flow", "name": "Over a hundred", "for_kind": "sales_order", "condition": "total > 100"}
        rows = list(steps) or [seat(1, "section", name="Section chief")]
        save(work, ApprovalFlow, {**flow, "replaces_limits": True, "steps": rows, **more})

    house.does(act)


def asked(program: Program, house: House, quantity: str = "20") -> tuple[int, str]:
    """Ask for approval of an order; return the id of the order and the version."""
    order = program.post("sales-orders", house.order(quantity)).get_json()
    answer = program.post(f"sales-orders/{order['id']}/submission", If_Match=f'"{order["version"]}"')
    assert answer.status_code == 202, answer.text
    return order["id"], str(answer.get_json().get("version", order["version"] + 1))


@pytest.fixture
def mia(house: House) -> Program:
    draw(house)
    return house.program("mia", "sales")


@pytest.fixture
def cho(house: House, mia: Program) -> Browser:
    return house.browser("cho", "section")


def request_id(house: House, order: int) -> int:
    return int(house.value("SELECT MAX(id) FROM approval WHERE record_id = :order", order=order))


def test_the_inbox_shows_each_view_to_whom_it_belongs(house: House, mia: Program, cho: Browser) -> None:
    order, _version = asked(mia, house)
    path = f"/approvals/{request_id(house, order)}"
    requester, other = house.sign_in(mia.user), house.browser("ann", "accounts", "sales")
    assert path in cho.get("/approvals").text
    assert path in requester.get("/approvals?show=asked").text
    assert path not in requester.get("/approvals").text
    assert path in other.get("/approvals?show=team").text
    page = cho.get(path).text
    for words in ("Section chief", "Waits for: Cho", "Over a hundred: total &gt; 100", "asked for approval"):
        assert words in page
    assert "formaction" not in other.get(path).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    done = cho.post(f"/sales-orders/{order}/approval", {"version": version[1], "comment": "Fine"})
    assert done.status_code == 303
    assert path in cho.get("/approvals?show=decided").text
    assert "approved as Section" in cho.get(path).text


def test_the_requester_is_told_of_answers_and_questions(house: House, mia: Program, cho: Browser) -> None:
    order, _version = asked(mia, house)
    page = cho.get(f"/approvals/{request_id(house, order)}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    sent = {"version": version[1], "comment": "Which project?"}
    assert cho.post(f"/sales-orders/{order}/question", sent).status_code == 303
    told = house.sign_in(mia.user).get("/notifications").text
    assert "Cho asks about" in told


def test_several_are_approved_at_once_and_one_refusal_stops_nothing(house: House, mia: Program, cho: Browser) -> None:
    orders = [asked(mia, house)[0] for _n in range(3)]
    page = cho.get("/approvals").text
    chosen = re.findall(r'name="request" value="(\d+:\d+)"', page)
    assert len(chosen) == 3
    stale = chosen[0].split(":")[0] + ":0"
    answer = cho.post("/approvals/decisions", {"request": [stale, *chosen[1:]]})
    assert "2 requests approved." in answer.text
    assert "Not approved" in answer.text
    states = [house.value("SELECT state FROM sales_order WHERE id = :id", id=order) for order in orders]
    assert sorted(states) == ["draft", "submitted", "submitted"]


def test_receipts_are_for_the_requester_alone(house: House, mia: Program, cho: Browser) -> None:
    order, _version = asked(mia, house)
    path = f"/approvals/{request_id(house, order)}"
    assert house.sign_in(mia.user).post(f"{path}/receipt", {"seen": "1"}).status_code == 404
    assert cho.post(f"{path}/receipt").status_code == 204
    requester = house.sign_in(mia.user)
    assert re.search(r"<b>Cho</b><span>delivered", requester.get(path).text)
    assert "seen" not in requester.get(path).text.split("Read by")[1].split("History")[0]
    assert cho.post(f"{path}/receipt", {"seen": "1"}).status_code == 204
    assert "seen" in requester.get(path).text.split("Read by")[1].split("History")[0]
    assert "Read by" not in cho.get(path).text


def test_a_link_in_a_mail_leads_its_reader_there_until_it_is_decided(house: House, mia: Program, cho: Browser) -> None:
    order, _version = asked(mia, house)

    def made(work: Work) -> str:
        approval = work.session.scalars(select(Approval).where(Approval.record_id == order)).one()
        return link_for(approval, cho.user)

    path = "/approvals/by-mail/" + house.does(made).rsplit("/", 1)[1]
    stranger = house.browser("eve", "section")
    assert stranger.get(path).status_code == 404
    assert cho.get(path[:-9] + ("A" if path[-9] != "A" else "B") + path[-8:]).status_code == 404
    opened = cho.get(path)
    assert (opened.status_code, opened.headers["Location"]) == (303, f"/approvals/{request_id(house, order)}")
    gone = house.app.test_client().get(path)
    assert gone.status_code in {302, 303}
    assert "/login" in gone.headers["Location"]
    version = cho.version(f"/approvals/{request_id(house, order)}")
    cho.post(f"/sales-orders/{order}/approval", {"version": version})
    assert cho.get(path).status_code == 410


def test_the_preview_says_who_and_why(house: House, mia: Program) -> None:
    draft = mia.post("sales-orders", house.order("20")).get_json()
    house.browser("cho", "section")
    page = house.sign_in(mia.user).get(f"/approvals/preview/sales-orders/{draft['id']}").text
    for words in ("Section chief", "Today that is Cho", "total &gt; 100", "total = 238", "holds"):
        assert words in page
    small = mia.post("sales-orders", house.order("1")).get_json()
    page = house.sign_in(mia.user).get(f"/approvals/preview/sales-orders/{small['id']}").text
    assert "Nobody: it is submitted at once." in page
    assert "does not hold" in page


def test_the_settings_page_offers_flows_to_start_from(house: House) -> None:
    admin = house.browser("root")
    page = admin.get("/settings/approvals").text
    assert "Payments by two people" in page
    assert "Expense claim" not in page
    assert "margin_percent" in admin.get("/settings/approvals?kind=sales_order").text
    begun = admin.post("/settings/approvals/ready/ringi")
    assert begun.status_code == 303
    assert "課長" in admin.get(begun.headers["Location"]).text
    assert house.browser("mia", "sales").get("/settings/approvals").status_code == 403


def test_every_ready_made_flow_becomes_a_flow(office: Office) -> None:
    for one in ready_flows():
        flow = begin_with(office.work, one.key)
        assert flow.steps
        assert begin_with(office.work, one.key).code == f"{one.key}-2"


@pytest.mark.parametrize(
    ("total", "steps"),
    [("1000000", ["課長"]), ("1000001", ["課長", "部長"]), ("10000001", ["課長", "部長", "役員"]),
     ("50000001", ["課長", "部長", "役員", "社長"])],
)  # fmt: skip
def test_ringi_asks_by_bands(office: Office, total: str, steps: list[str]) -> None:
    flow = begin_with(office.work, "ringi")
    save(office.work, ApprovalFlow, {"for_kind": "sales_order"}, flow)
    lines = [{"item": {"code": "F"}, "quantity": "1", "price": total}]
    order = office.order(lines=lines)
    plan = office.request(order).plan
    assert [step["name"] for step in plan["steps"]] == steps
    if len(steps) > 1:
        assert [seat["consult"] for seat in plan["steps"][1]["seats"]] == [False, True]


def test_what_waits_too_long_is_reminded_of_once_and_then_the_next_may_decide(office: Office) -> None:
    work = office.work
    for login in ("cho", "ed"):
        work.session.get_one(User, office.ids[login]).email = f"{login}@example.com"
    office.flow(seat(1, "section", hours=4, escalate={"code": "board"}))
    order = office.order()
    later = replace(work, now=work.now + timedelta(hours=5), facts={})
    assert remind(later) == "1 reminded, 0 escalated"
    assert remind(replace(later, facts={})) == "0 reminded, 0 escalated"
    mail = work.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    assert mail.recipients == ["cho@example.com"]
    assert "/approvals/by-mail/" in mail.text
    way = read_link(mail.text.split("/approvals/by-mail/")[1].split()[0])
    assert way is not None
    assert way.user == office.ids["cho"]
    assert "approve" not in office.can("ed", order)
    assert remind(replace(work, now=work.now + timedelta(hours=9), facts={})) == "0 reminded, 1 escalated"
    told = work.session.scalars(select(Notification.user_id).where(Notification.message.contains("you may decide now")))
    assert list(told) == [office.ids["ed"]]
    office.do("ed", order, "approval")
    assert office.sees(order).state == "submitted"


def test_a_flow_that_mails_writes_to_whoever_may_decide_each_once(office: Office) -> None:
    for login in ("cho", "bu"):
        office.work.session.get_one(User, office.ids[login]).email = f"{login}@example.com"
    office.flow(seat(1, "section"), seat(2, "department"), mails=True)
    order = office.order()
    office.do("cho", order, "approval")
    sent = office.work.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [mail.recipients for mail in sent] == [["cho@example.com"], ["bu@example.com"]]


def test_the_form_of_a_waiting_document_leaves_open_what_its_step_leaves_open(house: House) -> None:
    draw(house, seat(1, "section", editable="customer_reference, lines.quantity"))
    mia, cho = house.program("mia", "sales"), house.browser("cho", "section")
    order, _version = asked(mia, house)
    page = cho.get(f"/sales-orders/{order}").text

    def field(name: str) -> str:
        found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
        assert found, name
        return found[0]

    line = house.value("SELECT id FROM sales_order_line WHERE sales_order_id = :order", order=order)
    assert "readonly" not in field("customer_reference")
    assert "readonly" in field("order_date")
    assert "readonly" not in field(f"lines.{line}.quantity")
    assert f'name="lines.{line}.price"' not in page
    sent = {
        "_form": "1",
        "version": cho.version(f"/sales-orders/{order}"),
        "customer_reference": "PO 9",
        f"lines.{line}.quantity": "15",
    }
    assert cho.post(f"/sales-orders/{order}", sent).status_code == 303
    assert house.value("SELECT customer_reference FROM sales_order WHERE id = :id", id=order) == "PO 9"
    assert house.value("SELECT total FROM sales_order WHERE id = :id", id=order) == Decimal("178.5")
