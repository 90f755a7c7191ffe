"""The columns of a list: those that a kind shows unasked, or those that the URL names."""

from collections.abc import Iterable

from erp.kernel.change.work import Work
from erp.kernel.errors import BadRequest
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.text import _
from erp.kernel.web.chrome import company_currency
from erp.kernel.web.listing import Query

MOST = 12
UNSUITED = {"json", "rows", "longtext"}


def columns_of(description: Description, asked: str) -> list[FieldInfo]:
    """Return the columns named in the URL after the first, which names the record; without names the usual ones."""
    usual = description.columns
    if not asked:
        return usual
    names = dict.fromkeys(name for name in asked.split(",") if name)
    named = [info for name in names if (info := _column(description, name)) not in usual[:1]]
    return [*usual[:1], *named][:MOST]


def _column(description: Description, name: str) -> FieldInfo:
    info = description.get(name)
    if info is None or info.type in UNSUITED:
        raise BadRequest(_("Unknown field: %(name)s.", name=name))
    return info


def choices_of(description: Description, shown: Iterable[FieldInfo]) -> list[tuple[FieldInfo, bool]]:
    """Return what the reader may choose beside the first column: what is shown, then the rest of the form's fields."""
    chosen = list(shown)[1:]
    usual = description.columns
    others = [
        info for info in description.fields
        if (info.in_form or info in usual) and info.type not in UNSUITED and info not in [*usual[:1], *chosen]
    ]  # fmt: skip
    return [*((info, True) for info in chosen), *((info, False) for info in others)]


def list_currency(work: Work, query: Query) -> str | None:
    """Return the currency that the heads of a list may name: that of the company one works in, if all rows are its."""
    if any(one.info.name == "company" for one in query.filters):
        return None
    return company_currency(work)
