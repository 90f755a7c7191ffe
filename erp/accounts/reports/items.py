"""Open items: what is open by document and by party, how old it is, on any day and as known at any moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select, union_all

from erp.accounts.reports.ledgers import CUSTOMER, SUPPLIER, voucher_url
from erp.accounts.reports.source import (
    AS_OF,
    COMPARE,
    KNOWN_ON,
    E,
    Scope,
    compared_scope,
    scope_of,
    tree,
    with_comparison,
)
from erp.accounts.rounding import ZERO
from erp.accounts.settlement.arithmetic import BUCKETS, age_bucket
from erp.accounts.settlement.model import CREDIT_NOTE, OpenItem, OpenItemAllocation
from erp.kernel.change import Work, labels
from erp.kernel.paper.reports import CHOICE, Column, Parameter, Table, report
from erp.kernel.text import _, _l

ITEM, A = OpenItem.__table__.c, OpenItemAllocation.__table__.c
BY = Parameter(
    "by", _l("By"), CHOICE, choices=(("document", _l("Document")), ("instalment", _l("Instalment"))),
)  # fmt: skip
CURRENCY = Parameter("currency", _l("Currency"))
GROUP_BY = Parameter(
    "group_by", _l("Show"), CHOICE, choices=(("party", _l("Parties")), ("document", _l("Documents"))),
)  # fmt: skip


@dataclass(slots=True)
class Standing:
    """An open item as it stood: its row, and what the ledger and the allocations made of it by then."""

    row: Any
    amount: Decimal = ZERO
    company: Decimal = ZERO
    allocated: Decimal = ZERO
    allocated_company: Decimal = ZERO
    credited: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        """Return what is open in the item's currency."""
        return self.amount - self.allocated

    @property
    def outstanding_company(self) -> Decimal:
        """Return what is open in company currency."""
        return self.company - self.allocated_company


def standings(
    work: Work, scope: Scope, *, party: tuple[str, int] | None = None, whole: bool = False
) -> list[Standing]:  # fmt: skip
    """Return the items that were open on the day, oldest first; with ``whole`` also the settled ones beside them.

    Now, the open items themselves answer; another day is worked out from ledger and allocations alone.
    """
    condition = ITEM.company_id == scope.company
    if party is not None:
        condition &= (ITEM.party_kind == party[0]) & (ITEM.party_id == party[1])
    now = scope.end is None and scope.seq is None
    found = _by_now(work, condition) if now else _by_then(work, scope, condition)
    open_now = [one for one in found if one.outstanding or one.outstanding_company]
    if whole:
        vouchers = {(one.row.voucher_kind, one.row.voucher_id) for one in open_now}
        open_now = [one for one in found if (one.row.voucher_kind, one.row.voucher_id) in vouchers]
    return sorted(open_now, key=lambda one: (one.row.due_on or date.min, one.row.voucher_id, one.row.instalment))


def _by_now(work: Work, condition: Any) -> list[Standing]:
    """Return the items of vouchers of which anything is open, as their own table has them."""
    some = OpenItem.__table__.alias("some")
    is_part = exists().where(
        some.c.voucher_kind == ITEM.voucher_kind, some.c.voucher_id == ITEM.voucher_id, some.c.is_open
    )
    return [
        Standing(
            row, amount=row.amount, company=row.amount_company, allocated=row.amount - row.outstanding,
            allocated_company=row.amount_company - row.outstanding_company, credited=row.credited,
        )
        for row in work.session.execute(select(OpenItem.__table__).where(condition, is_part))
    ]  # fmt: skip


def _by_then(work: Work, scope: Scope, condition: Any) -> list[Standing]:
    rows = work.session.execute(select(OpenItem.__table__).where(condition))
    found = {row.key: Standing(row) for row in rows}
    booked = (
        select(E.open_item, func.sum(E.amount_transaction), func.sum(E.amount))
        .where(scope.condition(), E.open_item.is_not(None))
        .group_by(E.open_item)
    )
    for key, amount, company in work.session.execute(booked):
        if key in found:
            found[key].amount, found[key].company = amount, company
    for key, amount, company, credited in work.session.execute(_allocated(scope)):
        if key in found:
            one = found[key]
            one.allocated, one.allocated_company = one.allocated + amount, one.allocated_company + company
            one.credited += credited or ZERO
    return list(found.values())


