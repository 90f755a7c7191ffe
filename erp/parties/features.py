"""What about parties waits until somebody wants it."""

from erp.kernel.records.features import feature
from erp.kernel.text import _l

TERRITORIES = feature(
    "parties.territories",
    _l("Territories"),
    help=_l("Group customers by region; limit people to the customers of theirs."),
)
