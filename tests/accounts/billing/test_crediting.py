"""What is taken over from one document to another: parts, shares, opposite signs."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from erp.accounts.billing.crediting import Part, parts_of, read_head
from erp.kernel.errors import Problems


def line(number: int, quantity: str, amount: str = "10") -> Any:
    return SimpleNamespace(id=number, quantity=Decimal(quantity), amount=Decimal(amount))


LINES = [line(1, "3", "30"), line(2, "2", "70")]


def test_without_a_wish_everything_that_is_left_is_taken() -> None:
    assert parts_of(LINES, {1: Decimal(1), 2: Decimal(0)}, None, "order_line") == [Part(LINES[0], Decimal(1))]


def test_a_wish_names_lines_and_quantities() -> None:
    assert parts_of(LINES, {1: Decimal(3), 2: Decimal(2)}, [{"order_line": 2, "quantity": "1.5"}], "order_line") == [
        Part(LINES[1], Decimal("1.5"))
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"order_line": 9}, "not_found"),
        ({"order_line": 1, "quantity": "4"}, "more_than_left"),
        ({"order_line": 1, "quantity": "-1"}, "more_than_left"),
        ({"order_line": 1, "quantity": "0"}, "not_a_number"),
        ({"order_line": 1, "quantity": "abc"}, "not_a_number"),
        ({"order_line": 1, "quantity": "NaN"}, "not_a_number"),
    ],
)
def test_a_wrong_wish_is_told(row: dict[str, Any], code: str) -> None:
    with pytest.raises(Problems) as refused:
        parts_of(LINES, {1: Decimal(3), 2: Decimal(2)}, [row], "order_line")
    assert [problem.code for problem in refused.value.problems] == [code]


def test_only_dates_are_said_of_a_document_that_is_made() -> None:
    assert read_head({"date": "2026-06-18", "reason": ""}) == {"posting_date": "2026-06-18"}
    with pytest.raises(Problems):
        read_head({"currency": "EUR"})


def test_lines_are_named_by_id_or_as_objects_and_come_as_a_list() -> None:
    left = {1: Decimal(3), 2: Decimal(2)}
    named = parts_of(LINES, left, [{"order_line": {"id": 2}}, {"id": "1", "quantity": 1}], "order_line")
    assert [(part.line.id, part.quantity) for part in named] == [(2, 2), (1, 1)]
    for wrong in ("all", [7]):
        with pytest.raises(Problems) as refused:
            parts_of(LINES, left, wrong, "order_line")
        assert [problem.code for problem in refused.value.problems] == ["not_a_list"]
