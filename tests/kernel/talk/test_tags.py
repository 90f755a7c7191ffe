"""Words of one's own at records, and what has them."""

import pytest
from sqlalchemy import select

from erp.kernel.change.described import described
from erp.kernel.errors import Problems
from erp.kernel.talk.tagging import MOST, names_used, tag, tagged, tags_of, untag
from erp.kernel.web.filters import search_condition
from erp.selling.sales_order.model import SalesOrder
from tests.kernel.flows.conftest import Office


def test_a_tag_is_the_same_word_in_any_case_and_goes_again(office: Office):
    order, mia = office.order("1"), office.as_("mia")
    for name in (" #urgent ", "Urgent", "two  words"):
        tag(mia, order, name)
    assert tags_of(mia, order) == ["two words", "urgent"]
    assert names_used(office.as_("cho"), order) == ["two words", "urgent"]
    untag(mia, order, "urgent")
    untag(mia, order, "urgent")
    assert tags_of(mia, order) == ["two words"]


@pytest.mark.parametrize("name", ["", " # ", "x" * 41])
def test_an_empty_or_endless_tag_is_refused(office: Office, name: str):
    with pytest.raises(Problems):
        tag(office.as_("mia"), office.order("1"), name)


def test_a_record_has_a_limited_number_of_tags(office: Office):
    order, mia = office.order("1"), office.as_("mia")
    for n in range(MOST):
        tag(mia, order, f"tag {n}")
    with pytest.raises(Problems):
        tag(mia, order, "one more")


def test_what_has_a_tag_is_shown_to_those_who_may_see_it(office: Office):
    order = office.order("1")
    tag(office.as_("mia"), order, "urgent")
    office.hire("gus")
    assert [(kind.__kind__, [one.id for one in rows]) for kind, rows in tagged(office.as_("cho"), "URGENT")] == [
        ("sales_order", [order.id])
    ]
    assert tagged(office.as_("gus"), "urgent") == []
    assert names_used(office.as_("gus"), order) == []


def test_a_list_is_searched_for_a_tag_by_its_sign(office: Office):
    order, other, mia = office.order("1"), office.order("2"), office.as_("mia")
    tag(mia, order, "Trade fair")
    tag(mia, order, "urgent")
    tag(mia, other, "urgent")

    def found(q: str) -> list[int]:
        description = described(mia, "sales_order", "list")
        asked = select(SalesOrder.id).where(search_condition(description, q)).order_by(SalesOrder.id)
        return list(mia.session.scalars(asked))

    assert found("#urgent") == [order.id, other.id]
    assert found("#URGENT #trade_fair") == [order.id]
    assert found("#nothing") == []