def _allocated(scope: Scope) -> Any:
    """Return what allocations took from both of their items by the day, by key."""
    known = A.company_id == scope.company
    if scope.end is not None:
        known &= A.effective_on <= scope.end
    if scope.seq is not None:
        posted = select(func.max(E.posted_at)).where(E.company_id == scope.company, E.seq <= scope.seq)
        known &= A.posted_at <= posted.scalar_subquery()
    other = OpenItem.__table__.alias("other")
    credit = func.sum(func.if_(other.c.nature == CREDIT_NOTE, A.amount, 0))
    items = (
        select(A.item, func.sum(A.amount), func.sum(A.amount_company), credit)
        .join(other, other.c.key == A.against)
        .where(known)
        .group_by(A.item)
    )
    against = (
        select(A.against, -func.sum(A.amount), func.sum(A.against_company), func.sum(0))
        .where(known)
        .group_by(A.against)
    )
    return union_all(items, against)


@report("open-items", _l("Open items"), parameters=[AS_OF, BY, CUSTOMER, SUPPLIER, CURRENCY, KNOWN_ON])
def open_items(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show every document, or every instalment, that is not settled."""
    scope = scope_of(work, asked)
    by_instalment = asked.get("by") == "instalment"
    currency = asked.get("currency")
    found = standings(work, scope, party=_party(asked), whole=not by_instalment)
    found = [one for one in found if currency in (None, one.row.currency)]
    names = party_names(work, found)
    rows = [_item_row([one], names) for one in found]
    if not by_instalment:
        by_document: dict[tuple[str, int], list[Standing]] = {}
        for one in found:
            by_document.setdefault((one.row.voucher_kind, one.row.voucher_id), []).append(one)
        rows = [_item_row(group, names) for group in by_document.values()]
    money = ("invoiced", _("Invoiced")), ("paid", _("Paid")), ("credited", _("Credited"))
    columns = [
        Column("document", _("Document"), "link"), Column("party", _("Party")), Column("due", _("Due"), "date"),
        Column("currency", _("Currency")), *(Column(key, label, "money") for key, label in money),
        Column("outstanding", _("Outstanding"), "money"),
    ]  # fmt: skip
    return _answer(columns, rows, {}, scope)


def _answer(columns: list[Column], rows: list[dict[str, Any]], totals: dict[str, Any], scope: Scope) -> Table:
    return Table(
        columns, rows, totals, as_of=scope.end, known_on=scope.known_on, currency=scope.books.currency,
        facts={"known_seq": scope.seq},
    )  # fmt: skip


def _party(asked: Mapping[str, Any]) -> tuple[str, int] | None:
    for kind in ("customer", "supplier"):
        if asked.get(kind):
            return kind, asked[kind]
    return None


def party_names(work: Work, found: Iterable[Standing]) -> dict[tuple[str, int], str]:
    """Return the names of the parties of open items."""
    names: dict[tuple[str, int], str] = {}
    wanted = {(one.row.party_kind, one.row.party_id) for one in found}
    for kind in sorted({kind for kind, _id in wanted}):
        ids = {one for name, one in wanted if name == kind}
        names |= {(kind, one): label.text for one, label in labels(work.session, kind, ids).items()}
    return names


def _item_row(group: list[Standing], names: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    """Return a row of one document; amounts are positive where the document is owed on its usual side."""
    open_ones = [one for one in group if one.outstanding] or group
    first = open_ones[0].row
    sign = -1 if first.party_kind == "supplier" else 1
    invoiced = sum((one.row.invoiced for one in group), ZERO)
    credited = sum((one.credited for one in group), ZERO)
    paid = sum((one.row.invoiced - one.outstanding - one.credited for one in group), ZERO)
    url = voucher_url(first.voucher_kind, first.voucher_id)
    return {
        "document": first.voucher_number, "voucher_kind": first.voucher_kind, "voucher_id": first.voucher_id,
        "party": names.get((first.party_kind, first.party_id), ""), "due": first.due_on, "currency": first.currency,
        "invoiced": sign * invoiced, "paid": sign * paid, "credited": sign * credited,
        "outstanding": sign * sum((one.outstanding for one in group), ZERO), "instalment": first.instalment,
        "depth": 0, "links": {"document": url} if url else {},
    }  # fmt: skip


@report("party-balances", _l("Balances of parties"), parameters=[AS_OF, KNOWN_ON])
def party_balances(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what stands on the accounts of customers and suppliers, and what of it is due on the day."""
    scope = scope_of(work, asked)
    as_of = scope.end or work.today(scope.company)
    sums: dict[int, list[Decimal]] = {}
    for one in standings(work, scope):
        row = sums.setdefault(one.row.account_id, [ZERO, ZERO])
        row[0] += one.outstanding_company
        if one.row.due_on is None or one.row.due_on <= as_of:
            row[1] += one.outstanding_company
    rows = [
        {
            "account": f"{node.code} {node.name}", "role": node.role, "account_id": node.id,
            "balance": sums[node.id][0], "due": sums[node.id][1], "depth": 0,
        }
        for node in tree(work, scope.company) if node.id in sums
    ]  # fmt: skip
    columns = [
        Column("account", _("Account")), Column("balance", _("Balance"), "money", scope.books.currency),
        Column("due", _("Due"), "money", scope.books.currency),
    ]  # fmt: skip
    return _answer(columns, rows, {}, scope)


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
    found = [
        one
        for one in standings(work, scope, party=(kind, given) if given else None)
        if one.row.party_kind == kind and currency in (None, one.row.currency)
    ]
    names = party_names(work, found)
    by_party: dict[int, list[Standing]] = {}
    for one in found:
        by_party.setdefault(one.row.party_id, []).append(one)
    keys = [f"age_{place}" for place in range(len(BUCKETS) + 1)]
    totals = dict.fromkeys([*keys, "total"], ZERO)
    rows: list[dict[str, Any]] = []
    for party, items in sorted(by_party.items(), key=lambda pair: names.get((kind, pair[0]), "")):
        row = _aged(items, keys, as_of, sign)
        drill = scope.url("open-items", **{kind: party, "as_of": scope.end, "from": None, "to": None})
        rows.append({"party": names.get((kind, party), ""), "party_id": party, "depth": 0, "drill": drill, **row})
        totals = {key: totals[key] + row[key] for key in totals}
        if asked.get("group_by") == "document":
            rows += [_aged_document(one, keys, as_of, sign) for one in items]
    columns = [Column("party", _("Customer") if kind == "customer" else _("Supplier"))]
    if asked.get("group_by") == "document":
        columns.append(Column("due", _("Due"), "date"))
    words = (_("Not due"), _("1-30 days"), _("31-60 days"), _("61-90 days"), _("Over 90 days"), _("Total"))
    columns += [Column(k, w, "money", scope.books.currency) for k, w in zip([*keys, "total"], words, strict=True)]
    table = _answer(columns, rows, totals, scope)
    table.as_of = as_of
    return table


def _aged(items: Iterable[Standing], keys: list[str], as_of: date, sign: int) -> dict[str, Decimal]:
    row = dict.fromkeys([*keys, "total"], ZERO)
    for one in items:
        amount = sign * one.outstanding_company
        row[keys[age_bucket(one.row.due_on, as_of)]] += amount
        row["total"] += amount
    return row


def _aged_document(one: Standing, keys: list[str], as_of: date, sign: int) -> dict[str, Any]:
    url = voucher_url(one.row.voucher_kind, one.row.voucher_id)
    return {
        "party": one.row.voucher_number, "due": one.row.due_on, "depth": 1, "url": url, "drill": url,
        **_aged([one], keys, as_of, sign),
    }  # fmt: skip


@report(
    "receivables-ageing", _l("Receivables by age"), parameters=[AS_OF, CUSTOMER, CURRENCY, GROUP_BY, KNOWN_ON, COMPARE]
)
def receivables_ageing(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what customers owe by how long it is overdue."""
    return ageing(work, asked, "customer")


@report("payables-ageing", _l("Payables by age"), parameters=[AS_OF, SUPPLIER, CURRENCY, GROUP_BY, KNOWN_ON, COMPARE])
def payables_ageing(work: Work, asked: Mapping[str, Any]) -> Table:
    """Show what suppliers are owed by how long it is overdue."""
    return ageing(work, asked, "supplier")
