"""A company that sells: rolled back with the test, or with real commits."""

from typing import Any

import pytest
from flask import Flask

from tests.kernel.house import House, open_house


@pytest.fixture
def house(app: Flask, committed: None) -> House:
    """A committed company in EUR with a chart, a tax of 19 %, a limit of 1000, two items and a customer."""
    return open_house(app)


@pytest.fixture
def shop(work: Any) -> Any:
    """The same company, rolled back with the test."""
    from tests.selling.shop import open_shop

    return open_shop(work)
