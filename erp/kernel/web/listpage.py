"""One page of a list: read in one query, shown as rows of HTML, and written anew only where something changed."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup

from erp.kernel.change.derived import derived
from erp.kernel.change.work import Work
from erp.kernel.format import Format
from erp.kernel.records.description import FieldInfo
from erp.kernel.text import language
from erp.kernel.web.columns import list_currency
from erp.kernel.web.listing import Listing
from erp.kernel.web.pages import templates_for
from erp.kernel.web.present import Labels, Row, cell, draft_title, gather

BETWEEN = Markup("<!--row-->")
MOST_ROWS = 2_000
MOST_CHANGES = 100
"""Rows that a list asks for at once; where more changed, it is fetched anew."""
_lock = Lock()
_rows: OrderedDict[Any, str] = OrderedDict()
"""Rows as HTML by everything that they are made of: a value that is the same is written the same."""


@dataclass(frozen=True, slots=True)
class _About:
    currency: str | None
    own: str | None


@dataclass(frozen=True)
class Page:
    """What was read for one page: rows of values, the labels of what they link to, and the cursor of the next page.

    A row is the values of ``names``, the status if the kind has one, then those of ``columns``.
    """

    listing: Listing
    names: tuple[str, ...]
    columns: list[FieldInfo]
    has_status: bool
    raw: list[tuple[Any, ...]]
    found: Labels
    cursor: str | None

    @property
    def start(self) -> int:
        """Return where the values of the columns begin."""
        return len(self.names) + self.has_status

    def row(self, raw: tuple[Any, ...], fmt: Format, own: str | None) -> Row:
        """Return a row with its cells; an amount in another currency than ``own`` says in which."""
        facts = dict(zip(self.names, raw, strict=False))
        about = _About(facts.get("currency"), own)
        cells = {
            info.name: cell(info, raw[self.start + n], about, fmt, self.found) for n, info in enumerate(self.columns)
        }
        title = str(facts.get("number") or facts.get("code") or draft_title(facts["id"]))
        state = str(facts.get("state", ""))
        status = str(raw[len(self.names)]) if self.has_status else state
        url = f"/{self.listing.record.__collection__}/{facts['id']}"
        return Row(facts["id"], url, title, facts["version"], state, status, cells)

    def labels_of(self, raw: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the labels that a row shows."""
        links = ((info.link, raw[self.start + n]) for n, info in enumerate(self.columns) if info.link)
        return tuple(self.found.get(kind, {}).get(record) for kind, record in links)


def read_page(work: Work, listing: Listing, columns: list[FieldInfo]) -> Page:
    """Read one page: the rows in one query, the labels of what they link to in one for each kind."""
    record, table = listing.record, listing.record
    extras = (name for name in ("state", "currency", "number", "code") if name in record.__mapper__.column_attrs)
    names = ("id", "version", *extras)
    wanted: list[Any] = [getattr(table, name) for name in names]
    has_status = hasattr(table, "status")
    if has_status:
        wanted.append(listing.column(FieldInfo("status", "status", "", "choice", column=getattr(table, "status"))))  # noqa: B009
    listing.joins = {info.aspect: None for info in columns if info.aspect}
    wanted += [listing.column(info) for info in columns]
    raw, cursor = listing.page([column.label(f"c{n}") for n, column in enumerate(wanted)])
    start, width = len(names) + has_status, len(wanted)
    found = gather(work, ((info.link, row[start + n]) for row in raw for n, info in enumerate(columns) if info.link))
    return Page(listing, names, columns, has_status, [tuple(row[:width]) for row in raw], found, cursor)


def list_rows(
    work: Work, listing: Listing, columns: list[FieldInfo], fmt: Format, own: str | None = None
) -> tuple[list[Row], str | None]:
    """Return one page of rows with their cells, and the cursor of the next page."""
    page = read_page(work, listing, columns)
    return [page.row(raw, fmt, own) for raw in page.raw], page.cursor


