"""Countries by two letters, and by the names that files use."""

import pytest

from erp.company.countries import country_code, country_name, country_problems


@pytest.mark.parametrize(
    ("name", "code"), [("Germany", "DE"), ("UK", "GB"), ("USA", "US"), ("jp", "JP"), ("Venezuela", "VE")]
)
def test_a_country_is_found_by_the_name_in_a_file(name: str, code: str) -> None:
    assert country_code(name) == code


def test_an_unknown_name_is_no_country() -> None:
    assert country_code("Atlantis") is None


def test_a_country_is_named_in_the_readers_language() -> None:
    assert country_name("DE", "ja") == "ドイツ"
    assert country_name("DE", "en") == "Germany"


def test_unknown_letters_are_refused_and_none_is_not() -> None:
    assert [problem.code for problem in country_problems("country", "XQ")] == ["unknown_country"]
    assert country_problems("country", None) == []
