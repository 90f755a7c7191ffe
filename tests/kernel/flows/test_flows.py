"""Flows as data, on real orders: who is asked, in which order, and what each answer does."""

from decimal import Decimal

import pytest

from erp.kernel.change import save, submit
from erp.kernel.change.approvals import pending_count, pending_for
from erp.kernel.errors import Conflict, NotAllowed, Problems
from erp.kernel.flows.model import ApprovalDeputy, ApprovalFlow
from erp.parties.customer import Customer
from tests.kernel.flows.conftest import Office, seat


def test_steps_come_one_after_the_other_and_the_last_one_submits(office: Office) -> None:
    office.flow(seat(1, "section"), seat(2, "department"))
    order = office.order()
    assert office.sees(order).status == "awaiting_approval"
    assert "approve" in office.can("cho", order)
    assert "approve" not in office.can("bu", order)
    assert [pending_count(office.as_(who)) for who in ("cho", "bu", "mia")] == [1, 0, 0]
    office.do("cho", order, "approval", comment="Fine")
    assert office.sees(order).state == "draft"
    assert [one.record_id for one in pending_for(office.as_("bu"))] == [order.id]
    with pytest.raises(NotAllowed):
        office.do("cho", order, "approval")
    office.do("bu", order, "approval")
    assert office.sees(order).state == "submitted"
    assert office.said(order) == [
        ("requested", "Mia", None), ("approved", "Cho", None), ("approved", "Bu", None),
    ]  # fmt: skip


def test_a_condition_that_does_not_hold_asks_nobody(office: Office) -> None:
    office.flow(seat(1, "section"))
    order = office.order("5")
    assert office.sees(order).state == "submitted"


def test_a_step_is_left_out_when_its_own_condition_does_not_hold(office: Office) -> None:
    bands = (
        seat(1, "section"),
        seat(2, "department", condition="total > 1000"),
        seat(3, "board", condition="total > 5000"),
    )
    office.flow(*bands)
    for quantity, steps in (("20", 1), ("90", 2), ("500", 3)):
        assert len(office.request(office.order(quantity)).plan["steps"]) == steps


def test_the_first_flow_whose_condition_holds_counts(office: Office) -> None:
    office.flow(seat(1, "department"), name="Big", position=5, condition="total > 1000")
    office.flow(seat(1, "section"), name="Small", position=9)
    assert office.request(office.order("90")).plan["name"] == "Big"
    assert office.request(office.order("20")).plan["name"] == "Small"


def test_side_by_side_any_two_of_three_are_enough(office: Office) -> None:
    office.flow(seat(1, "section", quorum=2), seat(1, "department"), seat(1, "board"))
    order = office.order()
    office.do("ed", order, "approval")
    assert office.sees(order).state == "draft"
    with pytest.raises(NotAllowed):
        office.do("ed", order, "approval")
    office.do("cho", order, "approval")
    assert office.sees(order).state == "submitted"


def test_two_people_of_one_role_are_two_people(office: Office) -> None:
    office.hire("cid", "section")
    office.flow(seat(1, "section", people=2))
    order = office.order()
    office.do("cho", order, "approval")
    with pytest.raises(NotAllowed):
        office.do("cho", order, "approval")
    office.do("cid", order, "approval")
    assert office.sees(order).state == "submitted"


def test_who_is_only_consulted_gives_an_opinion_and_holds_up_nothing(office: Office) -> None:
    office.flow(seat(1, "section"), seat(1, "accounts", consult=True))
    order = office.order()
    with pytest.raises(NotAllowed):
        office.do("ann", order, "rejection", comment="No budget")
    office.do("ann", order, "approval", comment="Watch the cash")
    assert office.sees(order).state == "draft"
    office.do("cho", order, "approval")
    assert office.sees(order).state == "submitted"
    assert ("opinion", "Ann", None) in office.said(order)
    other = office.order()
    office.do("cho", other, "approval")
    assert office.sees(other).state == "submitted"


def test_a_step_back_asks_again_from_there(office: Office) -> None:
    office.flow(seat(1, "section"), seat(2, "department"), seat(3, "board"))
    order = office.order()
    office.do("cho", order, "approval")
    office.do("bu", order, "approval")
    with pytest.raises(Problems):
        office.do("ed", order, "return", comment="Again", to_step="3")
    office.do("ed", order, "return", comment="Ask them again", to_step="2")
    assert "approve" not in office.can("ed", order)
    office.do("bu", order, "approval")
    office.do("ed", order, "approval")
    assert office.sees(order).state == "submitted"
    assert [what for what, _who, _behalf in office.said(order)] == [
        "requested", "approved", "approved", "step_back", "approved", "approved",
    ]  # fmt: skip


