"""A company that sells, rolled back with the test."""

from typing import Any

import pytest


@pytest.fixture
def shop(work: Any) -> Any:
    """A company in EUR with a chart, a tax of 19 %, a limit of 1000, two items, a customer with an address."""
    from tests.selling.shop import open_shop

    return open_shop(work)


@pytest.fixture
def ask(app: Any, shop: Any) -> Any:
    """Ask the product as a program with an administrator's token; whatever may be kept is kept already."""
    from tests.selling.asking import asking

    return asking(app, shop)
