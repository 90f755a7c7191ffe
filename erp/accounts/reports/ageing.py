"""What is owed, by how long it is overdue: on any day, and as known at any moment."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from erp.accounts.reports.entries import CUSTOMER, SUPPLIER, voucher_url
from erp.accounts.reports.items import CURRENCY, references
from erp.accounts.reports.source import (
    AS_OF,
    COMPARE,
    KNOWN_ON,
    PERIOD,
    Scope,
    answer,
    compared_scope,
    scope_of,
    with_comparison,
)
from erp.accounts.reports.standing import Standing, party_names, standings
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.arithmetic import BUCKETS, age_bucket
from erp.kernel.change import Work
from erp.kernel.paper.reports import CHOICE, Column, Parameter, Table, report
from erp.kernel.text import _, _l

GROUP_BY = Parameter(
    "group_by", _l("Show"), CHOICE, choices=(("party", _l("Parties")), ("document", _l("Documents"))),
)  # fmt: skip


def ageing(work: Work, asked: Mapping[str, Any], kind: str) -> Table:
    """Return what parties of a kind owe, or are owed, by how long it is overdue; in company currency."""
    scope = scope_of(work, asked)
    dated = replace(scope, end=scope.end or work.today(scope.company))
    other = compared_scope(dated, asked.get("compare"))
    before = _aged_parties(work, other, asked, kind) if other else None
    return with_comparison(_aged_parties(work, scope, asked, kind), before, "party_id", "total")


def _aged_parties(work: Work, scope: Scope, asked: Mapping[str, Any], kind: str) -> Table:
    as_of = scope.end or work.today(scope.company)
    sign = 1 if kind == "customer" else -1
    given, currency = asked.get(kind), asked.get("currency")
    found = [one for one in standings(work, scope, kind=kind, party=given) if currency in (None, one.row.currency)]
    names = party_names(work, found)
    by_party: dict[int, list[Standing]] = {}
    for one in found:
        by_party.setdefault(one.row.party_id, []).append(one)
    written = references(work, found) if asked.get("group_by") == "document" else {}
    keys = [f"age_{place}" for place in range(len(BUCKETS) + 1)]
    totals = dict.fromkeys([*keys, "total"], ZERO)
    rows: list[dict[str, Any]] = []
    for party, items in sorted(by_party.items(), key=lambda pair: names.get((kind, pair[0]), "")):
        row = _aged(items, keys, as_of, sign)
        drill = scope.url("open-items", **{kind: f"id:{party}", "as_of": scope.end, "from": None, "to": None})
        rows.append({"party": names.get((kind, party), ""), "party_id": party, "depth": 0, "drill": drill, **row})
        totals = {key: totals[key] + row[key] for key in totals}
        if asked.get("group_by") == "document":
            rows += [_aged_document(one, keys, as_of, sign) | {"reference": written[one.row.key]} for one in items]
    columns = [Column("party", _("Customer") if kind == "customer" else _("Supplier"))]
    if asked.get("group_by") == "document":
        columns += [Column("reference", _("Reference")), Column("due", _("Due"), "date")]
    words = (_("Not due"), _("1-30 days"), _("31-60 days"), _("61-90 days"), _("Over 90 days"), _("Total"))
    columns += [Column(k, w, "money", scope.books.currency) for k, w in zip([*keys, "total"], words, strict=True)]
    table = answer(columns, rows, totals, scope)
    table.as_of = as_of
    return table


def _aged(items: Iterable[Standing], keys: list[str], as_of: date, sign: int) -> dict[str, Decimal]:
    row = dict.fromkeys([*keys, "total"], ZERO)
    for one in items:
        amount = sign * one.outstanding_company
        row[keys[age_bucket(one.row.due_on or one.row.effective_on, as_of)]] += amount
        row["total"] += amount
    return row


def _aged_document(one: Standing, keys: list[str], as_of: date, sign: int) -> dict[str, Any]:
    url = voucher_url(one.row.voucher_kind, one.row.voucher_id)
    return {
        "party": one.row.voucher_number, "due": one.row.due_on, "depth": 1, "url": url, "drill": url,
        **_aged([one], keys, as_of, sign),
    }  # fmt: skip


@report(
    "receivables-ageing",
    _l("Receivables by age"),
    parameters=[AS_OF, PERIOD, CUSTOMER, CURRENCY, GROUP_BY, KNOWN_ON, COMPARE],
)
def receivables_ageing(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what customers owe by how long it is overdue."""
    return ageing(work, asked, "customer")


@report(
    "payables-ageing",
    _l("Payables by age"),
    parameters=[AS_OF, PERIOD, SUPPLIER, CURRENCY, GROUP_BY, KNOWN_ON, COMPARE],
)
def payables_ageing(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what suppliers are owed by how long it is overdue."""
    return ageing(work, asked, "supplier")
