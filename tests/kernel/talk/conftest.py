"""The people of the flows' office talk about its orders; a company to write about."""

from tests.kernel.flows.conftest import office
from tests.kernel.paper.conftest import company

__all__ = ["company", "office"]
