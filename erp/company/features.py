"""What about companies waits until somebody wants it."""

from erp.kernel.records.features import feature
from erp.kernel.text import _l

BRANCHES = feature(
    "company.branches", _l("Branches"), help=_l("Places where a company works, with addresses of their own.")
)
