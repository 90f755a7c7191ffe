"""What people on other sites see: one document, a list or a report as plain tables, without a way to anything else."""

from typing import Any

from erp.kernel.change.described import described
from erp.kernel.change.find import find
from erp.kernel.change.work import Work
from erp.kernel.embeds.model import Embed
from erp.kernel.embeds.targets import DOCUMENT, LIST, Target, names_in
from erp.kernel.format import Format
from erp.kernel.paper.report_paper import NUMBERS, left_out, shown_row, shown_totals
from erp.kernel.paper.reports import report_named, run
from erp.kernel.records.aspects import aspects
from erp.kernel.records.description import Description, FieldInfo
from erp.kernel.records.record import Voucher
from erp.kernel.talk.comments import comments_of
from erp.kernel.web import slots
from erp.kernel.web.columns import list_currency
from erp.kernel.web.formview import FormView
from erp.kernel.web.listing import Listing, read_query
from erp.kernel.web.listpage import list_rows
from erp.kernel.web.present import gather, linked, shown, status_of, value_of

MOST_ROWS = 100
LINE_FIELDS = ("item", "description", "quantity", "unit", "price", "discount_percent", "amount")
"""What the lines of a document show unless fields are named: what stands on its paper, too."""


def context_of(work: Work, embed: Embed, target: Target, fmt: Format) -> dict[str, Any]:
    """Return everything that the template of a target reads; the actor of ``work`` is the maker, narrowed."""
    if target.what == DOCUMENT:
        return _document(work, embed, target, fmt)
    if target.what == LIST:
        return _list(work, embed, target, fmt)
    return _report(work, target, fmt)


def _document(work: Work, embed: Embed, target: Target, fmt: Format) -> dict[str, Any]:
    record: Any = find(work, target.kind, target.id)
    d, names = described(work, target.kind.__kind__, "form"), names_in(embed.fields)
    kept = {cls: aspects(work.session, cls, [record.id]) for cls in {info.aspect for info in d.fields if info.aspect}}
    heads = [info for info in d.fields if _is_shown(info, names) and info.name not in {"number", "status", "state"}]
    grids = {name: (line, _line_fields(name, line, names)) for name, line in d.lines.items()}
    found = gather(work, _links(record, heads, grids, kept))
    currency, view = getattr(record, "currency", None), FormView(work, target.kind, record, fmt)
    fields = [(str(info.label), shown(info, value_of(record, info, kept), fmt, currency, found)) for info in heads]
    tables = []
    for name, (line, infos) in grids.items():
        rows = [
            [shown(info, getattr(row, info.attribute), fmt, currency, found) for info in infos]
            for row in getattr(record, name)
        ]
        if infos and rows:
            tables.append((str(line.label), infos, rows))
    is_whole = not names
    return {
        "title": f"{d.label} {record.title}" if isinstance(record, Voucher) else str(record.title),
        "status": status_of(work, record) if is_whole or "status" in names else "",
        "status_label": view.status_label() if is_whole or "status" in names else "",
        "fields": [(label, text) for label, text in fields if text], "tables": tables,
        "totals": view.totals() if is_whole else [],
        "steps": [(label, title, text, state) for label, title, _url, text, state in slots.flow(work, record)]
        if is_whole else [],
        "comments": _comments(work, embed, record, fmt),
    }  # fmt: skip


def _is_shown(info: FieldInfo, names: tuple[str, ...]) -> bool:
    return info.name in names if names else info.in_list and info.type not in {"json", "rows"}


def _line_fields(name: str, line: Description, names: tuple[str, ...]) -> list[FieldInfo]:
    if names:
        return [info for info in line.fields if f"{name}.{info.name}" in names]
    return [info for wanted in LINE_FIELDS if (info := line.get(wanted)) is not None]


def _links(record: Any, heads: list[FieldInfo], grids: dict[str, Any], kept: dict[Any, Any]) -> Any:
    for info in heads:
        yield linked(info, value_of(record, info, kept))
    for name, (_line, infos) in grids.items():
        for row in getattr(record, name):
            for info in infos:
                yield linked(info, getattr(row, info.attribute))


def _comments(work: Work, embed: Embed, record: Any, fmt: Format) -> list[tuple[str, str, str]]:
    """Return who said what, when: only what was said by way of this embed."""
    if not embed.comments:
        return []
    rows = [row for row in comments_of(work, record) if row.embed_id == embed.id][:20]
    return [(row.created_by_name, row.text, fmt.ago(row.created_at)) for row in reversed(rows)]


def _list(work: Work, embed: Embed, target: Target, fmt: Format) -> dict[str, Any]:
    d, names = described(work, target.kind.__kind__, "list"), names_in(embed.fields)
    given = dict(target.given)
    query = read_query(d, {"limit": str(MOST_ROWS)} | given, None)
    listing = Listing(work, query, None)
    columns = [info for info in d.fields if info.name in names] if names else d.columns
    rows, cursor = list_rows(work, listing, columns, fmt, list_currency(work, query))
    heads = [(str(info.label), info.is_number) for info in columns]
    return {
        "title": str(d.plural), "heads": heads,
        "rows": [[(row.cells[info.name].text, info.is_number) for info in columns] for row in rows],
        "more": cursor is not None,
    }  # fmt: skip


def _report(work: Work, target: Target, fmt: Format) -> dict[str, Any]:
    one, table = report_named(work.actor, target.name), run(work, target.name, dict(target.given), limit=MOST_ROWS)
    rows = [shown_row(row, table.columns, fmt) for row in table.rows]
    totals = shown_totals(table, fmt)
    keys = [(column.key, column.type in NUMBERS) for column in table.columns]
    return {
        "title": str(table.subtitle or one.label), "heads": [(str(c.label), c.type in NUMBERS) for c in table.columns],
        "rows": [[(row.get(key, ""), number) for key, number in keys] for row in rows],
        "totals_row": [(totals.get(key, ""), number) for key, number in keys] if totals else [],
        "more": False, "note": left_out(table, fmt) or table.note,
    }  # fmt: skip
