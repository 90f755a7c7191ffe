"""Sales and purchase registers: every document that was billed in a period, in company currency."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, case, func, select

from erp.accounts.account.queries import chart_of
from erp.accounts.billing.model import BillableDocument, SettledDocument
from erp.accounts.reports.entries import CUSTOMER, PORTION, SUPPLIER, voucher_url
from erp.accounts.reports.items import CURRENCY
from erp.accounts.reports.source import (
    COMPARE,
    FROM,
    KNOWN_ON,
    PERIOD,
    TO,
    E,
    Scope,
    answer,
    compared_scope,
    scope_of,
    with_comparison,
)
from erp.accounts.rounding import ZERO
from erp.company.fiscal_year import month_end, months_from
from erp.kernel.change import Work, labels
from erp.kernel.paper.reports import CHOICE, LIMIT, Column, Parameter, Table, report
from erp.kernel.records import all_kinds
from erp.kernel.text import _, _l

FIGURES = ("net", "tax", "rounding", "total")
SIDES = {"sale": ("customer", 1, "sales-register"), "purchase": ("supplier", -1, "purchase-register")}
GROUP_BY = Parameter(
    "group_by", _l("Show"), CHOICE, choices=(("party", _l("Parties")), ("month", _l("Months"))),
)  # fmt: skip


def billed_kinds(side: str) -> list[str]:
    """Return the kinds of document that bill on a side."""
    return [
        kind.__kind__
        for kind in all_kinds()
        if issubclass(kind, BillableDocument) and issubclass(kind, SettledDocument) and kind.__side__ == side
    ]


def register(work: Work, asked: Mapping[str, Any], side: str) -> Table:
    """Return the documents of a period, or their sums by party or month; compared with those of another period."""
    scope = scope_of(work, asked)
    other = compared_scope(scope, asked.get("compare"))
    if not asked.get("group_by"):
        table = _documents(work, scope, asked, side)
        if other is not None:
            before = _totals(work, _billed(work, other, asked, side))
            table.facts["compared"] = before
            table.note = _(
                "In the period compared: net %(net)s, total %(total)s.", **{k: str(before[k]) for k in before}
            )
        return table
    before_rows = _grouped(work, other, asked, side) if other else None
    if before_rows is not None and asked["group_by"] == "month" and other is not None:
        _move_months(before_rows, scope, other)
    return with_comparison(_grouped(work, scope, asked, side), before_rows, "key", "total")


def _billed(work: Work, scope: Scope, asked: Mapping[str, Any], side: str) -> Subquery:
    """Return net, tax, rounding and total of each document as booked; what was taken back comes to zero, and is out.

    Exchange differences are no part of what was billed.
    """
    party_kind, sign, _name = SIDES[side]
    by_role = chart_of(work, scope.company).by_role
    rounding, exchange = by_role.get("rounding", 0), by_role.get("fx_gain_loss", 0)
    party, tax = E.party_id.is_not(None), E.tax_id.is_not(None)
    kind_of_entry = case(
        (party, "party"), (tax, "tax"), (E.account_id == rounding, "rounding"), (E.account_id == exchange, "exchange"),
        else_="net",
    )  # fmt: skip
    sums = [_sum(kind_of_entry == name, -sign).label(name) for name in ("net", "tax", "rounding")]
    query = (
        select(
            E.voucher_kind, E.voucher_id, E.voucher_number, func.min(E.effective_on).label("day"),
            func.max(case((party, E.party_id))).label("party"), *sums,
        )
        .where(scope.condition(), scope.in_period(), E.voucher_kind.in_(billed_kinds(side) or [""]))
        .group_by(E.voucher_kind, E.voucher_id, E.voucher_number)
        .having(func.abs(sums[0]) + func.abs(sums[1]) + func.abs(sums[2]) != 0)
    )  # fmt: skip
    if asked.get(party_kind):
        query = query.having(func.max(case((party, E.party_id))) == asked[party_kind])
    if asked.get("currency"):
        query = query.having(func.max(case((party, E.currency))) == asked["currency"])
    return query.subquery("billed")


def _sum(condition: Any, sign: int) -> Any:
    return func.sum(case((condition, sign * E.amount), else_=ZERO))


def _totals(work: Work, billed: Subquery) -> dict[str, Any]:
    c = billed.c
    row = work.session.execute(select(func.sum(c.net), func.sum(c.tax), func.sum(c.rounding))).one()
    net, tax, rounding = (one or ZERO for one in row)
    return {"net": net, "tax": tax, "rounding": rounding, "total": net + tax + rounding}


def _documents(work: Work, scope: Scope, asked: Mapping[str, Any], side: str) -> Table:
    """Return one row a document; sums are of all of them, however many rows are wanted."""
    billed, limit = _billed(work, scope, asked, side), asked.get(LIMIT)
    totals, count = _totals(work, billed), work.session.scalar(select(func.count()).select_from(billed)) or 0
    query = select(billed).order_by(billed.c.day, billed.c.voucher_number)
    rows = _rows(work, query if limit is None else query.limit(limit), side)
    party = Column("party", _("Customer") if side == "sale" else _("Supplier"))
    columns = [Column("date", _("Date"), "date"), Column("document", _("Document"), "link"), party]
    table = answer([*columns, *_money(scope, totals)], rows if limit is None else list(rows), totals, scope)
    table.left = 0 if limit is None else max(0, count - int(limit))
    table.facts["documents"] = count
    return table


def _money(scope: Scope, totals: Mapping[str, Any]) -> list[Column]:
    """Return the columns of figures; rounding only where there is any."""
    words = {"net": _("Net"), "tax": _("Tax"), "rounding": _("Rounding"), "total": _("Total")}
    shown = [name for name in FIGURES if name != "rounding" or totals["rounding"]]
    return [Column(name, words[name], "money", scope.books.currency) for name in shown]


def _rows(work: Work, query: Select[Any], side: str) -> Iterator[dict[str, Any]]:
    found = work.session.execute(query, execution_options={"yield_per": PORTION})
    for portion in found.partitions():
        names = labels(work.session, SIDES[side][0], {row.party for row in portion})
        for row in portion:
            url = voucher_url(row.voucher_kind, row.voucher_id)
            yield {
                "date": row.day, "document": row.voucher_number, "voucher_kind": row.voucher_kind,
                "voucher_id": row.voucher_id, "party": names[row.party].text if row.party in names else "",
                "depth": 0, "links": {"document": url} if url else {}, "drill": url, **_figures(row),
            }  # fmt: skip


def _figures(row: Any) -> dict[str, Any]:
    return {"net": row.net, "tax": row.tax, "rounding": row.rounding, "total": row.net + row.tax + row.rounding}


def _grouped(work: Work, scope: Scope, asked: Mapping[str, Any], side: str) -> Table:
    """Return the sums by party or by month; each leads to its documents."""
    by_party, billed = asked["group_by"] == "party", _billed(work, scope, asked, side)
    key = billed.c.party if by_party else func.date_format(billed.c.day, "%Y-%m-01")
    sums = [func.sum(billed.c[name]).label(name) for name in ("net", "tax", "rounding")]
    found = work.session.execute(select(key.label("key"), *sums).group_by(key).order_by(key)).all()
    names = labels(work.session, SIDES[side][0], {row.key for row in found}) if by_party else {}
    rows: list[dict[str, Any]] = []
    for row in found:
        group = (names[row.key].text if row.key in names else "") if by_party else row.key[:7]
        drill = _drill(scope, row.key, side, by_party=by_party)
        rows.append({"group": group, "key": str(row.key), "depth": 0, "drill": drill, **_figures(row)})
    label = (_("Customer") if side == "sale" else _("Supplier")) if by_party else _("Month")
    totals = _totals(work, billed)
    table = answer([Column("group", label), *_money(scope, totals)], _sorted(rows), totals, scope)
    table.facts["documents"] = work.session.scalar(select(func.count()).select_from(billed)) or 0
    return table


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["group"], row["key"]))


def _drill(scope: Scope, key: Any, side: str, *, by_party: bool) -> str:
    party_kind, _sign, name = SIDES[side]
    if by_party:
        return scope.url(name, **{party_kind: f"id:{key}"})
    first = date.fromisoformat(key)
    start, end = max(first, scope.start or first), month_end(first)
    return scope.url(name, **{"from": start, "to": min(end, scope.end or end)})


def _move_months(table: Table, scope: Scope, other: Scope) -> None:
    """Let each month of the earlier period stand beside its counterpart."""
    if scope.start is None or other.start is None:
        return
    count = (scope.start.year - other.start.year) * 12 + scope.start.month - other.start.month
    for row in table.rows:
        moved = months_from(date.fromisoformat(row["key"]), count).isoformat()
        row["key"], row["group"] = moved, moved[:7]


@report(
    "sales-register", _l("Sales register"), start="period=this_month",
    parameters=[FROM, TO, PERIOD, CUSTOMER, CURRENCY, GROUP_BY, KNOWN_ON, COMPARE],
)  # fmt: skip
def sales_register(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show every sales invoice and credit note of a period."""
    return register(work, asked, "sale")


@report(
    "purchase-register", _l("Purchase register"), start="period=this_month",
    parameters=[FROM, TO, PERIOD, SUPPLIER, CURRENCY, GROUP_BY, KNOWN_ON, COMPARE],
)  # fmt: skip
def purchase_register(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show every supplier invoice and credit note of a period."""
    return register(work, asked, "purchase")