def some_rows(
    work: Work, listing: Listing, columns: list[FieldInfo], fmt: Format, ids: list[int], *, matching: bool
) -> list[Row]:
    """Return the rows of these records: only those that the list holds, or all that its reader may see."""
    query, own = listing.query, list_currency(work, listing.query)
    kept = (query.filters, query.q) if matching else ((), "")
    narrowed = [*(listing.narrowed if matching else ()), listing.record.id.in_(ids)]
    few = replace(query, filters=kept[0], q=kept[1], after=None, limit=max(1, len(ids)))
    return list_rows(work, replace(listing, query=few, narrowed=narrowed, joins={}), columns, fmt, own)[0]


def changed_rows(work: Work, listing: Listing, columns: list[FieldInfo], fmt: Format, ids: list[int]) -> str:
    """Return the rows of these records as HTML: those that the list holds, then those that it holds no more.

    However many people show the list, it is written once for all with the same rights; its order does not matter.
    """
    query = listing.query
    kept = tuple(pair for pair in query.args if pair[0] not in {"sort", "limit", "after", "ids", "columns"})
    few = replace(listing, query=replace(query, args=kept, sort=query.sort[:0], limit=MOST_CHANGES, after=None))
    names = tuple(info.name for info in columns)

    def write() -> str:
        within = some_rows(work, few, columns, fmt, ids, matching=True)
        missing = sorted(set(ids) - {row.id for row in within})
        beyond = some_rows(work, few, columns, fmt, missing, matching=False) if missing else []
        d = query.description
        templates = templates_for(listing.record, "_changes")
        return render_template(templates, d=d, within=within, beyond=beyond, columns=columns)

    key = ("changes", tuple(sorted(ids)), names, fmt, list_currency(work, query), language(), *few.key())
    return derived(work, listing.kinds(), key, write)


@dataclass(frozen=True, slots=True)
class ShownRows:
    """One page of a list as HTML: the rows (empty: there are none), and where the next page is."""

    html: Markup
    next_url: str | None


def shown_rows(
    work: Work, listing: Listing, columns: list[FieldInfo], fmt: Format, own: str | None = None
) -> ShownRows:
    """Return one page of rows as their reader sees them, written anew only after a record that they show changed."""
    about = (fmt, own, tuple(info.name for info in columns), language(), listing.query.description.stamp)

    def write() -> ShownRows:
        page = read_page(work, listing, columns)
        next_url = listing.query.url(after=page.cursor) if page.cursor else None
        html = _written(page, fmt, own, about) + _template(page, fmt, [], next_url=next_url) if page.raw else ""
        return ShownRows(Markup(html), next_url)  # noqa: S704 - a template wrote it, and it escapes

    return derived(work, listing.kinds(), ("rows", *listing.key(), *about), write)


def _written(page: Page, fmt: Format, own: str | None, about: tuple[Any, ...]) -> str:
    """Return the rows as HTML; those whose values were written before are not written again."""
    kind = page.listing.record.__kind__
    keys = [(kind, about, raw, page.labels_of(raw)) for raw in page.raw]
    try:
        known = _remembered(keys)
    except TypeError:  # a value that is a list or an object: such rows are written each time
        return _template(page, fmt, [page.row(raw, fmt, own) for raw in page.raw])
    missing = [n for n, key in enumerate(keys) if key not in known]
    if missing:
        text = _template(page, fmt, [page.row(page.raw[n], fmt, own) for n in missing], between=BETWEEN)
        parts = text.split(BETWEEN)
        if len(parts) != len(missing) + 1:
            return _template(page, fmt, [page.row(raw, fmt, own) for raw in page.raw])
        fresh = {keys[n]: part for n, part in zip(missing, parts, strict=False)}
        _remember(fresh)
        known |= fresh
    return "".join(known[key] for key in keys)


def _template(page: Page, fmt: Format, rows: list[Row], **more: Any) -> str:
    template = current_app.jinja_env.get_or_select_template(templates_for(page.listing.record, "_rows"))
    about = {"d": page.listing.query.description, "format": fmt, "language": language()}
    return template.render(rows=rows, columns=page.columns, **about, **more)


def _remembered(keys: Iterable[Any]) -> dict[Any, str]:
    with _lock:
        return {key: _rows[key] for key in keys if key in _rows}


def _remember(fresh: dict[Any, str]) -> None:
    with _lock:
        _rows.update(fresh)
        while len(_rows) > MOST_ROWS:
            _rows.popitem(last=False)
