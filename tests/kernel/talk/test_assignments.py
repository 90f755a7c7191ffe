"""Asking somebody to see to a document, until it is done."""

from datetime import timedelta

import pytest

from erp.kernel.change.undo import take_back
from erp.kernel.errors import Conflict, NotAllowed, Problems
from erp.kernel.talk.assigning import assign, assignments_of, end, own_assignments, remind
from erp.kernel.talk.centre import latest
from erp.kernel.talk.following import follows
from tests.kernel.flows.conftest import Office, seat


def told(office: Office, login: str) -> list[str]:
    return [row.text for row in latest(office.as_(login))]


def test_who_is_asked_is_told_follows_and_says_that_it_is_done(office: Office):
    order, mia = office.order("1"), office.as_("mia")
    row = assign(mia, order, office.ids["cho"], note="  Call \n them ", due_on=mia.today() + timedelta(days=1))
    assert told(office, "cho") == [f"Mia asks you to see to {order.title}"]
    assert follows(office.as_("cho"), order)
    assert [(one.note, record.id) for one, record in own_assignments(office.as_("cho"))] == [("Call them", order.id)]
    assert len(own_assignments(mia, "asked")) == 1
    with pytest.raises(NotAllowed):
        end(office.as_("bu"), order, row.id)
    end(office.as_("cho"), order, row.id)
    assert told(office, "mia") == [f"Cho has seen to {order.title}"]
    assert assignments_of(mia, order) == []
    assert len(own_assignments(office.as_("cho"), "done")) == 1
    with pytest.raises(Conflict):
        end(office.as_("cho"), order, row.id)


def test_nobody_is_asked_about_what_he_may_not_see_or_by_a_day_that_is_over(office: Office):
    order, mia = office.order("1"), office.as_("mia")
    office.hire("gus")
    with pytest.raises(Problems) as refused:
        assign(mia, order, office.ids["gus"], due_on=mia.today() - timedelta(days=1))
    assert {one.field for one in refused.value.problems} == {"user", "due_on"}
    with pytest.raises(Problems):
        assign(mia, order, 999_999)


def test_an_assignment_may_be_taken_back_for_ten_seconds(office: Office):
    order, mia = office.order("1"), office.as_("mia")
    assign(mia, order, office.ids["cho"])
    step, what = mia.facts["undo"]
    assert what == "assigned"
    assert take_back(mia, step) == f"/sales-orders/{order.id}"
    assert assignments_of(mia, order) == []


def test_who_is_asked_is_reminded_once_when_the_day_has_come(office: Office):
    order, mia = office.order("1"), office.as_("mia")
    assign(mia, order, office.ids["cho"], due_on=mia.today())
    assert (remind(office.work), remind(office.work)) == (1, 0)
    assert told(office, "cho")[0] == f"{order.title} is due today"


def test_a_flow_hands_an_approved_document_to_whom_it_names(office: Office):
    office.flow(seat(1, "section", name="Section"), assign_to=office.ids["bu"])
    order = office.order()
    office.do("cho", order, "approval")
    found = own_assignments(office.as_("bu"))
    assert [(row.note, row.created_by_name, record.id) for row, record in found] == [
        ("Approved: please go on", "Cho", order.id)
    ]


def test_an_approval_stands_also_when_whom_the_flow_names_may_not_see_the_document(office: Office):
    office.hire("gus")
    office.flow(seat(1, "section", name="Section"), assign_to=office.ids["gus"])
    order = office.order()
    office.do("cho", order, "approval")
    assert office.sees(order).state == "submitted"
    assert own_assignments(office.as_("gus")) == []
    assert any("may not see it" in text for text in told(office, "mia"))
