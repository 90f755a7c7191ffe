"""An administrator adds a field and chooses words on a page; everybody sees it at the next click, without restart."""

from collections.abc import Iterator

import pytest

from erp.kernel.records.setup import forget_setup
from tests.kernel.house import House

FIELDS = "/settings/fields/customer"
COLOUR = {"name": "colour", "label": "Colour", "type": "choice", "choices": "Red\nGreen"}


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    forget_setup()


def test_a_field_is_added_entered_renamed_taken_away_and_back_with_what_was_entered(house: House) -> None:
    root, clerk = house.browser("root"), house.browser("clerk", "sales")
    assert root.post(FIELDS, COLOUR).status_code == 303
    form = clerk.get("/customers/new").text
    assert 'name="custom.colour"' in form
    assert ">Colour<" in form
    entered = {"code": "K", "name": "Kalo", "custom.colour": "Green", "_form": "customer"}
    assert clerk.post("/customers", entered).status_code == 303
    made = house.value("SELECT id FROM customer WHERE code = 'K'")
    renamed = root.post(f"{FIELDS}/own/colour", {"label": "Tint", "required": "1"})
    assert renamed.status_code == 303
    page = clerk.get(f"/customers/{made}").text
    assert ">Tint<" in page
    assert '<option value="Green" selected>' in page
    assert root.post(f"{FIELDS}/own/colour", {"away": "1"}).status_code == 303
    assert "custom.colour" not in clerk.get(f"/customers/{made}").text
    root.post(FIELDS, COLOUR)
    assert '<option value="Green" selected>' in clerk.get(f"/customers/{made}").text
    told = "SELECT group_concat(action ORDER BY id) FROM audit_entry WHERE kind = 'custom_field'"
    assert house.value(told) == "add_field,change_field,take_field_away,add_field"


def test_words_are_those_of_one_company_in_one_language(house: House) -> None:
    root = house.browser("root")
    japanese = house.browser("hana", language="ja")
    sent = {"company": str(house.company), "language": "en", "word:": "Guest", "word:*": "Guests", "word:phone": "Call"}
    assert root.post(f"{FIELDS}/words", sent).status_code == 303

    assert "<h1>Guests</h1>" in root.get("/customers").text
    assert ">Call<" in root.get("/customers/new").text
    assert "Guests" not in japanese.get("/customers").text
    assert 'value="Guests"' in root.get(f"{FIELDS}?company={house.company}&language=en").text
    assert 'value="Guests"' not in root.get(f"{FIELDS}?language=en").text
    root.post(f"{FIELDS}/words", sent | {"word:": "", "word:*": "", "word:phone": ""})
    assert "<h1>Customers</h1>" in root.get("/customers").text
    assert house.value("SELECT count(*) FROM label_override") == 0
    assert house.value("SELECT count(*) FROM audit_entry WHERE kind = 'custom_field' AND action = 'words'") == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "Two words"}, "Small letters, digits and underscores"),
        ({"name": "phone"}, "There is such a field already."),
        ({"label": ""}, "Label is missing."),
        ({"type": "secret"}, "Choose one of the list."),
        ({"choices": ""}, "Write the choices, one a line."),
        ({"label": "x" * 101}, "At most 100 characters."),
        ({"name": "x" * 65}, "At most 64 characters."),
    ],
)
def test_what_is_wrong_with_a_new_field_is_told_and_nothing_is_added(
    wrong: dict[str, str], message: str, house: House
) -> None:
    answer = house.browser("root").post(FIELDS, COLOUR | wrong)

    assert answer.status_code == 422
    assert message in answer.text
    assert house.value("SELECT count(*) FROM custom_field") == 0


def test_only_who_has_the_right_may_add_fields_and_choose_words(house: House) -> None:
    clerk = house.browser("clerk", "sales")
    assert "/settings/fields" not in clerk.get("/settings").text
    for path, form in (
        (FIELDS, COLOUR),
        (f"{FIELDS}/words", {"language": "en", "word:": "X"}),
        (f"{FIELDS}/own/x", {}),
    ):
        assert clerk.post(path, form).status_code in {403, 404}
        assert clerk.get("/settings/fields").status_code in {403, 404}
    assert house.value("SELECT count(*) FROM custom_field") == 0


@pytest.mark.parametrize(
    ("kind", "sent", "typed", "kept"),
    [
        ("date", "2026-03-04", "2026-03-04", "2026-03-04"),
        ("integer", "7", "7", 7),
        ("quantity", "1,250.50", "1250.5", "1250.5"),
        ("text", "Oak", "Oak", "Oak"),
    ],
)
def test_a_value_of_each_type_is_shown_changed_told_and_read_by_programs(
    kind: str, sent: str, typed: str, kept: object, house: House
) -> None:
    root = house.browser("root")
    assert root.post(FIELDS, {"name": "size", "label": "Size", "type": kind}).status_code == 303
    entered = {"code": "K", "name": "Kalo", "custom.size": sent, "_form": "customer"}
    assert root.post("/customers", entered).status_code == 303
    made = "/customers/" + str(house.value("SELECT id FROM customer WHERE code = 'K'"))

    assert f'value="{typed}"' in root.get(made).text
    saved = root.post(made, entered | {"custom.size": "", "version": root.version(made)})

    assert saved.status_code == 303
    assert "Size" in root.get(made).text
    assert root.get("/api/v1/customers?code=K").json["data"][0]["custom"] == {"size": None}
    again = root.post(made, entered | {"version": root.version(made)})
    assert again.status_code == 303
    assert root.get("/api/v1/customers?code=K").json["data"][0]["custom"] == {"size": kept}


@pytest.mark.parametrize("kind", ["date", "integer", "quantity", "boolean", "choice"])
def test_a_name_whose_values_are_of_another_type_is_refused(kind: str, house: House) -> None:
    root = house.browser("root")
    root.post(FIELDS, {"name": "size", "label": "Size", "type": "text"})
    entered = {"code": "K", "name": "Kalo", "custom.size": "B4", "_form": "customer"}
    assert root.post("/customers", entered).status_code == 303
    root.post(f"{FIELDS}/own/size", {"away": "1"})

    answer = root.post(FIELDS, {"name": "size", "label": "Size", "type": kind, "choices": "Red"})

    assert answer.status_code == 422
    assert "Records still hold “B4” under this name" in answer.text
    assert root.post(FIELDS, {"name": "size", "label": "Size", "type": "text"}).status_code == 303


def test_words_for_a_field_that_is_not_there_are_refused(house: House) -> None:
    root = house.browser("root")
    assert root.post(f"{FIELDS}/words", {"language": "en", "word:" + "a" * 80: "X"}).status_code == 404
    assert house.value("SELECT count(*) FROM label_override") == 0
