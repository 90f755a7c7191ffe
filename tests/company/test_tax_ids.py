"""Tax and registration numbers: the check digits that are public."""

import pytest

from erp.company.tax_ids import is_japanese_registration_number, registration_number_problem, tax_id_problem, tidy


@pytest.mark.parametrize("number", ["T7000012050002", "T8000012050001"])
def test_a_registration_number_with_a_right_check_digit_is_accepted(number: str) -> None:
    base = [int(digit) for digit in reversed(number[2:])]
    check = 9 - sum(digit * (1 if n % 2 else 2) for n, digit in enumerate(base, 1)) % 9
    assert is_japanese_registration_number(number) is (check == int(number[1]))


def test_the_tax_agencys_own_corporate_number_is_right() -> None:
    assert is_japanese_registration_number("T7000012050002")


@pytest.mark.parametrize(
    "number", ["T7000012050003", "T0000012050002", "7000012050002", "T700001205000", "T70000120500021"]
)
def test_a_wrong_registration_number_is_refused(number: str) -> None:
    assert [problem.code for problem in registration_number_problem("n", number)] == ["wrong_registration_number"]


def test_no_registration_number_is_no_problem() -> None:
    assert registration_number_problem("n", None) == []


def test_a_german_number_is_checked_by_its_last_digit() -> None:
    assert tax_id_problem("tax_id", "DE", "DE136695976") == []
    assert [problem.code for problem in tax_id_problem("tax_id", "DE", "DE136695977")] == ["wrong_tax_number"]


def test_a_number_of_another_country_is_refused() -> None:
    assert tax_id_problem("tax_id", "AT", "DE136695976")


def test_countries_we_do_not_know_accept_anything() -> None:
    assert tax_id_problem("tax_id", "BR", "12.345/0001") == []


def test_numbers_are_kept_in_capitals_half_width_and_without_blanks() -> None:
    assert tidy(" de 136.695-976 ") == "DE136695976"
    assert tidy("Ｔ７０００") == "T7000"
    assert tidy(" - ") is None
