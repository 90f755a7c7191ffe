"""The views that a kind offers above its list, each with the exact number of records in it."""

from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import and_, case, func, select

from erp.kernel.change.find import visible
from erp.kernel.change.work import Work
from erp.kernel.records.record import Record
from erp.kernel.text import _
from erp.kernel.web.filters import Conditions
from erp.kernel.web.listing import Listing, read_query


def saved_views(kind: type[Record], query: Any) -> list[dict[str, Any]]:
    """Return the views: all, and the statuses worth a look. Their counts come with a fragment of their own."""
    offered = getattr(kind, "__views__", ())
    if not offered:
        return []
    base = f"/{kind.__collection__}"
    here = query.url(sort=None)
    views = [{"label": _("All"), "url": base, "current": here == base, "count": None}]
    for label, args in offered:
        url = f"{base}?{args}"
        views.append({"label": label, "url": url, "current": here == url, "count": None})
    return views


def counts_of(work: Work, kind: type[Record], listing: Listing) -> list[int]:
    """Return how many records each view holds for this reader, "all" first: one query however many views."""
    description = listing.query.description
    read = Conditions(work, listing.reader)
    columns: list[Any] = [func.count()]
    for _label, args in getattr(kind, "__views__", ()):
        filters = read_query(description, dict(parse_qsl(args)), listing.reader).filters
        held = and_(*(read.sql(one, listing.column(one.info)) for one in filters))
        columns.append(func.coalesce(func.sum(case((held, 1), else_=0)), 0))
    query = select(*columns).select_from(kind).where(visible(work.actor, kind), *listing.narrowed)
    return [int(count) for count in work.session.execute(query).one()]
