"""Terms lead to days and parts that exist."""

from typing import Any

import pytest

from erp.accounts.payment_terms.model import PaymentTerms, PaymentTermsLine
from erp.accounts.payment_terms.rules import terms_problems


def told(*lines: dict[str, Any]) -> list[tuple[str, str]]:
    terms = PaymentTerms(
        lines=[PaymentTermsLine(**{"part": "remainder", "months": 0, "days": 0} | one) for one in lines]
    )
    return [(problem.field, problem.code) for problem in terms_problems(terms)]


def test_usual_terms_are_accepted() -> None:
    early = {"days": 30, "discount_percent": 2, "discount_days": 10}
    assert told({"part": "equal", "parts": 3, "months": 1}, {"months": 1, "set_day": 31}, early) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"set_day": 0}, {"set_day": 32}, {"months": -1}, {"months": 100_000}, {"days": -5}, {"percent": 101},
        {"parts": 0}, {"discount_percent": -1}, {"discount_days": 9999},
    ],
)  # fmt: skip
def test_what_no_calendar_has_is_refused(wrong: dict[str, Any]) -> None:
    assert told({}, wrong) == [(f"lines.2.{next(iter(wrong))}", "out_of_range")]


def test_an_equal_part_says_of_how_many() -> None:
    assert told({"part": "equal"}) == [("lines.1.parts", "required")]


def test_terms_have_a_part() -> None:
    assert told() == [("lines", "no_lines")]
