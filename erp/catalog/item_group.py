"""Groups of items, as the business sorts them: a tree."""

from sqlalchemy.orm import Mapped

from erp.kernel.records import LongText, Master, field, link
from erp.kernel.text import _l


class ItemGroup(Master):
    """Items that belong together in lists, reports and price rules."""

    __label__ = _l("Item group")
    __plural_label__ = _l("Item groups")
    __icon__ = "folder-tree"

    parent_id: Mapped[int | None] = link("item_group", _l("Part of"), in_list=True)
    description: Mapped[LongText | None] = field(_l("Description"), translate=True)
