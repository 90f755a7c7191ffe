"""What a document carries as JSON is checked before anything is computed with it."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from erp.accounts.billing.shapes import currency_problems, shape_problems


def line(**more: Any) -> Any:
    return SimpleNamespace(**{"allowances": None, "dimensions": None, "deductible_percent": Decimal(100)} | more)


def document(*lines: Any, **more: Any) -> Any:
    none = {"discount": None, "allowances": None, "charges": None, "manual_taxes": None}
    return SimpleNamespace(**none | more, lines=list(lines))


def told(*lines: Any, **more: Any) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in shape_problems(document(*lines, **more))]


def test_what_is_made_as_documented_is_accepted() -> None:
    charges = [
        {"charge": "Freight", "basis": "actual", "amount": "12.50", "account": "5200"},
        {"charge": "Duty", "basis": "lines", "line_rates": ["10", "12"]},
        {"charge": "Cess", "basis": "row_total", "row": "2", "rate": "2", "included": True},
    ]
    allowances = [{"charge": False, "percent": "2", "base": "100", "tax_codes": ["V19"]}]
    own = line(allowances=[{"charge": True, "amount": "1"}], dimensions={"cost_centre": "north"})
    given = {"discount": {"on": "gross", "amount": "5"}, "manual_taxes": [{"tax": "V19", "amount": "19"}]}
    assert told(own, charges=charges, allowances=allowances, **given) == []


@pytest.mark.parametrize(
    "discount", [{"on": "x", "amount": "1"}, {"amount": "abc"}, {"percent": []}, [], {}, {"on": "net"}]
)
def test_a_discount_of_another_shape_is_told(discount: Any) -> None:
    assert told(discount=discount) == [("discount", "wrong_shape")]


@pytest.mark.parametrize("row", [{}, {"charge": True}, {"amount": "1e999"}, {"amount": "1", "tax_codes": "V19"}, 5])
def test_an_allowance_of_another_shape_is_told_on_document_and_line(row: Any) -> None:
    assert told(allowances=[row]) == [("allowances", "wrong_shape")]
    assert told(line(), line(allowances=[row])) == [("lines.2.allowances", "wrong_shape")]


@pytest.mark.parametrize(
    "row",
    [
        {"basis": "moon"}, {"amount": "NaN"}, {"basis": "lines", "line_rates": "10"}, {"account": 5200},
        {"basis": "lines", "line_rates": ["x"]}, {"basis": "row_amount", "rate": "2"},
        {"basis": "row_amount", "row": "2", "rate": "2"}, {"basis": "row_total", "row": "0", "rate": "2"},
    ],
)  # fmt: skip
def test_a_charge_builds_on_rows_above_it_only(row: Any) -> None:
    assert told(charges=[{"basis": "actual", "amount": "1"}, row]) == [("charges", "wrong_shape")]


def test_anything_but_a_list_of_objects_is_told() -> None:
    assert told(charges={"amount": "1"}, manual_taxes=[["T", "1"]]) == [
        ("charges", "wrong_shape"), ("manual_taxes", "wrong_shape"),
    ]  # fmt: skip


@pytest.mark.parametrize("row", [{"tax": 5, "amount": "1"}, {"tax": "V19"}, {"tax": "V19", "amount": True}])
def test_a_tax_by_hand_names_tax_and_amount(row: Any) -> None:
    assert told(manual_taxes=[row]) == [("manual_taxes", "wrong_shape")]


def test_dimensions_are_words_by_name_and_shares_percentages() -> None:
    assert told(line(dimensions={"cost_centre": 5}), line(deductible_percent=Decimal(101))) == [
        ("lines.1.dimensions", "wrong_shape"), ("lines.2.deductible_percent", "out_of_range"),
    ]  # fmt: skip


def test_a_currency_exists_and_its_rate_is_above_zero() -> None:
    assert currency_problems("USD", Decimal("0.9")) == []
    assert [problem.code for problem in currency_problems("QQQ", Decimal(0))] == ["unknown_currency", "not_positive"]
