"""One description of a kind: what it merges, for whom, and in whose words."""

from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from erp.catalog.item import Item
from erp.kernel.change import Work, find, save
from erp.kernel.change.described import described, described_for
from erp.kernel.errors import NotAllowed, Problems
from erp.kernel.records import all_kinds
from erp.kernel.records.aspects import aspect
from erp.kernel.records.custom import CustomField, LabelOverride
from erp.kernel.records.description import describe
from erp.kernel.records.setup import Setup, forget_setup, setup
from erp.kernel.rights import Actor
from erp.kernel.rights.grants import RightsTable
from erp.kernel.text import in_language
from erp.parties.customer import Customer
from tests.selling.shop import Shop


@pytest.fixture
def colour(shop: Shop) -> Shop:
    """A customer carries two fields that are rows: a colour, and a number of cups."""
    add(shop.work, CustomField(kind="customer", name="colour", label="Colour", type="choice",
                               choices=[["red", "Red"], ["blue", "Blue"]]),
        CustomField(kind="customer", name="cups", label="Cups", type="quantity", position=1))  # fmt: skip
    return shop


_versions = count(1000)


def add(work: Work, *rows: Any) -> None:
    work.session.add_all(rows)
    work.session.flush()
    forget_setup()


def a_role(**fields: str) -> Actor:
    """Return somebody who may read and change customers, with levels of single fields."""
    rights = {"clerk": {("customer", verb): "all" for verb in ("read", "update", "create")}}
    levels = {"clerk": {("customer", name): level for name, level in fields.items()}}
    table = RightsTable(next(_versions), rights, levels)
    return Actor(
        user_id=7, roles=frozenset({"clerk"}), companies=None, rights=table, rights_version=table.version
    )  # fmt: skip


def test_every_kind_is_described_from_its_columns_alone(app: Flask) -> None:
    for kind in all_kinds():
        found = describe(kind.__kind__, "form", Setup())
        assert found.collection == kind.__collection__
        assert str(found.label)
        names = [info.name for info in found.fields]
        assert len(names) == len(set(names)), kind
        assert all(str(info.label) for info in found.fields), kind


def test_a_field_of_an_aspect_looks_like_the_records_own(shop: Shop) -> None:
    info = described(shop.work, "item")["tax_codes"]
    assert info.aspect is not None
    made: Any = save(shop.work, Item, {"company": shop.ledger.company, "code": "T", "name": "Tea", "unit": {"code": "pc"},
                                       "tax_codes": ["V19"]})  # fmt: skip
    row = aspect(shop.work.session, info.aspect, made.id)
    assert getattr(row, info.attribute) == ["V19"]
    assert not hasattr(made, info.attribute)


def test_fields_that_are_rows_are_merged_and_kept_in_one_column(colour: Shop) -> None:
    work = colour.work
    names = [info.name for info in described(work, "customer").fields if info.custom]
    assert names == ["custom.colour", "custom.cups"]
    customer = find(work, Customer, colour.ledger.customer)
    save(work, Customer, {"custom.colour": "blue", "custom.cups": "2.5"}, customer)
    assert customer.custom == {"colour": "blue", "cups": "2.5"}
    with pytest.raises(Problems) as refused:
        save(work, Customer, {"custom.colour": "green", "custom.cups": "many"}, customer)
    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("custom.colour", "not_a_choice"), ("custom.cups", "not_a_number"),
    ]  # fmt: skip


def test_a_field_that_is_a_row_may_be_required(shop: Shop) -> None:
    add(shop.work, CustomField(kind="customer", name="colour", label="Colour", required=True))
    with pytest.raises(Problems) as refused:
        save(shop.work, Customer, {"code": "N", "name": "New"})
    assert [(one.field, one.code) for one in refused.value.problems] == [("custom.colour", "required")]


def test_a_company_says_it_in_its_own_words_in_each_language(shop: Shop) -> None:
    company = shop.ledger.company
    add(shop.work, *(
        LabelOverride(company_id=owner, language=language, kind="customer", field=field, text=text)
        for owner, language, field, text in (
            (company, "en", "", "Member"), (company, "en", "*", "Members"), (company, "en", "credit_limit", "Tab"),
            (company, "ja", "", "会員"), (None, "en", "kana", "Reading"), (company, "en", "addresses.city", "Town"),
        )
    ))  # fmt: skip
    ours = Actor(user_id=7, is_admin=True, companies=None, company_id=company)
    theirs = Actor(user_id=8, is_admin=True, companies=None, company_id=company + 1)

    def words(actor: Actor, language: str) -> tuple[str, ...]:
        with in_language(language):
            found = described_for(actor, "customer", "form", shop.work)
            city = found.lines["addresses"]["city"].label
            return tuple(map(str, (found.label, found.plural, found["credit_limit"].label, found["kana"].label, city)))

    assert words(ours, "en") == ("Member", "Members", "Tab", "Reading", "Town")
    assert words(theirs, "en") == ("Customer", "Customers", "Credit limit", "Reading", "City")
    assert words(ours, "ja")[:2] == ("会員", words(theirs, "ja")[1])


def test_what_a_right_hides_is_neither_described_nor_accepted(shop: Shop) -> None:
    shop.work.actor = a_role(credit_limit="hidden")
    assert described(shop.work, "customer").get("credit_limit") is None
    customer = find(shop.work, Customer, shop.ledger.customer)
    with pytest.raises(Problems) as refused:
        save(shop.work, Customer, {"credit_limit": "5"}, customer)
    assert [(one.field, one.code) for one in refused.value.problems] == [("credit_limit", "unknown_field")]


def test_what_one_may_only_read_may_be_sent_back_but_not_changed(shop: Shop) -> None:
    customer = find(shop.work, Customer, shop.ledger.customer)
    save(shop.work, Customer, {"credit_limit": "5"}, customer)
    shop.work.actor = a_role(credit_limit="read")
    save(shop.work, Customer, {"credit_limit": "5.00", "name": "Changed"}, customer)
    assert customer.name == "Changed"
    with pytest.raises(NotAllowed) as refused:
        save(shop.work, Customer, {"credit_limit": "6"}, customer)
    assert "Credit limit" in refused.value.message
    with pytest.raises(NotAllowed):
        save(shop.work, Customer, {"code": "X", "name": "X", "credit_limit": "6"})


def test_a_field_is_not_lost_by_a_save_of_somebody_who_does_not_see_it(shop: Shop) -> None:
    customer = find(shop.work, Customer, shop.ledger.customer)
    save(shop.work, Customer, {"credit_limit": "5"}, customer)
    shop.work.actor = a_role(credit_limit="hidden")
    save(shop.work, Customer, {"name": "Changed"}, customer)
    assert customer.credit_limit == 5


def test_the_setup_is_read_again_within_seconds_and_its_stamp_grows(shop: Shop) -> None:
    before = setup(shop.work.session).stamp
    add(shop.work, CustomField(kind="customer", name="colour", label="Colour"))
    after = setup(shop.work.session)
    assert after.stamp == before + 1
    assert [one.name for one in after.custom["customer"]] == ["colour"]
    forget_setup()
    assert setup(shop.work.session).stamp == after.stamp


def test_a_field_has_one_row(shop: Shop) -> None:
    add(shop.work, CustomField(kind="customer", name="colour", label="Colour"))
    with pytest.raises(IntegrityError), shop.work.session.begin_nested():
        add(shop.work, CustomField(kind="customer", name="colour", label="Tint"))