def test_a_return_needs_a_reason_and_opens_the_draft(office: Office) -> None:
    office.flow(seat(1, "section"))
    order = office.order()
    with pytest.raises(Problems):
        office.do("cho", order, "return")
    office.do("cho", order, "return", comment="Which project?")
    assert office.sees(order).status == "returned"
    office.save("mia", order, customer_reference="Project 7")
    work = office.as_("mia")
    submit(work, office.sees(order))
    office.do("cho", order, "approval")
    assert office.sees(order).state == "submitted"


def test_the_requester_withdraws_and_nobody_else(office: Office) -> None:
    office.flow(seat(1, "section"))
    order = office.order()
    with pytest.raises(NotAllowed):
        office.do("ann", order, "withdrawal")
    office.do("mia", order, "withdrawal")
    assert office.sees(order).status == "draft"
    with pytest.raises(Conflict):
        office.do("cho", order, "approval")


def test_a_question_decides_nothing_and_the_requester_answers(office: Office) -> None:
    office.flow(seat(1, "section"))
    order = office.order()
    office.do("cho", order, "question", comment="Which project?")
    office.do("mia", order, "question", comment="Project 7")
    with pytest.raises(NotAllowed):
        office.do("bu", order, "question", comment="And me?")
    assert office.sees(order).status == "awaiting_approval"
    assert office.said(order)[1:] == [("question", "Cho", None), ("answer", "Mia", None)]


def test_a_seat_is_handed_on_to_somebody_who_may_see_it(office: Office) -> None:
    office.hire("outsider")
    office.flow(seat(1, "section"))
    order = office.order()
    for wrong in ("nobody", "outsider", "mia", ""):
        with pytest.raises(Problems):
            office.do("cho", order, "delegation", user=wrong)
    office.do("cho", order, "delegation", user="ed", comment="I am away")
    assert "approve" not in office.can("cho", order)
    office.do("ed", order, "approval")
    assert office.sees(order).state == "submitted"


def test_a_deputy_decides_in_somebody_s_place_for_those_days_alone(office: Office) -> None:
    office.flow(seat(1, "section"))
    order = office.order()
    hers = office.as_("cho")
    today = hers.today().isoformat()
    deputy = {"occasion": "Holidays", "absent": office.ids["cho"], "deputy": office.ids["ann"]}
    save(hers, ApprovalDeputy, {**deputy, "from_day": "2020-01-01", "to_day": "2020-01-31"})
    assert "approve" not in office.can("ann", order)
    save(hers, ApprovalDeputy, {**deputy, "from_day": today, "to_day": today})
    office.do("ann", order, "approval")
    assert office.said(order)[-1] == ("approved", "Ann", "Cho")


def test_nobody_names_a_deputy_for_somebody_else(office: Office) -> None:
    hers = office.as_("ann")
    deputy = {"occasion": "Coup", "absent": office.ids["cho"], "deputy": office.ids["ann"]}
    with pytest.raises(Problems) as refused:
        save(hers, ApprovalDeputy, {**deputy, "from_day": "2026-01-01", "to_day": "2025-01-31"})
    assert {one.code for one in refused.value.problems} == {"before_start", "not_allowed"}


def test_a_deputy_of_the_requester_does_not_decide_for_him(office: Office) -> None:
    office.flow(seat(1, "sales"))
    order = office.order()
    hers = office.as_("mia")
    today = hers.today().isoformat()
    deputy = {"occasion": "Trip", "absent": office.ids["mia"], "deputy": office.ids["ed"]}
    save(hers, ApprovalDeputy, {**deputy, "from_day": today, "to_day": today})
    assert "approve" not in office.can("mia", order)
    assert "approve" not in office.can("ed", order)
    assert "approve" in office.can("ann", order)


def test_own_requests_where_the_flow_allows_them(office: Office) -> None:
    office.flow(seat(1, "sales"), own_requests=True)
    order = office.order()
    office.do("mia", order, "approval")
    assert office.sees(order).state == "submitted"


def test_the_owner_of_the_customer_and_one_user_are_asked(office: Office) -> None:
    customer = office.work.session.get_one(Customer, office.shop.ledger.customer)
    save(office.work, Customer, {"owner": office.ids["ann"]}, customer)
    office.flow({"step": 1, "who": "owner"}, {"step": 2, "who": "user", "user": office.ids["ed"]})
    order = office.order()
    assert "approve" not in office.can("cho", order)
    office.do("ann", order, "approval")
    office.do("ed", order, "approval")
    assert office.sees(order).state == "submitted"


