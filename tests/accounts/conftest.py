"""A company to book in, rolled back with the test."""

from typing import Any

import pytest


@pytest.fixture
def ledger(work: Any) -> Any:
    """A company in EUR with a generic chart, a customer and a supplier."""
    from tests.accounts.makers import books

    return books(work)
