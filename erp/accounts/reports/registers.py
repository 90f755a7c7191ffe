"""Sales and purchase registers: every document that was billed in a period, in company currency."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, func, select

from erp.accounts.account.queries import chart_of
from erp.accounts.billing.model import BillableDocument, SettledDocument
from erp.accounts.reports.ledgers import CUSTOMER, SUPPLIER, voucher_url
from erp.accounts.reports.source import COMPARE, FROM, KNOWN_ON, TO, E, Scope, compared_scope, scope_of, with_comparison
from erp.accounts.rounding import ZERO
from erp.kernel.change import Work, labels
from erp.kernel.paper.reports import CHOICE, Column, Parameter, Table, report
from erp.kernel.records import all_kinds
from erp.kernel.text import _, _l


def billed_kinds(side: str) -> list[str]:
    """Return the kinds of document that bill on a side."""
    return [
        kind.__kind__
        for kind in all_kinds()
        if issubclass(kind, BillableDocument) and issubclass(kind, SettledDocument) and kind.__side__ == side
    ]


GROUP_BY = Parameter(
    "group_by", _l("Show"), CHOICE, choices=(("party", _l("Parties")), ("month", _l("Months"))),
)  # fmt: skip


def register(work: Work, asked: Mapping[str, Any], side: str) -> Table:
    """Return the documents of a period, or their sums; compared with the sums of an earlier one."""
    scope = scope_of(work, asked)
    table, other = _billed(work, scope, asked, side), compared_scope(scope, asked.get("compare"))
    if other is None:
        return table
    before = _billed(work, other, asked, side)
    if asked.get("group_by") == "party":
        return with_comparison(table, before, "group", "total")
    table.facts["compared"] = before.totals
    return table


def _billed(work: Work, scope: Scope, asked: Mapping[str, Any], side: str) -> Table:
    """Return one row a document: net, tax and total as booked; cancelled ones come to zero and are left out."""
    party_kind, sign = ("customer", 1) if side == "sale" else ("supplier", -1)
    found = work.session.execute(_query(work, scope, side, asked.get(party_kind))).all()
    names = labels(work.session, party_kind, {row.party for row in found})
    rows, totals = [], {"net": ZERO, "tax": ZERO, "total": ZERO}
    for row in found:
        figures = {
            "net": sign * (row.total + row.tax + row.rounding),
            "tax": -sign * row.tax,
            "total": sign * row.total,
        }
        url = voucher_url(row.voucher_kind, row.voucher_id)
        rows.append(
            {
                "date": row.day, "document": row.voucher_number, "voucher_kind": row.voucher_kind,
                "voucher_id": row.voucher_id, "party": names[row.party].text if row.party in names else "",
                "depth": 0, "links": {"document": url} if url else {}, "drill": url, **figures,
            }
        )  # fmt: skip
        totals = {key: totals[key] + figures[key] for key in totals}
    columns = [
        Column("date", _("Date"), "date"), Column("document", _("Document"), "link"),
        Column("party", _("Customer") if side == "sale" else _("Supplier")),
        *(
            Column(key, label, "money", scope.books.currency)
            for key, label in (("net", _("Net")), ("tax", _("Tax")), ("total", _("Total")))
        ),
    ]  # fmt: skip
    facts = {"known_seq": scope.seq, "documents": len(rows)}
    if asked.get("group_by"):
        columns, rows = _grouped(columns, rows, asked["group_by"])
    return Table(
        columns, rows, totals, as_of=scope.end, known_on=scope.known_on, currency=scope.books.currency, facts=facts
    )


def _grouped(columns: list[Column], rows: list[dict[str, Any]], by: str) -> tuple[list[Column], list[dict[str, Any]]]:
    """Return the documents added up by party or by month."""
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = row["party"] if by == "party" else row["date"].isoformat()[:7]
        group = sums.setdefault(key, {"group": key, "net": ZERO, "tax": ZERO, "total": ZERO, "depth": 0})
        for name in ("net", "tax", "total"):
            group[name] += row[name]
    label = columns[2].label if by == "party" else _("Month")
    return [Column("group", label), *columns[3:]], [sums[key] for key in sorted(sums)]


def _query(work: Work, scope: Scope, side: str, party: int | None) -> Any:
    rounding = chart_of(work, scope.company).by_role.get("rounding", 0)
    total = func.sum(case((E.party_id.is_not(None), E.amount), else_=ZERO))
    query = (
        select(
            E.voucher_kind, E.voucher_id, E.voucher_number, func.min(E.effective_on).label("day"),
            func.max(E.party_id).label("party"), total.label("total"),
            func.sum(case((E.tax_id.is_not(None), E.amount), else_=ZERO)).label("tax"),
            func.sum(case((E.account_id == rounding, E.amount), else_=ZERO)).label("rounding"),
        )
        .where(scope.condition(), scope.in_period(), E.voucher_kind.in_(billed_kinds(side) or [""]))
        .group_by(E.voucher_kind, E.voucher_id, E.voucher_number)
        .having(func.sum(func.abs(E.amount)) != 0, total != 0)
        .order_by(func.min(E.effective_on), E.voucher_number)
    )  # fmt: skip
    return query.having(func.max(E.party_id) == party) if party else query


@report("sales-register", _l("Sales register"), parameters=[FROM, TO, CUSTOMER, GROUP_BY, KNOWN_ON, COMPARE])
def sales_register(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show every sales invoice and credit note of a period."""
    return register(work, asked, "sale")


@report("purchase-register", _l("Purchase register"), parameters=[FROM, TO, SUPPLIER, GROUP_BY, KNOWN_ON, COMPARE])
def purchase_register(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show every supplier invoice and credit note of a period."""
    return register(work, asked, "purchase")