def test_who_cannot_be_found_is_replaced_by_those_with_the_right(office: Office) -> None:
    office.hire("boss", "approver", "sales")
    office.flow({"step": 1, "who": "manager"})
    order = office.order()
    assert "approve" not in office.can("cho", order)
    assert "approve" in office.can("boss", order)


def test_a_request_finishes_on_the_version_it_began_with(office: Office) -> None:
    flow = office.flow(seat(1, "section"))
    order = office.order()
    office.work.session.flush()
    lines = [{"id": flow.steps[0].id, "role": {"code": "board"}}]
    save(office.work, ApprovalFlow, {"steps": lines}, flow)
    assert "approve" in office.can("cho", order)
    assert "approve" not in office.can("ed", order)
    assert "approve" in office.can("ed", office.order())


def test_a_limit_of_the_house_is_asked_first_unless_the_flow_replaces_it(office: Office) -> None:
    office.hire("boss", "approver", "sales")
    office.flow(seat(1, "board"), replaces_limits=False)
    order = office.order("200")
    assert "approve" not in office.can("ed", order)
    office.do("boss", order, "approval")
    office.do("ed", order, "approval")
    assert office.sees(order).state == "submitted"


def test_fields_left_open_are_changed_while_it_waits_and_no_others(office: Office) -> None:
    office.flow(seat(1, "section", editable="customer_reference, lines.quantity"))
    order = office.order()
    office.save("mia", order, customer_reference="PO 9")
    office.save("cho", order, lines=[{"id": order.lines[0].id, "quantity": "15"}])
    with pytest.raises(Conflict):
        office.save("mia", order, delivery_date="2030-01-01")
    with pytest.raises(NotAllowed):
        office.save("bu", order, customer_reference="Mine")
    office.do("cho", order, "approval")
    assert (office.sees(order).state, office.sees(order).total) == ("submitted", Decimal("178.50"))


def test_held_until_the_requester_submits_and_a_change_asks_again(office: Office) -> None:
    office.flow(seat(1, "section"), after="hold", reopen_percent="10")
    order = office.order()
    office.do("cho", order, "approval")
    assert (office.sees(order).state, office.sees(order).status) == ("draft", "approved")
    for quantity, state in (("21", "submitted"), ("23", "draft")):
        order = office.order()
        office.do("cho", order, "approval")
        office.save("mia", order, lines=[{"id": order.lines[0].id, "quantity": quantity}])
        submit(office.as_("mia"), office.sees(order))
        assert office.sees(order).state == state, quantity


def test_an_amended_document_is_asked_again_only_beyond_its_share(office: Office) -> None:
    office.flow(seat(1, "section"), reopen_percent="10")
    for quantity, state in (("22", "submitted"), ("22.01", "draft"), ("17", "draft")):
        order = office.order()
        office.do("cho", order, "approval")
        office.do("mia", order, "cancellation", reason="Wrong")
        new = office.do("mia", order, "amendment").made
        office.save("mia", new, lines=[{"id": new.lines[0].id, "quantity": quantity}])
        submit(office.as_("mia"), office.sees(new))
        assert office.sees(new).state == state, quantity


@pytest.mark.parametrize(
    ("payload", "field", "code"),
    [
        ({"condition": "total >"}, "condition", "not_understood"),
        ({"condition": "total + 1"}, "condition", "not_a_condition"),
        ({"condition": "secret > 1"}, "condition", "not_understood"),
        ({"reopen_percent": "-1"}, "reopen_percent", "negative"),
        ({"steps": [{"step": 1, "who": "role"}]}, "steps.1.role", "required"),
        ({"steps": [seat(0, "section")]}, "steps.1.step", "not_whole"),
        ({"steps": [seat(1, "section", people=21)]}, "steps.1.people", "not_whole"),
        ({"steps": [seat(1, "section", editable="total")]}, "steps.1.editable", "not_found"),
        ({"steps": [{"step": 1, "who": "field", "document_field": "customer"}]}, "steps.1.document_field", "not_found"),
    ],
)
def test_a_flow_that_makes_no_sense_is_refused_beside_its_field(
    office: Office, payload: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Problems) as refused:
        office.flow(**payload)
    assert (field, code) in {(one.field, one.code) for one in refused.value.problems}
