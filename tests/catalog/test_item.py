"""Items: barcodes and prices that cannot be."""

from decimal import Decimal

import pytest

from erp.catalog.item import Item, is_gtin, item_problems


@pytest.mark.parametrize("barcode", ["4006381333931", "96385074", "036000291452", "10012345678902"])
def test_a_gtin_with_a_right_check_digit_is_accepted(barcode: str) -> None:
    assert is_gtin(barcode)


@pytest.mark.parametrize("barcode", ["4006381333932", "123", "４００６３８１３３３９３１", "40063813339AB"])
def test_a_wrong_barcode_is_refused(barcode: str) -> None:
    assert not is_gtin(barcode)


def test_all_problems_of_an_item_are_told_at_once() -> None:
    item = Item(code="A", sales_price=Decimal(-1), standard_cost=Decimal(-2), barcode="1")
    assert {problem.field for problem in item_problems(item)} == {"sales_price", "standard_cost", "barcode"}
