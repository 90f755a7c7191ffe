"""A kind that is a row: lists, forms, REST, rights, search and audit know it like any other."""

from typing import Any

import pytest

from erp.kernel.change import Work, archive, find, resolve, save
from erp.kernel.change.audit import AuditEntry
from erp.kernel.change.values import LinkRef
from erp.kernel.errors import NotFound, Problems
from erp.kernel.records import all_kinds, has_kind, kind_of
from erp.kernel.records.custom import CustomField
from erp.kernel.records.rowkinds import CustomKind
from erp.kernel.records.setup import forget_setup
from tests.kernel.house import House


def make_kinds(work: Work) -> None:
    work.session.add_all([
        CustomKind(name="coffee_machine", label="Coffee machine", plural_label="Coffee machines"),
        CustomKind(name="key", label="Key", plural_label="Keys"),
        CustomKind(name="customer", label="Taken", plural_label="Taken"),
        CustomKind(name="Not a name", label="No", plural_label="No"),
        CustomField(kind="coffee_machine", name="cups", label="Cups a day", type="integer"),
    ])  # fmt: skip


@pytest.fixture
def machines(house: House) -> House:
    house.does(make_kinds)
    forget_setup()
    house.does(lambda work: None)
    return house


def test_a_row_makes_a_kind_and_a_name_that_is_taken_does_not(machines: House) -> None:
    assert kind_of("coffee_machine").__collection__ == "coffee-machines"
    assert not has_kind("Not a name")
    assert str(kind_of("customer").__label__) == "Customer"
    assert {kind.__kind__ for kind in all_kinds()} >= {"coffee_machine", "key"}


def test_it_is_made_read_changed_listed_and_archived_by_rest(machines: House) -> None:
    ada = machines.program("ada")
    made = ada.post("coffee-machines", {"code": "M1", "name": "Kitchen", "custom.cups": 40})
    assert made.status_code == 201, made.text
    body = made.get_json()
    assert (body["kind"], body["custom"], body["version"]) == ("coffee_machine", {"cups": 40}, 1)
    ada.post("keys", {"code": "M1", "name": "A key may have the same code"})
    path = f"coffee-machines/{body['id']}"
    assert ada.ask("PATCH", path, {"name": "Hall"}, If_Match='"1"').get_json()["name"] == "Hall"
    listed = ada.get("coffee-machines?custom.cups=40&sort=code").get_json()["data"]
    assert [row["name"] for row in listed] == ["Hall"]
    assert ada.get("coffee-machines?custom.cups=41").get_json()["data"] == []
    assert ada.post(f"{path}/archival", If_Match='"2"').get_json()["state"] == "archived"
    assert ada.get(f"keys/{body['id']}").status_code == 404, "an id of another kind is nothing here"
    fields = [one["name"] for one in ada.get("kinds/coffee-machines").get_json()["fields"]]
    assert fields == ["code", "name", "state", "company", "custom.cups"]
    assert "/api/v1/coffee-machines/{id}/archival" in ada.get("openapi.json").get_json()["paths"]


def test_it_has_pages_and_a_place_in_the_navigation_and_the_palette(machines: House) -> None:
    ben = machines.browser("ben")
    form = {"_form": "coffee_machine", "code": "M2", "name": "Lab", "custom.cups": "１２"}
    saved = ben.post("/coffee-machines", form)
    assert saved.status_code == 303, saved.text
    page = ben.get(saved.headers["Location"]).text
    assert 'name="custom.cups" value="12"' in page
    assert "Cups a day" in page
    rows = ben.get("/coffee-machines").text
    assert "Coffee machines" in rows
    assert ">M2</a>" in rows
    assert 'href="/coffee-machines"' in ben.get("/help").text
    assert "New coffee machine" in ben.get("/palette?q=coffee&pages=1").text
    assert ">M2 Lab<" in ben.get("/palette?q=M2").text.replace("\n", "")


def test_a_link_finds_records_of_its_own_kind_alone(machines: House) -> None:
    def one_of_each(work: Work) -> tuple[int, int]:
        made = [save(work, kind_of(name), {"code": "M1", "name": name}) for name in ("key", "coffee_machine")]
        return made[0].id, made[1].id

    key, machine = machines.does(one_of_each)
    refs = [LinkRef("key", code="M1"), LinkRef("coffee_machine", code="M1")]
    assert machines.does(lambda work: resolve(work, refs, None)) == {refs[0]: key, refs[1]: machine}
    other = LinkRef("key", id=machine)
    assert machines.does(lambda work: resolve(work, [other], None)) == {}


def test_rights_are_rows_like_those_of_every_kind(machines: House) -> None:
    stan = machines.program("stan", "stock")
    assert stan.get("coffee-machines").status_code == 404
    assert machines.browser("ben").get("/settings/roles/stock").text.count('value="coffee_machine"') >= 1


def test_its_changes_are_in_the_audit_trail(machines: House) -> None:
    def act(work: Work) -> int:
        kind: Any = kind_of("coffee_machine")
        record = save(work, kind, {"code": "M3", "name": "Attic", "company": machines.company})
        archive(work, find(work, kind, record.id))
        return int(record.id)

    record_id = machines.does(act)
    actions = machines.value(
        "SELECT GROUP_CONCAT(action ORDER BY id) FROM audit_entry WHERE kind = 'coffee_machine' AND record_id = :id",
        id=record_id,
    )
    assert actions == "create,archive"
    assert AuditEntry.__tablename__ == "audit_entry"


def test_two_records_of_a_kind_differ_in_code(machines: House) -> None:
    ada = machines.program("ada")
    ada.post("keys", {"code": "K", "name": "One"})
    again = ada.post("keys", {"code": "K", "name": "Other"})
    assert again.status_code == 422
    assert [(one["field"], one["code"]) for one in again.get_json()["errors"]] == [("code", "duplicate")]


def test_a_kind_whose_row_is_gone_is_gone(machines: House) -> None:
    def drop(work: Work) -> None:
        for row in work.session.query(CustomKind).all():
            work.session.delete(row)

    machines.does(drop)
    forget_setup()
    machines.does(lambda work: None)
    assert not has_kind("coffee_machine")
    with pytest.raises(NotFound):
        kind_of("key")
    assert machines.program("ada").get("coffee-machines").status_code == 404


def test_a_field_of_it_may_be_refused(machines: House) -> None:
    with pytest.raises(Problems) as refused:
        machines.does(
            lambda work: save(work, kind_of("coffee_machine"), {"code": "M", "name": "M", "custom.cups": "x"})
        )
    assert [one.field for one in refused.value.problems] == ["custom.cups"]
