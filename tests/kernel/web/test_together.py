"""Two people change one document: other fields and lines are brought together, the same field asks, nothing is lost."""

import re
from typing import Any

import pytest

from tests.kernel.house import Browser, House, Program


@pytest.fixture
def ada(house: House) -> Program:
    return house.program("ada")


@pytest.fixture
def ben(house: House) -> Browser:
    return house.browser("ben")


class Order:
    """An order of apples, with what a browser would send for it."""

    def __init__(self, house: House, ada: Program, *quantities: str) -> None:
        self.ada, self.id = ada, ada.post("sales-orders", house.order(*quantities)).get_json()["id"]
        self.path = f"/sales-orders/{self.id}"
        self.lines = [str(line["id"]) for line in self.now["lines"]]

    @property
    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ada.get(f"sales-orders/{self.id}").get_json()
        return found

    def change(self, **values: Any) -> None:
        """Let Ada save a change of the order as it stands."""
        answer = self.ada.ask("PATCH", f"sales-orders/{self.id}", values, If_Match=f'"{self.now["version"]}"')
        assert answer.status_code == 200, answer.text

    def typed(self, **more: str) -> dict[str, str]:
        """Return the form as Ben's browser opened it at version 1, with what he typed."""
        form = {"_form": "sales_order", "version": "1", "customer": "C", "customer_reference": "", "lines.$sent": "1"}
        for key, quantity in zip(self.lines, ("1", "2", "3"), strict=False):
            form |= {f"lines.{key}.item": "A", f"lines.{key}.quantity": quantity}
        return {**form, **more}


def quantities(order: Order) -> list[str]:
    return [line["quantity"] for line in order.now["lines"]]


def test_other_fields_and_other_lines_are_saved_together(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1", "2")
    first, second = order.lines
    order.change(customer_reference="PO 7", lines=[{"id": int(first), "quantity": "5"}])
    order.change(lines=[{"item": {"code": "F"}, "quantity": "8"}])
    answer = ben.post(order.path, order.typed(**{f"lines.{second}.quantity": "9", "delivery_date": "2031-01-01"}))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{order.path}?merged=1")
    assert "both changes stand below" in ben.get(f"{order.path}?merged=1").text
    assert (order.now["customer_reference"], order.now["delivery_date"]) == ("PO 7", "2031-01-01")
    assert quantities(order) == ["5", "9", "8"]


def test_what_nobody_touched_meanwhile_needs_no_word(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1")
    ada.post(f"sales-orders/{order.id}/comments", {"text": "Hello"})
    answer = ben.post(order.path, order.typed(customer_reference="mine"))
    assert answer.headers["Location"] == order.path


def test_the_same_field_asks_and_everything_else_is_merged(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1", "2")
    first, second = order.lines
    order.change(customer_reference="theirs", lines=[{"id": int(first), "quantity": "5"}])
    conflict = ben.post(order.path, order.typed(**{"customer_reference": "mine", f"lines.{second}.quantity": "9"}))
    assert conflict.status_code == 409
    asked = set(re.findall(r'type="radio" name="([^"]+)"', conflict.text))
    assert asked == {"customer_reference"}
    chosen = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', conflict.text))
    assert ben.post(order.path, {**chosen, "customer_reference": "mine"}).status_code == 303
    assert order.now["customer_reference"] == "mine"
    assert quantities(order) == ["5", "9"]


def test_two_spellings_of_one_value_are_the_same(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1")
    order.change(lines=[{"id": int(order.lines[0]), "quantity": "1200"}])
    assert ben.post(order.path, order.typed(**{f"lines.{order.lines[0]}.quantity": "1,200.0"})).status_code == 303
    assert quantities(order) == ["1200"]


def test_a_line_removed_by_one_and_changed_by_the_other_is_asked(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1", "2")
    first, second = order.lines
    order.change(lines=[{"id": int(first), "quantity": "5"}, {"id": int(second), "_delete": True}])
    typed = order.typed(**{f"lines.{first}._delete": "1", f"lines.{second}.quantity": "9"})
    conflict = ben.post(order.path, typed)
    assert conflict.status_code == 409
    asked = set(re.findall(r'type="radio" name="([^"]+)"', conflict.text))
    assert asked == {f"lines.{first}._delete", f"lines.gone{second}._delete"}
    chosen = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', conflict.text))
    kept = {f"lines.{first}._delete": "", f"lines.gone{second}._delete": ""}
    assert ben.post(order.path, {**chosen, **kept}).status_code == 303
    assert sorted(quantities(order)) == ["5", "9"]


def test_a_line_that_both_left_alone_but_one_removed_is_gone(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1", "2", "3")
    _first, second, third = order.lines
    order.change(lines=[{"id": int(second), "_delete": True}])
    typed = order.typed(**{f"lines.{third}._delete": "1", "lines.n9.item": "A", "lines.n9.quantity": "4"})
    assert ben.post(order.path, typed).status_code == 303
    assert quantities(order) == ["1", "4"]


def test_what_is_kept_from_before_meets_what_was_saved_since(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1", "2")
    first, second = order.lines
    assert ben.post(f"{order.path}/buffer", order.typed(**{f"lines.{second}.quantity": "9"})).status_code == 200
    order.change(customer_reference="PO 7", lines=[{"id": int(first), "quantity": "5"}])
    page = ben.get(order.path).text
    assert "both changes stand below" in page
    assert re.search(rf'name="lines.{first}.quantity" value="5"', page)
    assert re.search(rf'name="lines.{second}.quantity" value="9"', page)
    assert 'name="customer_reference" value="PO 7"' in page
    assert 'name="version" value="2"' in page


def test_what_is_kept_from_before_does_not_overwrite_the_same_field(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1")
    ben.post(f"{order.path}/buffer", order.typed(customer_reference="mine"))
    order.change(customer_reference="theirs")
    page = ben.get(order.path).text
    assert "choose which of both" in page
    assert 'name="version" value="1"' in page
    assert ben.post(order.path, order.typed(customer_reference="mine")).status_code == 409
    assert order.now["customer_reference"] == "theirs"


def test_a_verb_on_an_old_version_merges_nothing(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1")
    order.change(customer_reference="theirs")
    answer = ben.post(f"{order.path}/submission", order.typed(delivery_date="2031-01-01"))
    assert answer.status_code == 409
    assert (order.now["state"], order.now["version"]) == ("draft", 2)


def test_when_nobody_knows_the_common_ground_both_versions_are_shown(house: House, ada: Program, ben: Browser) -> None:
    order = Order(house, ada, "1")
    order.change(customer_reference="theirs")
    house.does(lambda work: work.session.connection().exec_driver_sql("DELETE FROM earlier_content") and None)
    assert ben.post(order.path, order.typed(delivery_date="2031-01-01")).status_code == 409
