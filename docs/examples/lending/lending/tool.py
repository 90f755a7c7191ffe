"""A tool that can be lent."""

from sqlalchemy.orm import Mapped

from erp.kernel.records import Master, Price, field
from erp.kernel.rights import grant_defaults


class Tool(Master):
    """A tool on the shelf, with what it costs to borrow it for a day."""

    __label__ = "Tool"
    __plural_label__ = "Tools"
    __icon__ = "wrench"

    daily_fee: Mapped[Price] = field("Fee a day", in_list=True, in_filter=True)


grant_defaults("sales", Tool, "read create update archive delete import export print comment attach")
