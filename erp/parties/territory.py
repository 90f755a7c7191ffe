"""A part of the market: users may be limited to the customers of theirs."""

from sqlalchemy.orm import Mapped

from erp.kernel.records import Master, link
from erp.kernel.text import _l
from erp.parties.features import TERRITORIES


class Territory(Master):
    """A region or a line of business that customers belong to."""

    __label__ = _l("Territory")
    __plural_label__ = _l("Territories")
    __icon__ = "map"
    __feature__ = TERRITORIES.key

    parent_id: Mapped[int | None] = link("territory", _l("Part of"), in_list=True)
